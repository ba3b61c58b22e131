package filters

import (
	"fmt"
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// maxDuplicateRules bounds the work of a check.
const maxDuplicateRules = 20

var duplicateUser = Type{
	Code: "DUPLICATE_USER", Name: "duplicate_user",
	Doc:     "Rejects visitors that come more often than allowed within a window, known by address, visitor id, fingerprint or device id.",
	Example: `[{"enable_duplicate_ip": true, "enable_duplicate_ipv6": true, "enable_duplicate_uuid": true, "enable_duplicate_fingerprint": true, "enable_duplicate_device_id": true, "max_duplicates": 5, "expires_in_seconds": 86400, "has_offer": true, "has_publisher": true, "has_sub_id": false, "has_user_agent": false}]`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: []click.Reason{click.DuplicateIP, click.DuplicateIPv6, click.DuplicateUUID, click.DuplicateFingerprint, click.DuplicateDeviceID},
	New:     newDuplicateUser,
}

// duplicateSettings are one rule. Each identifier it watches is counted on its
// own, and any of them may reject.
type duplicateSettings struct {
	EnableDuplicateIP          bool `json:"enable_duplicate_ip"`   // IPv4 addresses
	EnableDuplicateIPv6        bool `json:"enable_duplicate_ipv6"` // IPv6 networks of /64
	EnableDuplicateUUID        bool `json:"enable_duplicate_uuid"`
	EnableDuplicateFingerprint bool `json:"enable_duplicate_fingerprint"`
	EnableDuplicateDeviceID    bool `json:"enable_duplicate_device_id"`
	// MaxDuplicates is how often an identifier may come within the window.
	MaxDuplicates int64 `json:"max_duplicates"`
	// ExpiresInSeconds is the window, which begins with its first click.
	ExpiresInSeconds int64 `json:"expires_in_seconds"`
	keyParts
}

// watched are the identifiers of a rule, named by the reasons they give.
func (s *duplicateSettings) watched() []click.Reason {
	var list []click.Reason
	for _, w := range []struct {
		on     bool
		reason click.Reason
	}{
		{s.EnableDuplicateIP, click.DuplicateIP},
		{s.EnableDuplicateIPv6, click.DuplicateIPv6},
		{s.EnableDuplicateUUID, click.DuplicateUUID},
		{s.EnableDuplicateFingerprint, click.DuplicateFingerprint},
		{s.EnableDuplicateDeviceID, click.DuplicateDeviceID},
	} {
		if w.on {
			list = append(list, w.reason)
		}
	}
	return list
}

func (s *duplicateSettings) validate(m *mistakes, path string) {
	if len(s.watched()) == 0 {
		m.add(path, "watches nothing; switch on one of enable_duplicate_ip, _ipv6, _uuid, _fingerprint, _device_id")
	}
	m.within(path+".max_duplicates", s.MaxDuplicates, 1, maxCount)
	m.within(path+".expires_in_seconds", s.ExpiresInSeconds, 1, maxWindowSeconds)
}

// name is what makes a rule the same one after a reload: its window and its
// key. So a rule keeps its counts when its limit is changed or the order of
// the rules, and two rules with one name would count the same clicks twice.
func (s *duplicateSettings) name() string {
	return fmt.Sprintf("%d %v", s.ExpiresInSeconds, s.keyParts)
}

type duplicateRule struct {
	watched []click.Reason
	parts   keyParts
	limit   limit
	space   state.Key
}

type duplicateFilter struct{ rules []duplicateRule }

func newDuplicateUser(settings config.Raw, env Env) (Filter, config.Problems) {
	var list []duplicateSettings
	m := decode(settings, &list)
	if len(list) < 1 || len(list) > maxDuplicateRules {
		m.add("", "must be a list of 1 to %d rules, not of %d", maxDuplicateRules, len(list))
	}
	f := new(duplicateFilter)
	for i := range list {
		s := &list[i]
		path := fmt.Sprintf("[%d]", i)
		s.validate(m, path)
		if j := repeated(list[:i], s); j >= 0 {
			m.add(path, "repeats rule [%d]: it watches the same in the same window with the same key; keep the lower max_duplicates", j)
		}
		f.rules = append(f.rules, duplicateRule{
			watched: s.watched(),
			parts:   s.keyParts,
			limit:   newLimit(env.State.Counts, s.MaxDuplicates, s.ExpiresInSeconds),
			space:   env.State.Namespace(env.Scope, string(planes[env.Plane]), "DUPLICATE_USER", s.name()),
		})
	}
	return f, m.problems
}

// repeated returns the index of an earlier rule that counts something s counts
// too, or -1.
func repeated(earlier []duplicateSettings, s *duplicateSettings) int {
	return slices.IndexFunc(earlier, func(e duplicateSettings) bool {
		return e.name() == s.name() && slices.ContainsFunc(e.watched(), func(r click.Reason) bool {
			return slices.Contains(s.watched(), r)
		})
	})
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
	base := u.parts.add(u.space, c)
	for _, reason := range u.watched {
		k, ok := identify(base.Mark(uint8(reason)), c, reason)
		if !ok {
			continue
		}
		if u.limit.exceeded(k, c) {
			r.hit(reason, u.limit.detail)
		} else if r.Outcome == Unknown {
			r.Outcome = Pass
		}
	}
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
		return k.Addr(c.IP), c.IP.Is4()
	case click.DuplicateIPv6:
		return k.Addr(c.IP), c.IP.Is6()
	case click.DuplicateUUID:
		return k.String(c.UUID), c.UUID != ""
	case click.DuplicateFingerprint:
		return k.String(c.Fingerprint), c.Fingerprint != ""
	case click.DuplicateDeviceID:
		return k.String(c.DeviceID), c.DeviceID != ""
	}
	return k, false
}
