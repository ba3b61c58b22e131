package amend

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/service"
	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/events/jetstream/logtest"
	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

func TestMain(m *testing.M) { natstest.VerifyTestMain(m) }

var within, check, until = logtest.Within, logtest.Check, logtest.Until

// world is an event log on an embedded server, a click store that is fed from
// it, and an amender that works with both.
type world struct {
	*Amender
	*logtest.Log
	store *store.Store
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{Log: logtest.New(t)}
	var err error
	w.store, err = store.Open(store.Options{Dir: filepath.Join(w.Dir, "clicks"), Settings: store.Settings{CacheBytes: 4 << 20, ClickDays: 100, ImpressionDays: 8, MatchDays: 8}})
	check(t, err)
	t.Cleanup(func() { check(t, w.store.Close()) })
	w.feed()
	w.Amender = &Amender{Finder: w.store, Recorder: w.claims(w.NC)}
	return w
}

func (w *world) claims(nc *nats.Conn) events.Recorder {
	w.T.Helper()
	c, err := eventlog.NewClaims(nc)
	check(w.T, err)
	return c
}

func (w *world) feed() {
	f := service.NewFeeder(service.FeederOptions{JS: w.JS, Node: "n1", Store: w.store})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	w.T.Cleanup(func() { cancel(); <-done })
	until(w.T, "the log and its claims are read", func() bool { return w.store.AppliedMS() > 0 })
}

var started = time.Now().UnixMilli()

// idOf is an id of when the tests began, made different by n.
func idOf(n int) string { return fmt.Sprintf("%012x%020x", started, n) }

// record records the first version of a conversion of a click and waits until
// it is read.
func (w *world) record(kind events.Kind, id, click, fields string) {
	w.T.Helper()
	line := fmt.Sprintf(`{"tx_id":%q,"click_tx_id":%q,"conversion_time":"2026-11-21T10:00:00.000Z",%s,"hash":"h0"}`+"\n", id, click, fields)
	recorded, _, err := w.Recorder.Record(within(w.T, 20*time.Second), &events.Claim{TxID: id, Kind: kind, Keys: []string{events.ClaimKey("first", id)}, Line: []byte(line)})
	if err != nil || !recorded {
		w.T.Fatalf("recorded %v, %v", recorded, err)
	}
	until(w.T, "conversion "+id, func() bool { return w.row(id).Line != nil })
}

// row is the latest row of a conversion that was read.
func (w *world) row(id string) events.Row {
	w.T.Helper()
	a, err := w.store.Find(within(w.T, 20*time.Second), attribution.Query{ConversionID: id})
	check(w.T, err)
	if len(a.Conversions) == 0 {
		return events.Row{}
	}
	row, err := events.DecodeRow(a.Conversions[0].Kind, a.Conversions[0].Row)
	check(w.T, err)
	return row
}

// versions counts the versions of a conversion in the log.
func (w *world) versions(id string) (n int) {
	w.T.Helper()
	check(w.T, eventlog.Tail(within(w.T, 20*time.Second), w.JS, eventlog.TailOptions{FromStart: true, NoFollow: true}, func(r events.Row) error {
		if r.Text("tx_id") == id {
			n++
		}
		return nil
	}))
	return n
}

// outcomes are those of a result in its order.
func outcomes(r *Result) string {
	list := make([]string, len(r.Items))
	for i := range r.Items {
		list[i] = string(r.Items[i].Outcome)
	}
	return strings.Join(list, " ")
}
