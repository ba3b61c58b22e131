package service

import (
	"context"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/store"
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
	t   testing.TB
	srv *natsrv.Server
	nc  *nats.Conn
	js  jetstream.JetStream
	dir string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	var err error
	w.srv, err = natsrv.Start(natsrv.Options{DataDir: filepath.Join(w.dir, "server")})
	check(t, err)
	t.Cleanup(w.srv.Shutdown)
	w.nc = w.connect()
	w.js, err = jetstream.New(w.nc)
	check(t, err)
	w.makeLog()
	return w
}

func (w *world) connect() *nats.Conn {
	w.t.Helper()
	nc, err := w.srv.Connect("test", nil)
	check(w.t, err)
	w.t.Cleanup(nc.Close)
	return nc
}

func (w *world) makeLog() {
	w.t.Helper()
	check(w.t, eventlog.Ensure(within(w.t, 10*time.Second), w.js, eventlog.Config{}))
}

// log publishes a block.
func (w *world) log(kind events.Kind, lines ...string) (sequence uint64) {
	w.t.Helper()
	ack, err := w.js.Publish(within(w.t, 10*time.Second), eventlog.Subject(kind, "n1"), []byte(strings.Join(lines, "\n")+"\n"))
	check(w.t, err)
	return ack.Sequence
}

// logClicks publishes clicks with numbers from one up to another, two a block.
func (w *world) logClicks(from, to int) {
	w.t.Helper()
	for n := from; n < to; n += 2 {
		w.log(events.Click, clickRow(idOf(n)), clickRow(idOf(n+1)))
	}
}

func (w *world) open() *store.Store {
	w.t.Helper()
	s, err := store.Open(store.Options{Dir: filepath.Join(w.dir, "clicks"), Settings: store.Settings{CacheBytes: 4 << 20, ClickDays: 10, ImpressionDays: 8, MatchDays: 8}})
	check(w.t, err)
	w.t.Cleanup(func() { check(w.t, s.Close()) })
	return s
}

// run feeds a store until stop is called or the test ends.
func (w *world) run(s *store.Store, logger *zap.Logger) (f *Feeder, stop func()) {
	f = NewFeeder(FeederOptions{JS: w.js, Node: "n1", Store: s, Logger: logger})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	w.t.Cleanup(stop)
	return f, stop
}

// started is the time of test clicks.
var started = time.Now().Add(-time.Hour).UnixMilli()

func idOf(n int) string {
	raw := make([]byte, 16)
	for i, b := range []byte{byte(started >> 40), byte(started >> 32), byte(started >> 24), byte(started >> 16), byte(started >> 8), byte(started)} {
		raw[i] = b
	}
	raw[13], raw[14], raw[15] = byte(n>>16), byte(n>>8), byte(n)
	return hex.EncodeToString(raw)
}

func clickRow(id string) string {
	return fmt.Sprintf(`{"tx_id":"%s","real_tx_id":"%s","blocked":0}`, id, id)
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

func (w *world) untilAt(s *store.Store, sequence uint64) {
	w.t.Helper()
	until(w.t, fmt.Sprintf("block %d in the store", sequence), func() bool { return s.Position().Sequence >= sequence })
}

// wantClicks fails unless the store has the clicks of numbers and no other.
func wantClicks(t testing.TB, f attribution.Finder, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		a, err := f.Find(within(t, 5*time.Second), attribution.Query{ClickID: idOf(n)})
		check(t, err)
		if got, want := a.Row != nil, n < to; got != want {
			t.Fatalf("click %d is in the store: %v", n, got)
		}
	}
}
