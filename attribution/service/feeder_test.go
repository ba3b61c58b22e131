package service

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/click"
)

func TestLogBecomesAnswers(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	f, _ := w.run(s, nil)
	w.logClicks(0, 10)
	w.log(events.Postback, `{"tx_id":"x"}`)
	last := w.log(events.Conversion, fmt.Sprintf(`{"tx_id":"%s","click_tx_id":"%s","dedupe_keys":["k"],"status":"Approved"}`, idOf(100), idOf(3)))
	w.untilAt(s, last)
	wantClicks(t, s, 0, 10)

	server, err := Serve(w.NC, s, ServerOptions{})
	check(t, err)
	defer server.Close()
	check(t, w.NC.Flush())
	a, err := NewClient(w.Connect()).Find(within(t, 5*time.Second), attribution.Query{ClickID: idOf(3), Keys: []string{"k", "l"}})
	check(t, err)
	if string(a.Row) != clickRow(idOf(3)) || a.Kind != events.Click || len(a.Conversions) != 1 || a.Conversions[0].Status != "Approved" ||
		len(a.Holders) != 1 || a.Holders["k"] != idOf(100) || a.SinceMS != 0 {
		t.Errorf("answer %+v", a)
	}
	now := time.Now()
	until(t, "an idle log to count as read", func() bool { return s.AppliedMS() >= now.UnixMilli() })
	if f.Lag() > 10*time.Second {
		t.Errorf("lag %v", f.Lag())
	}
	var text bytes.Buffer
	f.WriteMetrics(&text)
	server.WriteMetrics(&text)
	s.WriteMetrics(&text)
	for _, line := range []string{"clickgate_attribution_pending_blocks 0", "clickgate_attribution_feed_failed 0", `answers_total{result="answered"} 1`, `rows_total{kind="click"} 10`} {
		if !strings.Contains(text.String(), line) {
			t.Errorf("metrics lack %q:\n%s", line, &text)
		}
	}
}

// blocksApplied counts the blocks that a store has taken since it was opened.
func blocksApplied(t testing.TB, s *store.Store) (applied, skipped int) {
	t.Helper()
	var text bytes.Buffer
	s.WriteMetrics(&text)
	for line := range strings.Lines(text.String()) {
		_, _ = fmt.Sscanf(line, "clickgate_attribution_blocks_total %d", &applied)
		_, _ = fmt.Sscanf(line, "clickgate_attribution_skipped_blocks_total %d", &skipped)
	}
	return applied, skipped
}

func TestRestartGoesOnWhereItWas(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	_, stop := w.run(s, nil)
	w.logClicks(0, 20)
	w.untilAt(s, 10)
	consumer := func() *jetstream.ConsumerInfo {
		c, err := w.JS.Consumer(within(t, 5*time.Second), eventlog.Stream, ConsumerPrefix+"n1")
		check(t, err)
		return c.CachedInfo()
	}
	until(t, "all blocks acknowledged", func() bool { return consumer().NumAckPending == 0 })
	before := consumer()
	stop()
	check(t, s.Close())
	w.logClicks(20, 30)
	s = w.open()
	w.run(s, nil)
	w.untilAt(s, 15)
	wantClicks(t, s, 0, 30)
	if after := consumer(); !after.Created.Equal(before.Created) {
		t.Error("the consumer that stood where the store did was made anew")
	}
	if applied, skipped := blocksApplied(t, s); applied != 5 || skipped != 0 {
		t.Errorf("after a restart %d blocks were read and %d skipped, want the 5 new ones", applied, skipped)
	}
}

func TestLostStoreIsMadeAnew(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	_, stop := w.run(s, nil)
	w.logClicks(0, 20)
	w.untilAt(s, 10)
	stop()
	check(t, s.Close())
	check(t, os.RemoveAll(filepath.Join(w.Dir, "clicks")))
	s = w.open()
	w.run(s, nil)
	w.untilAt(s, 10)
	wantClicks(t, s, 0, 20)
}

// Deliveries that never arrive are noticed by the next one, though it is far
// ahead.
func TestDeliveriesThatGotLost(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	w.run(s, nil)
	until(t, "the feeder at the log", func() bool { return s.AppliedMS() > 0 })
	thief, err := w.JS.Consumer(within(t, 5*time.Second), eventlog.Stream, ConsumerPrefix+"n1")
	check(t, err)
	stolen := make(chan int)
	go func() { // takes what was meant for the feeder
		n := 0
		if batch, err := thief.Fetch(5, jetstream.FetchMaxWait(2*time.Second)); err == nil {
			for range batch.Messages() {
				n++
			}
		}
		stolen <- n
	}()
	w.logClicks(0, 200)
	t.Logf("%d blocks were stolen", <-stolen)
	w.untilAt(s, 100)
	wantClicks(t, s, 0, 200)
}

func TestConsumerIsRemoved(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	w.run(s, nil)
	w.logClicks(0, 4)
	w.untilAt(s, 2)
	check(t, w.JS.DeleteConsumer(within(t, 5*time.Second), eventlog.Stream, ConsumerPrefix+"n1"))
	w.logClicks(4, 8)
	w.untilAt(s, 4)
	wantClicks(t, s, 0, 8)
}

func TestAnotherLog(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	_, stop := w.run(s, nil)
	w.logClicks(0, 20)
	w.untilAt(s, 10)
	stop()
	check(t, w.JS.DeleteStream(within(t, 5*time.Second), eventlog.Stream))
	w.Make()
	w.logClicks(20, 60)
	w.run(s, nil)
	until(t, "the new log in the store", func() bool { return s.Position().Sequence == 20 })
	wantClicks(t, s, 0, 60)
	if since := find(t, s).SinceMS; since != 0 {
		t.Errorf("a new log that is whole begins at %d", since)
	}
}

func find(t testing.TB, f attribution.Finder) attribution.Answer {
	t.Helper()
	a, err := f.Find(within(t, 5*time.Second), attribution.Query{ClickID: idOf(1)})
	check(t, err)
	return a
}

// A server that lost its last blocks gives their numbers to others.
func TestNumbersGivenTwice(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	w.logClicks(0, 20)
	info := func() *jetstream.StreamInfo {
		stream, err := w.JS.Stream(within(t, 5*time.Second), eventlog.Stream)
		check(t, err)
		return stream.CachedInfo()
	}
	name := eventlog.Stream + "@" + info().Created.UTC().Format(time.RFC3339Nano)
	for _, at := range []store.Position{
		{Log: name, Sequence: 7, LoggedMS: 12345},    // another block has that number
		{Log: name, Sequence: 1000, LoggedMS: 12345}, // none has
		{Log: "another", Sequence: 3},
	} {
		check(t, s.Move(at))
		_, stop := w.run(s, nil)
		until(t, "the store at the end", func() bool { return s.Position().Sequence == 10 })
		stop()
		wantClicks(t, s, 0, 20)
	}
}

func TestGapIsTold(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	_, stop := w.run(s, nil)
	w.logClicks(0, 4)
	w.untilAt(s, 2)
	stop()
	w.logClicks(4, 20)
	stream, err := w.JS.Stream(within(t, 5*time.Second), eventlog.Stream)
	check(t, err)
	check(t, stream.Purge(within(t, 5*time.Second), jetstream.WithPurgeSequence(6)))
	core, logged := observer.New(zap.WarnLevel)
	w.run(s, zap.New(core))
	w.untilAt(s, 10)
	wantClicks(t, s, 10, 20)
	if a := find(t, s); a.Row == nil || a.SinceMS == 0 || a.SinceMS > a.AppliedMS {
		t.Errorf("after a gap: %+v", a)
	}
	if logged.FilterMessageSnippet("have left the event log").Len() != 1 {
		t.Errorf("the gap is not in the log: %v", logged.All())
	}
}

// A place in the log is written down while nothing of interest comes, so that
// what leaves the log meanwhile is no gap.
func TestIdleLogMovesOn(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	w.run(s, nil)
	var last uint64
	for range 5 {
		last = w.log(events.Postback, `{"tx_id":"x"}`)
	}
	w.untilAt(s, last)
	w.logClicks(0, 2)
	w.untilAt(s, last+1)
	wantClicks(t, s, 0, 2)
}

func TestDamageIsMended(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	_, stop := w.run(s, nil)
	w.logClicks(0, 20)
	w.untilAt(s, 10)
	stop()
	check(t, s.Close())
	for _, path := range glob(t, filepath.Join(w.Dir, "clicks", "blocks/*.log")) {
		check(t, os.Remove(path))
	}
	for _, path := range glob(t, filepath.Join(w.Dir, "clicks", "blocks/MANIFEST-*")) {
		check(t, os.WriteFile(path, []byte("rubbish"), 0o600))
	}
	s = w.open()
	w.run(s, nil)
	w.untilAt(s, 10)
	wantClicks(t, s, 0, 20)
	glob(t, filepath.Join(w.Dir, "clicks.damaged-*"))
}

// A table is spoilt while the store is in use: the first question that needs it
// finds out, and the store is made anew.
func TestDamageInUseIsMended(t *testing.T) {
	w := newWorld(t)
	for n := 0; n < 40; n += 20 { // each start writes what was there to a table
		s := w.open()
		_, stop := w.run(s, nil)
		w.logClicks(n, n+20)
		w.untilAt(s, uint64(n/2+10))
		stop()
		check(t, s.Close())
	}
	table := glob(t, filepath.Join(w.Dir, "clicks", "blocks/*.sst"))[0]
	info, err := os.Stat(table)
	check(t, err)
	check(t, os.WriteFile(table, bytes.Repeat([]byte("x"), int(info.Size())), 0o600))
	s := w.open()
	w.run(s, nil)
	until(t, "the first click in a new store", func() bool {
		a, err := s.Find(within(t, 5*time.Second), attribution.Query{ClickID: idOf(0)})
		return err == nil && a.Row != nil
	})
	w.untilAt(s, 20)
	wantClicks(t, s, 0, 40)
	glob(t, filepath.Join(w.Dir, "clicks.damaged-*"))
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	list, err := filepath.Glob(pattern)
	if err != nil || len(list) == 0 {
		t.Fatalf("no file fits %s: %v", pattern, err)
	}
	return list
}

// Conversions as edges record them: their claims are in a stream of their own
// first, and until the log has them, answers do not claim to know them.
func TestRecordedConversionsAreFound(t *testing.T) {
	w := newWorld(t)
	s := w.open()
	w.run(s, nil)
	now := time.Now()
	until(t, "the log without a claim to count as read", func() bool { return s.AppliedMS() >= now.UnixMilli() })
	claims, err := eventlog.NewClaims(w.NC)
	check(t, err)
	keys := []string{events.ClaimKey("click", idOf(1)), events.ClaimKey("external_id", "i1", "x")}
	c := &click.Click{TimeMS: started, Device: &click.Device{}}
	copy(c.TxID[:], idOf(2))
	c.Conversion = click.Conversion{ClickTxID: idOf(1), TimeMS: started - 5000, EventID: "e-7", EventNumber: "7", Status: click.Pending, DedupeKeys: keys}
	line := events.AppendConversionRow(nil, c, events.Meta{Node: "n1"})
	recorded, _, err := claims.Record(within(t, 10*time.Second), &events.Claim{TxID: idOf(2), Kind: events.Event, Keys: keys, Line: line})
	if err != nil || !recorded {
		t.Fatalf("recorded %v, %v", recorded, err)
	}
	now = time.Now()
	until(t, "the claim to count as read", func() bool { return s.AppliedMS() >= now.UnixMilli() })
	a, err := s.Find(within(t, 5*time.Second), attribution.Query{ClickID: idOf(1), Keys: keys})
	check(t, err)
	row, err := events.DecodeRow(events.Event, line)
	check(t, err)
	want := attribution.Prior{TxID: idOf(2), EventID: "e-7", Status: click.Pending.String(), Hash: row.RowHash(), TimeMS: started - 5000, Kind: events.Event, Row: row.Line}
	if len(a.Conversions) != 1 || !reflect.DeepEqual(a.Conversions[0], want) || a.Holders[keys[0]] != idOf(2) || a.Holders[keys[1]] != idOf(2) {
		t.Errorf("found %+v\nwant %+v", a, want)
	}
}
