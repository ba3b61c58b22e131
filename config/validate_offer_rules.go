package config

import (
	"fmt"
	"strings"
	"unicode"
)

var (
	strictSystems     = []string{"web", "wp", "ios", "android"}
	strictConnections = []string{"wifi", "cellular", "all"}
)

func (v *validator) offerRules(d *OfferRules) {
	v.references("terms_accepted_publisher_ids", KindPublisher, d.TermsAcceptedPublisherIDs)
	v.references("blocked_publisher_ids", KindPublisher, d.BlockedPublisherIDs)
	v.period(d)
	v.within("schedule", func() { v.schedule(&d.Schedule) })
	v.list("countries", d.Countries, checkCountry)
	if d.StrictlyCountry && len(d.Countries) == 0 {
		v.fail("countries", "missing, but strictly_country is true")
	}
	v.strictOS(d.StrictlyOS)
	v.list("strictly_isp", d.StrictlyISP, checkISP)
	v.oneOf("strictly_connection_type", d.StrictlyConnectionType, strictConnections)
	v.addressList("allowed_ip", d.AllowedIP)
	v.addressList("disallowed_ip", d.DisallowedIP)
	_, err := ParseClickSession(d.ClickSession)
	v.failOn("click_session", err)
	v.subRestrictions(d.SubRestrictions)
	v.subAccounts(&d.SubAccounts)
}

// period checks start_at, stop_at and the time zone that they are in.
func (v *validator) period(d *OfferRules) {
	zone, err := Zone(d.Timezone)
	v.failOn("timezone", err)
	start, hasStart := v.moment("start_at", d.StartAt)
	stop, hasStop := v.moment("stop_at", d.StopAt)
	if err == nil && hasStart && hasStop && !start.Begin(zone).Before(stop.End(zone)) {
		v.fail("stop_at", "must not lie before start_at %s, found %s", d.StartAt, d.StopAt)
	}
}

func (v *validator) moment(field, s string) (m Moment, ok bool) {
	if s == "" {
		return m, false
	}
	m, err := ParseMoment(s)
	v.failOn(field, err)
	return m, err == nil
}

func (v *validator) schedule(s *Schedule) {
	names := [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	for i, hours := range s.Days() {
		v.list(names[i], hours, func(entry string) error {
			_, _, err := ParseHours(entry)
			return err
		})
	}
}

func (v *validator) strictOS(list []StrictOS) {
	v.enter("strictly_os")
	defer v.leave()
	first := map[string]int{}
	for i := range list {
		v.enterIndex(i)
		s := &list[i]
		at, twice := first[s.OS]
		switch {
		case s.OS == "":
			v.fail("os", "missing; allowed are %s", oneOf(strictSystems))
		case twice:
			v.fail("os", "%q is given already as entry %d; keep one", shorten(s.OS), at)
		default:
			first[s.OS] = i
			v.oneOf("os", s.OS, strictSystems)
		}
		if s.OS == "web" && len(s.Versions) > 0 {
			v.fail("versions", "must be empty: web is many systems, whose versions say nothing together")
		}
		v.list("versions", s.Versions, checkStrictVersion)
		v.leave()
	}
}

// checkStrictVersion accepts major and major.minor.
func checkStrictVersion(s string) error {
	major, minor, two := strings.Cut(s, ".")
	number := func(s string) bool { return madeOf(s, 1, 8, isDigit) }
	if !number(major) || two && !number(minor) {
		return fmt.Errorf("must be a version such as 14 or 4.4, found %q", shorten(s))
	}
	return nil
}

// addressList checks an address a line.
func (v *validator) addressList(field, text string) {
	lines := 0
	for n, line := range AddressLines(text) {
		if lines++; lines > mostAddresses {
			v.fail(field, "must have at most %d lines", mostAddresses)
			return
		}
		if _, err := ParseAddresses(line); err != nil {
			v.fail(field, "line %d: %s", n, err)
		}
	}
}

func (v *validator) subRestrictions(pairs []SubPair) {
	v.enter("sub_restrictions")
	defer v.leave()
	first := make(map[SubPair]int, len(pairs))
	for i, pair := range pairs {
		v.enterIndex(i)
		if at, twice := first[pair]; twice {
			v.add(0, "is given already as entry %d; keep one", at)
		} else if first[pair] = i; pair.Sub1 == "" {
			v.fail("sub1", "missing")
		}
		v.leave()
	}
}

func (v *validator) subAccounts(s *SubAccounts) {
	v.list("sub_account_1", SplitSubAccounts(s.SubAccount1), nil)
	v.list("sub_account_2", SplitSubAccounts(s.SubAccount2), nil)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
