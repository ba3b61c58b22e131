package filters

import (
	"fmt"

	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// thresholdSettings are the settings of the threshold pattern (C2).
type thresholdSettings struct {
	// LookbackHours is the window, up to 720; 0 with a threshold is no window
	// and hence no check.
	LookbackHours int64 `json:"lookback_hours"`
	// MinimumRequestCount requests pass before the share is judged.
	MinimumRequestCount int64 `json:"minimum_request_count"`
	// ThresholdPercentage is the share of suspicious requests, 0 to 100, over
	// which they are rejected; 0 rejects all of them and counts nothing.
	ThresholdPercentage int64 `json:"threshold_percentage"`
	// CheckBySubID measures each sub id of a publisher on its own.
	CheckBySubID bool `json:"check_by_sub_id"`
}

func (s *thresholdSettings) validate(m *mistakes, env Env) { s.validateAt(m, "", env) }

// validateAt is validate for settings that stand below a path.
func (s *thresholdSettings) validateAt(m *mistakes, path string, env Env) {
	m.lookback(path+"lookback_hours", s.LookbackHours, env.State.Rates)
	m.within(path+"minimum_request_count", s.MinimumRequestCount, 0, maxCount)
	m.within(path+"threshold_percentage", s.ThresholdPercentage, 0, 100)
}

// threshold rejects suspicious requests of a publisher on an offer once their
// share exceeds a percentage (C2).
type threshold struct {
	thresholdSettings
	rates *state.Rates
	space state.Key
}

// newThreshold makes the threshold of a filter's rule. Its counts belong to a
// window: another lookback starts with new ones.
func newThreshold(s thresholdSettings, kind click.Filter, rule string, env Env) threshold {
	return threshold{
		thresholdSettings: s,
		rates:             env.State.Rates,
		space:             env.namespace(kind, fmt.Sprint(s.LookbackHours, rule)),
	}
}

// judge counts a request and gives the verdict on it; reason and detail are
// those of a hit.
func (t *threshold) judge(c *click.Click, suspicious bool, reason click.Reason, detail string) Result {
	if !t.rejects(c, suspicious) {
		return Result{Suspicious: suspicious}
	}
	return Result{Outcome: Hit, Suspicious: true, Reasons: click.SetOf(reason), Detail: detail}
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
	if !c.Counts() {
		return t.peek(c)
	}
	return t.rates.Count(t.key(c), c.TimeMS, int(t.LookbackHours), suspicious)
}

func (t *threshold) peek(c *click.Click) (all, bad int64) {
	return t.rates.Peek(t.key(c), c.TimeMS, int(t.LookbackHours))
}

func (t *threshold) key(c *click.Click) state.Key { return addSource(t.space, c, t.CheckBySubID) }

// explain adds what was counted so far.
func (t *threshold) explain(c *click.Click, e *Explanation) {
	if t.ThresholdPercentage == 0 || t.LookbackHours == 0 {
		return
	}
	explainSource(c, e, t.CheckBySubID)
	all, bad := t.peek(c)
	window := t.LookbackHours * 3600
	e.Count("requests", all, t.MinimumRequestCount, window)
	e.Count("suspicious_requests", bad, t.ThresholdPercentage*all/100, window)
}
