package service

import (
	"context"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream/logtest"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

func TestMain(m *testing.M) { natstest.VerifyTestMain(m) }

var within, check, until = logtest.Within, logtest.Check, logtest.Until

// world is an event log on an embedded server, with click stores.
type world struct{ *logtest.Log }

func newWorld(t testing.TB) *world { return &world{logtest.New(t)} }

// log publishes a block.
func (w *world) log(kind events.Kind, lines ...string) (sequence uint64) {
	w.T.Helper()
	return w.Publish(kind, []byte(strings.Join(lines, "\n")+"\n"))
}

// logClicks publishes clicks with numbers from one up to another, two a block.
func (w *world) logClicks(from, to int) {
	w.T.Helper()
	for n := from; n < to; n += 2 {
		w.log(events.Click, clickRow(idOf(n)), clickRow(idOf(n+1)))
	}
}

func (w *world) open() *store.Store {
	w.T.Helper()
	s, err := store.Open(store.Options{Dir: filepath.Join(w.Dir, "clicks"), Settings: store.Settings{CacheBytes: 4 << 20, ClickDays: 10, ImpressionDays: 8, MatchDays: 8}})
	check(w.T, err)
	w.T.Cleanup(func() { check(w.T, s.Close()) })
	return s
}

// run feeds a store until stop is called or the test ends.
func (w *world) run(s *store.Store, logger *zap.Logger) (f *Feeder, stop func()) {
	f = NewFeeder(FeederOptions{JS: w.JS, Node: "n1", Store: s, Logger: logger})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	w.T.Cleanup(stop)
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

func (w *world) untilAt(s *store.Store, sequence uint64) {
	w.T.Helper()
	until(w.T, fmt.Sprintf("block %d in the store", sequence), func() bool { return s.Position().Sequence >= sequence })
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
