package follow

import (
	"context"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream/logtest"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

func TestMain(m *testing.M) { natstest.VerifyTestMain(m) }

var within, check, until = logtest.Within, logtest.Check, logtest.Until

// world is an event log on an embedded server, with lists that follow it.
type world struct{ *logtest.Log }

func newWorld(t testing.TB) *world { return &world{logtest.New(t)} }

// log publishes blocks of one line each.
func (w *world) log(kind events.Kind, lines ...string) (last uint64) {
	w.T.Helper()
	for _, line := range lines {
		last = w.Publish(kind, []byte(line))
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
		JS: w.JS, Sink: l, Durable: "clickgate-test-n1", Kinds: []events.Kind{events.Click, events.Conversion},
		Again: again, Name: "the list", Logger: logger,
	})
}

// run follows the log until stop is called or the test ends.
func (w *world) run(f *Follower) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	w.T.Cleanup(stop)
	return stop
}

func untilText(t testing.TB, l *list, want string) {
	t.Helper()
	until(t, "the list to be "+want, func() bool { return l.text() == want })
}
