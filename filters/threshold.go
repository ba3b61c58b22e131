package filters

import (
	"strconv"

	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// thresholdSettings are the settings of the threshold pattern (C2).
type thresholdSettings struct {
	// LookbackHours is the window, up to 720; 0 with a threshold is no
	// window and hence no check.
	LookbackHours int64 `json:"lookback_hours"`
	// MinimumRequestCount requests pass before the share is judged.
	MinimumRequestCount int64 `json:"minimum_request_count"`
	// ThresholdPercentage is the share of suspicious requests, 0 to 100, over
	// which they are rejected; 0 rejects all of them and counts nothing.
	ThresholdPercentage int64 `json:"threshold_percentage"`
	// CheckBySubID measures each sub id of a publisher on its own.
	CheckBySubID bool `json:"check_by_sub_id"`
}

func (s *thresholdSettings) validate(m *mistakes) {
	m.within("lookback_hours", s.LookbackHours, 0, maxLookbackHours)
	m.within("minimum_request_count", s.MinimumRequestCount, 0, maxCount)
	m.within("threshold_percentage", s.ThresholdPercentage, 0, 100)
}

// threshold rejects suspicious requests of a publisher on an offer once their
// share exceeds a percentage (C2).
type threshold struct {
	thresholdSettings
	rates *state.Rates
	space state.Key
}

// newThreshold makes the threshold of the filter with that code. Its counts
// belong to a window: another lookback starts with new ones.
func newThreshold(s thresholdSettings, code string, env Env) threshold {
	return threshold{
		thresholdSettings: s,
		rates:             env.State.Rates,
		space:             env.State.Namespace(env.Scope, string(planes[env.Plane]), code, strconv.FormatInt(s.LookbackHours, 10)),
	}
}

// rejects counts a request and tells whether to reject it. The share is that
// of the requests before this one, and must be exceeded, not reached (D-11).
func (t *threshold) rejects(c *click.Click, suspicious bool) bool {
	if t.ThresholdPercentage == 0 {
		return suspicious
	}
	if t.LookbackHours == 0 {
		return false
	}
	all, bad := t.count(c, suspicious)
	if !suspicious || all < t.MinimumRequestCount {
		return false
	}
	return bad*100 > t.ThresholdPercentage*all
}

func (t *threshold) count(c *click.Click, suspicious bool) (all, bad int64) {
	k := addOffer(addPublisher(t.space, c), c)
	hours := int(t.LookbackHours)
	if t.CheckBySubID {
		k = k.Mark(markSubID).String(c.SubID[0])
	}
	if !c.Counts() {
		return t.rates.Peek(k, c.TimeMS, hours)
	}
	return t.rates.Count(k, c.TimeMS, hours, suspicious)
}
