package filters

import (
	"fmt"
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

const duplicatesExample = `[{"enable_duplicate_ip": true, "enable_duplicate_ipv6": true, "enable_duplicate_uuid": true, "enable_duplicate_fingerprint": true, "enable_duplicate_device_id": true, "max_duplicates": 5, "max_duplicate_ipv6_48": 500, "expires_in_seconds": 86400, "has_offer": true, "has_publisher": true, "has_sub_id": false, "has_user_agent": false}]`

var duplicateReasons = []click.Reason{click.DuplicateIP, click.DuplicateIPv6, click.DuplicateUUID, click.DuplicateFingerprint, click.DuplicateDeviceID}

// maxDuplicateRules bounds the work of a check.
const maxDuplicateRules = 20

// duplicateFilter is DUPLICATE_USER and USER_FREQUENCY: any rule may reject.
type duplicateFilter struct{ rules []duplicateRule }

type duplicateRule struct {
	settings     duplicateSettings
	watched      []click.Reason
	narrow, wide limit
	space        state.Key
}

func newDuplicates(settings config.Raw, env Env) (Filter, config.Problems) {
	var list []duplicateSettings
	m := decode(settings, &list)
	m.rules(len(list), maxDuplicateRules)
	f := new(duplicateFilter)
	for i := range list {
		s := &list[i]
		path := fmt.Sprintf("[%d]", i)
		s.validate(m, path)
		if j := slices.IndexFunc(list[:i], s.repeats); j >= 0 {
			m.add(path, "repeats rule [%d]: it watches the same in the same window with the same key; keep the lower max_duplicates", j)
		}
		f.rules = append(f.rules, newDuplicateRule(*s, env))
	}
	return f, m.problems
}

func newDuplicateRule(s duplicateSettings, env Env) duplicateRule {
	narrow := newLimit(env.State.Counts, s.MaxDuplicates, s.ExpiresInSeconds)
	u := duplicateRule{
		settings: s, watched: s.watched(), narrow: narrow, wide: newWideLimit(narrow, s.MaxDuplicateIPv6Wide),
		space: env.namespace(click.FilterDuplicateUser, s.name()),
	}
	u.settings.MaxDuplicateIPv6Wide = &u.wide.max
	return u
}

// Check implements Filter. It is unknown when the click has none of the
// identifiers that the rules watch.
func (f *duplicateFilter) Check(c *click.Click) Result {
	r := Result{Outcome: Unknown}
	for i := range f.rules {
		f.rules[i].check(c, &r)
	}
	return r
}

// check counts a click under each identifier it has and adds what it finds.
func (u *duplicateRule) check(c *click.Click, r *Result) {
	base := u.settings.add(u.space, c)
	for _, reason := range u.watched {
		k, ok := identify(base.Mark(uint8(reason)), c, reason)
		switch {
		case !ok:
		case u.narrow.exceeded(k, c):
			r.hit(reason, u.narrow.detail)
		case reason == click.DuplicateIPv6 && u.wide.max > 0 && u.wide.exceeded(u.wideKey(base, c), c):
			r.hit(reason, u.wide.detail)
		case r.Outcome == Unknown:
			r.Outcome = Pass
		}
	}
}

func (u *duplicateRule) wideKey(base state.Key, c *click.Click) state.Key {
	return base.Mark(uint8(click.DuplicateIPv6)).Network48(c.IP)
}

// hit adds a reason; the first one gives the detail.
func (r *Result) hit(reason click.Reason, detail string) {
	if r.Outcome != Hit {
		r.Outcome, r.Detail = Hit, detail
	}
	r.Reasons = r.Reasons.With(reason)
}

// identify adds the identifier that a reason stands for to a key; ok is false
// when the click has none.
func identify(k state.Key, c *click.Click, reason click.Reason) (_ state.Key, ok bool) {
	switch reason {
	case click.DuplicateIP:
		return k.Addr(c.IP), c.IP.IsValid() && !isNetwork(c)
	case click.DuplicateIPv6:
		return k.Addr(c.IP), isNetwork(c)
	case click.DuplicateUUID:
		return k.String(c.UUID), c.UUID != ""
	case click.DuplicateFingerprint:
		return k.String(c.Fingerprint), c.Fingerprint != ""
	case click.DuplicateDeviceID:
		return k.String(c.DeviceID), c.DeviceID != ""
	}
	return k, false
}

// Explain implements Explainer.
func (f *duplicateFilter) Explain(c *click.Click, e *Explanation) {
	list := make([]duplicateSettings, len(f.rules))
	for i := range f.rules {
		u := &f.rules[i]
		list[i] = u.settings
		u.settings.explain(c, e)
		base := u.settings.add(u.space, c)
		for _, reason := range u.watched {
			if k, ok := identify(base.Mark(uint8(reason)), c, reason); ok {
				u.narrow.explain(reason.String(), k, c, e)
			}
			if reason == click.DuplicateIPv6 && u.wide.max > 0 && isNetwork(c) {
				u.wide.explain("network_48", u.wideKey(base, c), c, e)
			}
		}
	}
	e.Settings = list
	explainVisitor(c, e)
}

// explainVisitor adds what visitors are told apart by.
func explainVisitor(c *click.Click, e *Explanation) {
	e.Input("ip", c.IP)
	e.Input("uuid", c.UUID)
	e.Input("fingerprint", c.Fingerprint)
	e.Input("device_id", c.DeviceID)
}
