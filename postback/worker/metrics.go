package worker

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/clickgate/clickgate/internal/metrics"
	"github.com/clickgate/clickgate/postback/guard"
)

// counts are what a worker counts. Labels are outcomes and classes of failure,
// never hosts: strangers choose those.
type counts struct {
	added, badLines, unmade *metrics.Counter
	attempts                map[Outcome]*metrics.Counter
	took                    map[Outcome]*atomic.Int64 // nanoseconds
	failed                  map[guard.Class]*metrics.Counter
	answered                map[int]*metrics.Counter // by the first digit of the status
}

// outcomes are those that count.
var outcomes = []Outcome{Sent, Rejected, Retry, Dead}

func newCounts() *counts {
	c := &counts{
		added:    metrics.NewCounter("clickgate_postback_added_total"),
		badLines: metrics.NewCounter("clickgate_postback_bad_lines_total"),
		unmade:   metrics.NewCounter("clickgate_postback_unmade_total"),
		attempts: map[Outcome]*metrics.Counter{},
		took:     map[Outcome]*atomic.Int64{},
		failed:   map[guard.Class]*metrics.Counter{},
		answered: map[int]*metrics.Counter{},
	}
	for _, outcome := range outcomes {
		c.attempts[outcome] = metrics.NewCounter(fmt.Sprintf("clickgate_postback_attempts_total{outcome=%q}", outcome))
		c.took[outcome] = new(atomic.Int64)
	}
	for _, class := range guard.Classes() {
		c.failed[class] = metrics.NewCounter(fmt.Sprintf("clickgate_postback_failed_total{class=%q}", class))
	}
	for digit := 1; digit <= 5; digit++ {
		c.answered[digit] = metrics.NewCounter(fmt.Sprintf("clickgate_postback_answered_total{status=\"%dxx\"}", digit))
	}
	return c
}

// count counts an attempt.
func (c *counts) count(a *Attempt, err error) {
	c.attempts[a.Outcome].Inc()
	c.took[a.Outcome].Add(int64(a.Took))
	if err != nil {
		c.failed[classOf(err)].Inc()
		return
	}
	if counter := c.answered[a.Status/100]; counter != nil {
		counter.Inc()
	}
}

// WriteMetrics writes what the queue holds and how long attempts took, in the
// Prometheus text format.
func (w *Worker) WriteMetrics(to io.Writer) {
	s := w.queue.Stats()
	for _, m := range []struct {
		name  string
		value any
	}{
		{"clickgate_postback_waiting_calls", s.Jobs - s.Flying},
		{"clickgate_postback_flying_calls", s.Flying},
		{"clickgate_postback_dead_calls", s.Dead},
		{"clickgate_postback_blocked_hosts", s.Blocked},
		{"clickgate_postback_oldest_due_seconds", s.Late.Seconds()},
		{"clickgate_postback_dropped_total", s.Dropped},
		{"clickgate_postback_given_up_total", s.GivenUp},
		{"clickgate_postback_forgotten_total", s.Forgotten},
		{"clickgate_postback_broken_total", s.Broken},
	} {
		fmt.Fprintf(to, "%s %v\n", m.name, m.value)
	}
	for _, outcome := range outcomes {
		took := time.Duration(w.counts.took[outcome].Load())
		fmt.Fprintf(to, "clickgate_postback_attempt_seconds_total{outcome=%q} %g\n", outcome, took.Seconds())
	}
}
