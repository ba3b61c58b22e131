package config

import "slices"

var (
	capPeriods  = []string{"day", "month", "all"}
	capTypes    = []string{"budget", "conversions", "clicks", "impressions", "revenue", "events"}
	capScopes   = []string{"all", "each", "exact"}
	capStatuses = []string{"confirmed", "pending", "hold", "not_found", "declined"}
)

const (
	// mostCaps bounds what every click and conversion is compared with.
	mostCaps = 50
	// mostGoals and mostAffiliates bound the lists of a cap.
	mostGoals, mostAffiliates = 100, 1000
	// longestHold is in days, longestHiatus a year in seconds.
	longestHold, longestHiatus = 60, 365 * 24 * 3600
)

func (v *validator) conversionRules(r *ConversionRules) {
	v.between("hold_period", r.HoldPeriod, 0, longestHold)
	v.between("conversion_hiatus_period", r.ConversionHiatusPeriod, 0, longestHiatus)
	v.caps(len(r.Caps), func(i int) { v.offerCap(&r.Caps[i]) })
	v.list("caps_status", r.CapsStatus, func(status string) error { return checkOneOf(status, capStatuses) })
	v.timezone("caps_timezone", r.CapsTimezone)
	v.between("notice_percent_overcap", r.NoticePercentOvercap, 0, 100)
}

func (v *validator) between(field string, n, least, most int64) {
	if n < least || n > most {
		v.fail(field, "must be from %d to %d, found %d", least, most, n)
	}
}

// caps checks a list of n caps, one by one.
func (v *validator) caps(n int, check func(i int)) {
	if n > mostCaps {
		v.fail("caps", "must have at most %d entries, found %d", mostCaps, n)
		return
	}
	v.enter("caps")
	defer v.leave()
	for i := range n {
		v.enterIndex(i)
		check(i)
		v.leave()
	}
}

func (v *validator) offerCap(c *OfferCap) {
	v.cap(&c.Cap)
	if v.scope("affiliate", c.AffiliateType, len(c.Affiliates), mostAffiliates) {
		v.numbers("affiliates", KindPublisher, c.Affiliates)
	}
}

func (v *validator) cap(c *Cap) {
	v.required("period", c.Period)
	v.oneOf("period", c.Period, capPeriods)
	v.required("type", c.Type)
	v.oneOf("type", c.Type, capTypes)
	isAmount := c.Type == "budget" || c.Type == "revenue"
	switch {
	case c.Value.Sign() <= 0:
		v.fail("value", "must be more than 0, found %s", c.Value)
	case !isAmount && c.Value.Cmp(c.Value.Round(0)) != 0:
		v.fail("value", "must be a whole number, since it counts %s, found %s", shorten(c.Type), c.Value)
	}
	if v.scope("goal", c.GoalType, len(c.Goals), mostGoals) {
		v.list("goals", c.Goals, nil)
	}
	if hasGoals := c.Type != "clicks" && c.Type != "impressions"; !hasGoals && (len(c.Goals) > 0 || slices.Contains(capScopes[1:], c.GoalType)) {
		v.fail("goals", "must be left out: %s have no goals", c.Type)
	}
}

// scope checks name_type and the length of its list; false when the list
// is too long to be looked at.
func (v *validator) scope(name, scope string, listed, most int) bool {
	v.oneOf(name+"_type", scope, capScopes)
	switch {
	case scope == "exact" && listed == 0:
		v.fail(name+"s", "missing, but %s_type is exact", name)
	case (scope == "" || scope == "all") && listed > 0:
		v.fail(name+"s", "must be empty, since %s_type is all", name)
	case listed > most:
		v.fail(name+"s", "must have at most %d entries, found %d", most, listed)
		return false
	}
	return listed <= most
}
