package filters

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/clickgate/clickgate/internal/click"
)

// kindMetrics are the metrics of a filter type. They are the same for every
// chain, so the number of series depends on the types alone.
type kindMetrics struct {
	results [3]*metrics.Counter
	// The time of some checks and their number.
	seconds *metrics.FloatCounter
	timed   *metrics.Counter
}

var byKind = func() (all [click.FilterCount]*kindMetrics) {
	for kind := range click.FilterCount {
		m := new(kindMetrics)
		for outcome, name := range outcomeNames {
			m.results[outcome] = metrics.GetOrCreateCounter(fmt.Sprintf("clickgate_filters_results_total{filter=%q,outcome=%q}", kind, name))
		}
		m.seconds = metrics.GetOrCreateFloatCounter(fmt.Sprintf("clickgate_filters_check_seconds_total{filter=%q}", kind))
		m.timed = metrics.GetOrCreateCounter(fmt.Sprintf("clickgate_filters_checks_timed_total{filter=%q}", kind))
		all[kind] = m
	}
	return all
}()

// timedShare: one click in so many is timed, since reading the clock for every
// filter would cost more than most filters do.
const timedShare = 128

// watch measures the filters of a click, one after the other; the zero watch
// does not run.
type watch struct{ last time.Time }

// newWatch makes the watch of a click: a running one for a few of them.
func newWatch() watch {
	if rand.Uint32()%timedShare != 0 {
		return watch{}
	}
	return watch{time.Now()}
}

// lap books the time since the last lap for a filter.
func (w *watch) lap(m *kindMetrics) {
	if w.last.IsZero() {
		return
	}
	now := time.Now()
	m.seconds.Add(now.Sub(w.last).Seconds())
	m.timed.Inc()
	w.last = now
}
