package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

const floodingExample = `{"max_duplicate_ip": 20, "max_duplicate_ipv6_48": 2000, "expires_in_seconds": 3600, "extra_expires_in_seconds_when_rejected": 600, "properties": {"has_offer": true, "has_publisher": false, "has_sub_id": false, "has_user_agent": true}}`

type floodingSettings struct {
	// MaxDuplicateIP is how many requests of an address a window allows; of
	// IPv6 it is the /64 that counts.
	MaxDuplicateIP int64 `json:"max_duplicate_ip"`
	// MaxDuplicateIPv6Wide is ours: how many requests a window allows all of an
	// IPv6 /48 together, not counting those that the /64 had too many of. Unset
	// is 64 times max_duplicate_ip, and 0 is no limit.
	MaxDuplicateIPv6Wide *int64 `json:"max_duplicate_ipv6_48,omitempty"`
	// ExpiresInSeconds is the window, which begins with its first request.
	ExpiresInSeconds int64 `json:"expires_in_seconds"`
	// ExtraExpiresInSecondsWhenRejected prolongs the window at each rejection,
	// to 90 days from it at most; unset prolongs nothing.
	ExtraExpiresInSecondsWhenRejected *int64 `json:"extra_expires_in_seconds_when_rejected,omitempty"`
	// Properties are what the addresses are counted apart by.
	Properties keyParts `json:"properties"`
}

func (s *floodingSettings) validate(m *mistakes) {
	m.within("max_duplicate_ip", s.MaxDuplicateIP, 1, maxCount)
	m.window("expires_in_seconds", s.ExpiresInSeconds)
	if wide := s.MaxDuplicateIPv6Wide; wide != nil {
		m.within("max_duplicate_ipv6_48", *wide, 0, maxCount)
	}
	if extra := s.ExtraExpiresInSecondsWhenRejected; extra != nil {
		m.window("extra_expires_in_seconds_when_rejected", *extra)
	}
}

// floodingFilter is CLICK_FLOODING and its twin of impressions.
type floodingFilter struct {
	settings     floodingSettings
	narrow, wide limit
	space        state.Key
	extraMS      int64
	reasons      click.ReasonSet
}

func newFlooding(settings config.Raw, env Env, kind click.Filter, reason click.Reason) (Filter, config.Problems) {
	f := &floodingFilter{space: env.namespace(kind, ""), reasons: click.SetOf(reason)}
	s := &f.settings
	m := decode(settings, s)
	s.validate(m)
	f.narrow = newLimit(env.State.Counts, s.MaxDuplicateIP, s.ExpiresInSeconds)
	f.wide = newWideLimit(f.narrow, s.MaxDuplicateIPv6Wide)
	s.MaxDuplicateIPv6Wide = &f.wide.max
	if s.ExtraExpiresInSecondsWhenRejected != nil {
		f.extraMS = *s.ExtraExpiresInSecondsWhenRejected * 1000
	}
	return f, m.problems
}

// Check implements Filter. It is unknown without an address.
func (f *floodingFilter) Check(c *click.Click) Result {
	if !c.IP.IsValid() {
		return Result{Outcome: Unknown}
	}
	if k := f.narrowKey(c); f.narrow.exceeded(k, c) {
		return f.hit(k, c, &f.narrow)
	}
	if !f.hasWide(c) {
		return Result{}
	}
	if k := f.wideKey(c); f.wide.exceeded(k, c) {
		return f.hit(k, c, &f.wide)
	}
	return Result{}
}

// hit keeps the flooder out for longer.
func (f *floodingFilter) hit(k state.Key, c *click.Click, l *limit) Result {
	if f.extraMS > 0 && c.Counts() {
		l.counts.Extend(k, c.TimeMS, f.extraMS)
	}
	return Result{Outcome: Hit, Reasons: f.reasons, Detail: l.detail}
}

func (f *floodingFilter) hasWide(c *click.Click) bool { return f.wide.max > 0 && isNetwork(c) }

func (f *floodingFilter) narrowKey(c *click.Click) state.Key {
	return f.settings.Properties.add(f.space.Addr(c.IP), c)
}

func (f *floodingFilter) wideKey(c *click.Click) state.Key {
	return f.settings.Properties.add(f.space.Network48(c.IP), c)
}

// Explain implements Explainer.
func (f *floodingFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	e.Input("ip", c.IP)
	f.settings.Properties.explain(c, e)
	if !c.IP.IsValid() {
		return
	}
	f.narrow.explain("address", f.narrowKey(c), c, e)
	if f.hasWide(c) {
		f.wide.explain("network_48", f.wideKey(c), c, e)
	}
}
