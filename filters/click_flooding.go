package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

var clickFlooding = Type{
	Code: "CLICK_FLOODING", Name: "click_flooding",
	Doc:     "Rejects an address that clicks more often than allowed within a window, and keeps it out while it goes on.",
	Example: `{"max_duplicate_ip": 20, "expires_in_seconds": 3600, "extra_expires_in_seconds_when_rejected": 600, "properties": {"has_offer": true, "has_publisher": false, "has_sub_id": false, "has_user_agent": true}}`,
	Planes:  []click.Plane{click.PlaneClick},
	Reasons: []click.Reason{click.ClickFlooding},
	New:     newClickFlooding,
}

type floodingSettings struct {
	// MaxDuplicateIP is how many clicks of an address a window allows.
	MaxDuplicateIP int64 `json:"max_duplicate_ip"`
	// ExpiresInSeconds is the window, which begins with its first click.
	ExpiresInSeconds int64 `json:"expires_in_seconds"`
	// ExtraExpiresInSecondsWhenRejected prolongs the window at each rejection,
	// to 90 days from it at most; unset prolongs nothing.
	ExtraExpiresInSecondsWhenRejected *int64 `json:"extra_expires_in_seconds_when_rejected"`
	// Properties are what the addresses are counted apart by.
	Properties keyParts `json:"properties"`
}

func (s *floodingSettings) validate(m *mistakes) {
	m.within("max_duplicate_ip", s.MaxDuplicateIP, 1, maxCount)
	m.within("expires_in_seconds", s.ExpiresInSeconds, 1, maxWindowSeconds)
	if extra := s.ExtraExpiresInSecondsWhenRejected; extra != nil {
		m.within("extra_expires_in_seconds_when_rejected", *extra, 1, maxWindowSeconds)
	}
}

type floodingFilter struct {
	limit   limit
	parts   keyParts
	space   state.Key
	extraMS int64
	hit     Result
}

func newClickFlooding(settings config.Raw, env Env) (Filter, config.Problems) {
	var s floodingSettings
	m := decode(settings, &s)
	s.validate(m)
	f := &floodingFilter{
		limit: newLimit(env.State.Counts, s.MaxDuplicateIP, s.ExpiresInSeconds),
		parts: s.Properties,
		space: env.State.Namespace(env.Scope, string(planes[env.Plane]), "CLICK_FLOODING", ""),
	}
	if s.ExtraExpiresInSecondsWhenRejected != nil {
		f.extraMS = *s.ExtraExpiresInSecondsWhenRejected * 1000
	}
	f.hit = Result{Outcome: Hit, Reasons: click.SetOf(click.ClickFlooding), Detail: f.limit.detail}
	return f, m.problems
}

// Check implements Filter. It is unknown without an address.
func (f *floodingFilter) Check(c *click.Click) Result {
	if !c.IP.IsValid() {
		return Result{Outcome: Unknown}
	}
	k := f.parts.add(f.space.Addr(c.IP), c)
	if !f.limit.exceeded(k, c) {
		return Result{}
	}
	if f.extraMS > 0 && c.Counts() {
		f.limit.counts.Extend(k, c.TimeMS, f.extraMS)
	}
	return f.hit
}
