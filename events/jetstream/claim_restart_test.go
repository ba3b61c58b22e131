package jetstream

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The server ends in the middle of it and comes back: claims are tried again
// until there is an answer, and the log goes on taking them over.
func TestClaimsOutliveTheServer(t *testing.T) {
	for name, end := range map[string]os.Signal{"stopped": syscall.SIGTERM, "killed": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			dir, port := t.TempDir(), freePort(t)
			srv := child(t, dir, port)
			nc := dial(t, dir, port)
			js := stream(t, nc, Config{})
			const keys = 300
			done := make(chan map[string]string, 1)
			go func() { done <- race(t, 3000, keys, newClaims(t, nc), newClaims(t, nc)) }()
			for _, rows := range []uint64{20, 150} {
				until(t, "claims", func() bool { return claimsIn(t, js) > rows })
				srv.Process.Signal(end)
				srv.Wait()
				srv = child(t, dir, port)
			}
			winners := <-done
			until(t, "connection", nc.IsConnected)
			wantWinners(t, js, winners, keys)
		})
	}
}

// claimsIn is how many claims there are; 0 while the server is away.
func claimsIn(t *testing.T, js jetstream.JetStream) uint64 {
	s, err := js.Stream(within(t, time.Second), ClaimStream)
	if err != nil {
		return 0
	}
	return s.CachedInfo().State.Msgs
}
