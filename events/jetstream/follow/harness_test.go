package follow

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/natsrv"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, // a server that sources a stream ends in its own time
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*stream).trySetupSourceConsumer.func3"))
}

func within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is an event log on an embedded server.
type world struct {
	t  testing.TB
	nc *nats.Conn
	js jetstream.JetStream
}

func newWorld(t testing.TB) *world {
	t.Helper()
	srv, err := natsrv.Start(natsrv.Options{DataDir: filepath.Join(t.TempDir(), "server")})
	check(t, err)
	t.Cleanup(srv.Shutdown)
	w := &world{t: t}
	w.nc, err = srv.Connect("test", nil)
	check(t, err)
	t.Cleanup(w.nc.Close)
	w.js, err = jetstream.New(w.nc)
	check(t, err)
	w.makeLog()
	return w
}

func (w *world) makeLog() {
	w.t.Helper()
	check(w.t, eventlog.Ensure(within(w.t, 10*time.Second), w.js, eventlog.Config{}))
}

// log publishes blocks of one line each.
func (w *world) log(kind events.Kind, lines ...string) (last uint64) {
	w.t.Helper()
	for _, line := range lines {
		ack, err := w.js.Publish(within(w.t, 10*time.Second), eventlog.Subject(kind, "n1"), []byte(line))
		check(w.t, err)
		last = ack.Sequence
	}
	return last
}

// list is a Sink that keeps what it takes.
type list struct {
	Clock
	mu    sync.Mutex
	at    Position
	lines []string
	fail  error // of the next Apply
	mends int
}

func (l *list) Position() Position {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at
}

func (l *list) Move(to Position) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = to
	return nil
}

func (l *list) Apply(blocks []Block) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.fail; err != nil {
		l.fail = nil
		return err
	}
	for _, b := range blocks {
		l.lines = append(l.lines, string(b.Data))
		l.at.Sequence, l.at.LoggedMS = b.Sequence, b.LoggedMS
	}
	l.CaughtUp(l.at.LoggedMS)
	return nil
}

func (l *list) Check() error { return nil }

func (l *list) Mend() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mends++
	return nil
}

func (l *list) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, " ")
}

func (w *world) follower(l *list, again bool, logger *zap.Logger) *Follower {
	return New(Options{
		JS: w.js, Sink: l, Durable: "clickgate-test-n1", Kinds: []events.Kind{events.Click, events.Conversion},
		Again: again, Name: "the list", Logger: logger,
	})
}

// run follows the log until stop is called or the test ends.
func (w *world) run(f *Follower) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	w.t.Cleanup(stop)
	return stop
}

// until waits for a condition.
func until(t testing.TB, what string, ok func() bool) {
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

func untilText(t testing.TB, l *list, want string) {
	t.Helper()
	until(t, "the list to be "+want, func() bool { return l.text() == want })
}
