package e2e

import (
	"testing"
	"time"
)

// patient bounds every wait. It is long because a busy machine is no failure.
const patient = time.Minute

// eventually waits until cond holds. what tells, when it never does, what was
// waited for and how things stand.
func eventually(tb testing.TB, what func() string, cond func() bool) {
	tb.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patient); !cond(); <-tick.C {
		if time.Now().After(end) {
			tb.Fatalf("after %s: %s", patient, what())
		}
	}
}
