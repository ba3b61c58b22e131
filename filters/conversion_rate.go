package filters

import (
	"fmt"
	"maps"
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

type conversionRateSettings struct {
	// LookbackTimes are the rates that are judged, by interval: hourly, daily,
	// weekly or monthly (D-10). Any of them may reject.
	LookbackTimes map[string]rateSettings `json:"lookback_times"`
	// CheckBySubID measures each sub id of a publisher on its own.
	CheckBySubID bool `json:"check_by_sub_id"`
	// BlockClicks rejects clicks too while the rate is out of range.
	BlockClicks bool `json:"block_clicks"`
}

// rateSettings are what one interval asks. HIGH_CONVERSION_RATE looks at the
// maximum alone and LOW_CONVERSION_RATE at the minimum (D-10).
type rateSettings struct {
	Enabled bool `json:"enabled"`
	// MinClickCount and MinConversionCount are how many there must be before
	// the rate is judged; at least 1 where the interval is enabled.
	MinClickCount      int64 `json:"min_click_count"`
	MinConversionCount int64 `json:"min_conversion_count"`
	// MinConversionRate and MaxConversionRate are conversions per 100 clicks, 0
	// to 100.
	MinConversionRate float64 `json:"min_conversion_rate"`
	MaxConversionRate float64 `json:"max_conversion_rate"`
}

// interval is a lookback that has a name.
type interval struct {
	name  string
	hours int
}

var intervals = []interval{{"hourly", 1}, {"daily", 24}, {"weekly", 7 * 24}, {"monthly", 30 * 24}}

// rateKind is what tells the two filters apart.
type rateKind struct {
	reason click.Reason
	detail string
	// bound is the setting that counts, of reads it, and out tells whether a
	// rate lies beyond it.
	bound string
	of    func(t *rateSettings) float64
	out   func(rate, bound float64) bool
}

// rateFilter is HIGH_CONVERSION_RATE and LOW_CONVERSION_RATE.
type rateFilter struct {
	settings conversionRateSettings
	kind     rateKind
	ledger   ledger
	rates    []rate
}

// rate is an enabled interval.
type rate struct {
	interval
	rateSettings
	bound  float64
	detail string
}

func newRate(settings config.Raw, env Env, kind rateKind) (Filter, config.Problems) {
	f := &rateFilter{kind: kind}
	m := decode(settings, &f.settings)
	times := f.settings.LookbackTimes
	for _, name := range slices.Sorted(maps.Keys(times)) {
		if !slices.ContainsFunc(intervals, func(i interval) bool { return i.name == name }) {
			m.add("lookback_times."+name, "unknown interval; there are hourly, daily, weekly and monthly")
		}
	}
	for _, i := range intervals {
		t, ok := times[i.name]
		if !ok {
			continue
		}
		t.validate(m, "lookback_times."+i.name, &kind)
		if t.Enabled {
			m.lookback("lookback_times."+i.name, int64(i.hours), env.State.Ledger)
			f.rates = append(f.rates, rate{i, t, kind.of(&t), kind.detail + i.name + " interval"})
		}
	}
	if len(f.rates) == 0 {
		m.add("lookback_times", "has no interval that is enabled; there are hourly, daily, weekly and monthly")
	}
	f.ledger = newLedger(env, f.settings.CheckBySubID)
	return f, m.problems
}

func (t *rateSettings) validate(m *mistakes, path string, kind *rateKind) {
	least := int64(0)
	if t.Enabled {
		least = 1
	}
	m.within(path+".min_click_count", t.MinClickCount, least, maxCount)
	m.within(path+".min_conversion_count", t.MinConversionCount, least, maxCount)
	m.percent(path+".min_conversion_rate", t.MinConversionRate)
	m.percent(path+".max_conversion_rate", t.MaxConversionRate)
	if t.Enabled && kind.of(t) == 0 {
		m.add(path+"."+kind.bound, "must be above 0 where the interval is enabled")
	}
}

// Check implements Filter: of conversions, and of clicks where the filter
// stands in their chain too. The conversion or click that is judged is not yet
// part of the rate.
func (f *rateFilter) Check(c *click.Click) Result {
	for i := range f.rates {
		r := &f.rates[i]
		t := f.ledger.sum(c, r.hours)
		if t.Clicks < r.MinClickCount || t.Conversions < r.MinConversionCount {
			continue
		}
		if f.kind.out(float64(t.Conversions)*100/float64(t.Clicks), r.bound) {
			return Result{Outcome: Hit, Reasons: click.SetOf(f.kind.reason), Detail: r.detail}
		}
	}
	return Result{}
}

// join implements joiner: clicks and conversions are counted, and clicks
// rejected where the settings say so.
func (f *rateFilter) join(s step, chains *Chains) {
	clicks := chains[click.PlaneClick]
	clicks.count(f.ledger)
	chains[click.PlaneConversion].count(f.ledger)
	if f.settings.BlockClicks {
		clicks.add(s)
	}
}

// Explain implements Explainer.
func (f *rateFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	explainSource(c, e, f.settings.CheckBySubID)
	for i := range f.rates {
		r := &f.rates[i]
		t, window := f.ledger.sum(c, r.hours), int64(r.hours)*3600
		e.Count(r.name+"_clicks", t.Clicks, r.MinClickCount, window)
		e.Count(r.name+"_conversions", t.Conversions, r.MinConversionCount, window)
		e.Input(r.name+"_rate", fmt.Sprintf("%d conversions of %d clicks, %s %g %%", t.Conversions, t.Clicks, f.kind.bound, r.bound))
	}
}
