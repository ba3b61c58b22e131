package amend

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/service"
	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/natsrv"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, // a server that sources a stream ends in its own time
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*stream).trySetupSourceConsumer.func3"))
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is an event log on an embedded server, a click store that is fed from
// it, and an amender that works with both.
type world struct {
	*Amender
	t     testing.TB
	store *store.Store
	js    jetstream.JetStream
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	srv, err := natsrv.Start(natsrv.Options{DataDir: filepath.Join(dir, "server")})
	check(t, err)
	t.Cleanup(srv.Shutdown)
	nc, err := srv.Connect("test", nil)
	check(t, err)
	t.Cleanup(nc.Close)
	w := &world{t: t}
	w.js, err = jetstream.New(nc)
	check(t, err)
	check(t, eventlog.Ensure(w.within(), w.js, eventlog.Config{}))
	w.store, err = store.Open(store.Options{Dir: filepath.Join(dir, "clicks"), Settings: store.Settings{CacheBytes: 4 << 20, ClickDays: 100, ImpressionDays: 8, MatchDays: 8}})
	check(t, err)
	t.Cleanup(func() { check(t, w.store.Close()) })
	w.feed()
	w.Amender = &Amender{Finder: w.store, Recorder: w.claims(nc)}
	return w
}

func (w *world) claims(nc *nats.Conn) events.Recorder {
	w.t.Helper()
	c, err := eventlog.NewClaims(nc)
	check(w.t, err)
	return c
}

func (w *world) feed() {
	f := service.NewFeeder(service.FeederOptions{JS: w.js, Node: "n1", Store: w.store})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	w.t.Cleanup(func() { cancel(); <-done })
	w.until("the log and its claims are read", func() bool { return w.store.AppliedMS() > 0 })
}

func (w *world) within() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	w.t.Cleanup(cancel)
	return ctx
}

var started = time.Now().UnixMilli()

// idOf is an id of when the tests began, made different by n.
func idOf(n int) string { return fmt.Sprintf("%012x%020x", started, n) }

// record records the first version of a conversion of a click and waits until
// it is read.
func (w *world) record(kind events.Kind, id, click, fields string) {
	w.t.Helper()
	line := fmt.Sprintf(`{"tx_id":%q,"click_tx_id":%q,"conversion_time":"2026-11-21T10:00:00.000Z",%s,"hash":"h0"}`+"\n", id, click, fields)
	recorded, _, err := w.Recorder.Record(w.within(), &events.Claim{TxID: id, Kind: kind, Keys: []string{events.ClaimKey("first", id)}, Line: []byte(line)})
	if err != nil || !recorded {
		w.t.Fatalf("recorded %v, %v", recorded, err)
	}
	w.until("conversion "+id, func() bool { return w.row(id).Line != nil })
}

// row is the latest row of a conversion that was read.
func (w *world) row(id string) events.Row {
	w.t.Helper()
	a, err := w.store.Find(w.within(), attribution.Query{ConversionID: id})
	check(w.t, err)
	if len(a.Conversions) == 0 {
		return events.Row{}
	}
	row, err := events.DecodeRow(a.Conversions[0].Kind, a.Conversions[0].Row)
	check(w.t, err)
	return row
}

// versions counts the versions of a conversion in the log.
func (w *world) versions(id string) (n int) {
	w.t.Helper()
	check(w.t, eventlog.Tail(w.within(), w.js, eventlog.TailOptions{FromStart: true, NoFollow: true}, func(r events.Row) error {
		if r.Text("tx_id") == id {
			n++
		}
		return nil
	}))
	return n
}

func (w *world) until(what string, ok func() bool) {
	w.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		if ok() {
			return
		}
	}
	w.t.Fatalf("%s: waited in vain", what)
}

// outcomes are those of a result in its order.
func outcomes(r *Result) string {
	list := make([]string, len(r.Items))
	for i := range r.Items {
		list[i] = string(r.Items[i].Outcome)
	}
	return strings.Join(list, " ")
}
