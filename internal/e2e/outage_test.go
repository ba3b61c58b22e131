package e2e

import (
	"testing"
	"time"
)

// awaitSpooling waits until events wait on disk.
func (n *node) awaitSpooling() {
	n.tb.Helper()
	n.awaitMetric("clickgate_events_spool_bytes", "above 0", func(v float64) bool { return v > 0 })
}

func TestLogAway(t *testing.T) {
	t.Parallel()
	s := startNATS(t)
	n := s.startAt(t.TempDir(), s.host())
	l := startLoad(n, usual)
	l.awaitMore(200)

	s.down()
	away := time.Now()
	l.awaitMore(200)
	n.awaitSpooling()
	l.awaitMore(200)
	back := time.Now()
	s.up()

	l.awaitMore(200)
	n.awaitDelivery()
	l.awaitMore(50)
	outcomes := l.end()
	wantAnswers(t, outcomes)
	n.awaitDelivery()
	if took := median(during(outcomes, away, back)); took >= answerWithin {
		t.Errorf("while the log was away half of the answers took %s or more, want less than %s: visitors do not wait for it", took, answerWithin)
	}
	if lost := n.metric("clickgate_events_lost_total"); lost != 0 {
		t.Errorf("clickgate_events_lost_total is %v, want 0", lost)
	}
	wantInLog(t, n.events(), outcomes)
}

// TestLostAcknowledgements: what NATS has stored without the node hearing of it
// is sent again and not stored again.
func TestLostAcknowledgements(t *testing.T) {
	t.Parallel()
	s := startNATS(t)
	w := newWire(t, s.host())
	n := s.startAt(t.TempDir(), w.Addr().String())
	l := startLoad(n, usual)
	for range 3 {
		l.awaitMore(100)
		before := n.metric("clickgate_events_retries_total")
		w.deaf.Store(true)
		l.awaitMore(100)
		w.cut()
		n.awaitMetric("clickgate_events_retries_total", "above what it was", func(v float64) bool { return v > before })
		n.awaitMetric("clickgate_events_well", "1", func(v float64) bool { return v == 1 })
	}
	outcomes := l.end()
	wantAnswers(t, outcomes)
	n.awaitDelivery()
	wantInLog(t, n.events(), outcomes)
}

// TestStartWhileLogIsAway: a node comes up from its own disk, twice, and what
// happened meanwhile is delivered once NATS is back.
func TestStartWhileLogIsAway(t *testing.T) {
	t.Parallel()
	s := startNATS(t)
	dir := t.TempDir()
	n := s.startAt(dir, s.host())
	l := startLoad(n, usual)
	l.awaitMore(50)
	outcomes := l.end()
	n.stop()
	s.down()

	for range 2 {
		n = s.startAt(dir, s.host())
		if version := n.metric("clickgate_config_version"); version != 1 {
			t.Errorf("without NATS version %v serves, want the last good one, 1", version)
		}
		l = startLoad(n, usual)
		l.awaitMore(200)
		outcomes = append(outcomes, l.end()...)
		n.awaitSpooling()
		n.stop()
	}
	n = s.startAt(dir, s.host())
	n.awaitSpooling() // what the last run left
	s.up()
	n.awaitDelivery()
	wantAnswers(t, outcomes)
	log := n.events()
	wantInLog(t, log, outcomes)
	if len(log) != len(outcomes) {
		t.Errorf("the log holds %d events, want one for each of %d clicks", len(log), len(outcomes))
	}
}
