package e2e

import (
	"fmt"
	"syscall"
	"testing"
)

// TestStopCutsNobody: under keep-alive load SIGTERM ends the process in good
// order. A request is answered, or it never reached the server: then the log
// does not know it.
func TestStopCutsNobody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var outcomes []outcome
	for range 3 {
		n := startDemo(t, dir)
		l := startLoad(n, dense)
		l.awaitMore(1000)
		n.signal(syscall.SIGTERM)
		outcomes = append(outcomes, l.awaitEnd()...)
		if code := n.exitStatus(); code != 0 {
			t.Fatalf("clickgate ended with status %d after SIGTERM, want 0:\n%s", code, n.log)
		}
	}
	n := startDemo(t, dir)
	log := n.events()
	wantInLog(t, log, outcomes)
	served := map[string]bool{}
	for _, e := range log {
		served[e.SubID] = true
	}
	var cut []string
	for _, o := range outcomes {
		if o.err != nil && served[o.sub] {
			cut = append(cut, fmt.Sprintf("%s: %v", o.sub, o.err))
		}
	}
	if len(cut) > 0 {
		t.Errorf("%d requests are in the log, but their answers were cut, among them\n%s", len(cut), few(cut))
	}
}
