package e2e

import (
	"testing"
	"time"
)

// answerWithin is how long the edge holds an answer back at most until the
// click is in the log.
const answerWithin = 20 * time.Millisecond

// TestCrashLosesNoAnsweredClick kills the process under load, again and again:
// in safe mode every click whose answer arrived is in the log, once.
func TestCrashLosesNoAnsweredClick(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var owed []outcome
	for range 4 {
		n := startDemo(t, dir)
		l := startLoad(n, dense)
		l.awaitMore(2000)
		// Nothing at risk now means that every answer so far is in the log.
		n.awaitMetric("clickgate_events_at_risk", "0", func(v float64) bool { return v == 0 })
		calm := time.Now()
		l.awaitMore(500)
		n.kill()
		outcomes := l.awaitEnd()
		owed = append(owed, certain(t, outcomes, calm)...)
	}
	n := startDemo(t, dir)
	wantInLog(t, n.events(), owed)
}

// certain leaves out the answers that may have gone out before the log had
// their clicks: those after a request that took as long as an answer is ever
// held back, which is a sign of a machine too busy for the log.
func certain(t *testing.T, outcomes []outcome, calm time.Time) (owed []outcome) {
	t.Helper()
	stalled := time.Now()
	for _, o := range outcomes {
		if o.done.After(calm) && o.took() >= answerWithin && o.sent.Before(stalled) {
			stalled = o.sent
		}
	}
	for _, o := range outcomes {
		if o.err == nil && (o.done.Before(calm) || o.done.Before(stalled)) {
			owed = append(owed, o)
		}
	}
	if left := len(outcomes) - len(owed); left > 2*dense.connections {
		t.Logf("%d of %d clicks are left out: a request took more than %s", left, len(outcomes), answerWithin)
	}
	return owed
}
