package queue

import (
	"testing"
	"time"
)

func TestThoseWithLittleUnderWayComeFirst(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.PerHost = 4 })
	add(t, q, newCall(c, "a", "a1", -3*time.Hour), newCall(c, "a", "a2", -2*time.Hour), newCall(c, "b", "b1", 0))
	takeNamed(t, q, "a1")
	takeNamed(t, q, "b1")
	takeNamed(t, q, "a2")
}

func TestBreaker(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.BreakFor, s.BreakMost, s.Global = 10*time.Second, 30*time.Second, 100 })
	for _, name := range names("down", 20) {
		add(t, q, newCall(c, "down", name, 0))
	}
	fails := func(job *Job) {
		t.Helper()
		finish(t, q, job, Result{Fate: Again, Due: c.now().Add(time.Hour), Health: Fails})
	}
	first, second := take(t, q), take(t, q)
	fails(first)
	fails(second)
	first, second = take(t, q), take(t, q)
	fails(first) // the third in a row: open
	takeNone(t, q)
	c.advance(time.Second)
	fails(second) // was under way: tells nothing new
	if wait := takeNone(t, q); wait != 9*time.Second || q.Stats().Blocked != 1 {
		t.Fatalf("after three failures it waits %v, %d blocked, want 10s since the third", wait, q.Stats().Blocked)
	}
	add(t, q, newCall(c, "up", "up", 0))
	finish(t, q, takeNamed(t, q, "up"), Result{Health: Answers}) // others are not concerned
	for _, pause := range []time.Duration{20 * time.Second, 30 * time.Second, 30 * time.Second} {
		c.advance(takeNone(t, q))
		probe := take(t, q)
		takeNone(t, q) // one at a time
		fails(probe)
		if wait := takeNone(t, q); wait != pause {
			t.Fatalf("after a failed try it waits %v, want %v", wait, pause)
		}
	}
	c.advance(30 * time.Second)
	probe := take(t, q)
	finish(t, q, probe, Result{Fate: Again, Due: c.now().Add(time.Hour)}) // neither
	probe = take(t, q)
	takeNone(t, q)
	finish(t, q, probe, Result{Health: Answers})
	first, second = take(t, q), take(t, q)
	takeNone(t, q) // two at a time again
	if first == nil || second == nil || q.Stats().Blocked != 0 {
		t.Error("a host that answers is still blocked")
	}
	for _, r := range []Health{Fails, Fails, Answers, Fails, Fails} { // not three in a row
		finish(t, q, first, Result{Health: r})
		if first = take(t, q); first == nil {
			t.Fatal("blocked although failures were not in a row")
		}
	}
}

func TestUntried(t *testing.T) {
	q, c := fresh(t, nil)
	add(t, q, newCall(c, "a", "one", 0), newCall(c, "a", "two", time.Second))
	finish(t, q, takeNamed(t, q, "one"), Result{Fate: Untried})
	job := takeNamed(t, q, "one")
	if job.Attempts != 1 || q.Stats().Jobs != 2 {
		t.Errorf("attempt %d, %d calls", job.Attempts, q.Stats().Jobs)
	}
}
