package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var conversionRejectionThreshold = Type{
	Code: "CONVERSION_REJECTION_THRESHOLD", Name: "conversion_rejection_threshold",
	Doc:     "Rejects the clicks of a publisher once too many of its conversions are rejected.",
	Example: `{"lookback_hours": 24, "minimum_total": 20, "threshold": 50, "by_sub_id": false}`,
	Planes:  []click.Plane{click.PlaneClick},
	Reasons: []click.Reason{click.ConversionRejections},
	New:     newRejections,
}

type rejectionSettings struct {
	// LookbackHours is the window, up to 720; 0 is no window and hence no check.
	LookbackHours int64 `json:"lookback_hours"`
	// MinimumTotal is how many conversions there must be before the share is
	// judged.
	MinimumTotal int64 `json:"minimum_total"`
	// Threshold is the share of rejected conversions in percent, 0 to 100, over
	// which clicks are rejected.
	Threshold float64 `json:"threshold"`
	// BySubID measures each sub id of a publisher on its own.
	BySubID bool `json:"by_sub_id"`
}

type rejectionFilter struct {
	settings rejectionSettings
	ledger   ledger
}

func newRejections(settings config.Raw, env Env) (Filter, config.Problems) {
	f := new(rejectionFilter)
	s := &f.settings
	m := decode(settings, s)
	m.lookback("lookback_hours", s.LookbackHours, env.State.Ledger)
	m.within("minimum_total", s.MinimumTotal, 1, maxCount)
	m.percent("threshold", s.Threshold)
	f.ledger = newLedger(env, s.BySubID)
	return f, m.problems
}

// Check implements Filter. The share must be exceeded, not reached (D-11). When
// the clicks of a publisher are rejected no more conversions come, and those
// that were leave the window.
func (f *rejectionFilter) Check(c *click.Click) Result {
	s := &f.settings
	if s.LookbackHours == 0 {
		return Result{}
	}
	t := f.ledger.sum(c, int(s.LookbackHours))
	if t.Conversions < s.MinimumTotal || float64(t.Rejected)*100 <= s.Threshold*float64(t.Conversions) {
		return Result{}
	}
	return Result{Outcome: Hit, Reasons: click.SetOf(click.ConversionRejections), Detail: "rejected conversions"}
}

// join implements joiner: conversions are counted.
func (f *rejectionFilter) join(_ step, chains *Chains) {
	chains[click.PlaneConversion].count(f.ledger)
}

// Explain implements Explainer.
func (f *rejectionFilter) Explain(c *click.Click, e *Explanation) {
	s := &f.settings
	e.Settings = *s
	explainSource(c, e, s.BySubID)
	if s.LookbackHours == 0 {
		return
	}
	t, window := f.ledger.sum(c, int(s.LookbackHours)), s.LookbackHours*3600
	e.Count("conversions", t.Conversions, s.MinimumTotal, window)
	e.Count("rejected_conversions", t.Rejected, int64(s.Threshold*float64(t.Conversions)/100), window)
}
