package e2e

import "testing"

// TestCountersAddUp: received = answered = acknowledged + at risk.
func TestCountersAddUp(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	l := startLoad(n, usual)
	l.awaitMore(1000)
	outcomes := l.end()
	wantAnswers(t, outcomes)
	n.awaitDelivery()
	sent := float64(len(outcomes))
	for what, got := range map[string]float64{
		"received":               n.metric("clickgate_edge_received_total", `plane="click"`),
		"answered":               n.metric("clickgate_edge_answered_total", `plane="click"`),
		"appended":               n.metric("clickgate_events_appended_total"),
		"acknowledged + at risk": n.metric("clickgate_events_acknowledged_total") + n.metric("clickgate_events_at_risk"),
		"latencies":              n.metric("clickgate_edge_answer_seconds_count"),
		"in the log":             float64(len(n.events())),
	} {
		if got != sent {
			t.Errorf("%s: %v, want the %v clicks that were sent", what, got, sent)
		}
	}
	wantInLog(t, n.events(), outcomes)
}
