// Package logtest has what tests with an event log share.
package logtest

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/natsrv"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

// Log is an event log on an embedded server of its own.
type Log struct {
	T      testing.TB
	Server *natsrv.Server
	NC     *nats.Conn
	JS     jetstream.JetStream
	// Dir is a folder for what the test keeps; the server's is in it.
	Dir string
}

// New starts a server and makes its log. Both end with the test.
func New(t testing.TB) *Log {
	t.Helper()
	l := &Log{T: t, Dir: t.TempDir()}
	l.Start(0)
	l.NC = l.Connect()
	var err error
	l.JS, err = jetstream.New(l.NC)
	Check(t, err)
	l.Make()
	return l
}

// Start starts the server, after a Shutdown with what it had. Port is where it
// listens, 0 for any free one.
func (l *Log) Start(port int) {
	l.T.Helper()
	var err error
	l.Server, err = natsrv.Start(natsrv.Options{DataDir: filepath.Join(l.Dir, "server"), Port: port})
	Check(l.T, err)
	l.T.Cleanup(l.Server.Shutdown)
}

// Connect returns a client of its own, which outlives the server.
func (l *Log) Connect() *nats.Conn {
	l.T.Helper()
	nc, err := l.Server.ConnectLoopback("test", nil)
	Check(l.T, err)
	l.T.Cleanup(nc.Close)
	return nc
}

// Make makes the log's streams where they are not, also just after one was
// deleted.
func (l *Log) Make() {
	l.T.Helper()
	natstest.Remake(l.T, func() error {
		return eventlog.Ensure(Within(l.T, 10*time.Second), l.JS, eventlog.Config{})
	})
}

// Publish writes a block of lines, each with its line end, as node n1 would.
func (l *Log) Publish(kind events.Kind, lines ...[]byte) (sequence uint64) {
	l.T.Helper()
	ack, err := l.JS.Publish(Within(l.T, 10*time.Second), eventlog.Subject(kind, "n1"), bytes.Join(lines, nil))
	Check(l.T, err)
	return ack.Sequence
}

// Within is a context for anything that should take no time at all.
func Within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

// Check fails the test on an error.
func Check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Until waits for a condition, and fails when it does not come about.
func Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		if ok() {
			return
		}
	}
	t.Fatalf("%s: waited in vain", what)
}
