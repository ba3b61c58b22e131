package service

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream/follow"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// still is a Counter that does only what it is told, one step after the other.
type still struct {
	*Counter
	world *world
}

func (w *world) still(set *config.Set) *still {
	w.T.Helper()
	c, err := New(Options{NC: w.NC, JS: w.JS, Node: "w1", Dir: filepath.Join(w.Dir, "still")})
	check(w.T, err)
	w.T.Cleanup(func() { check(w.T, c.Close()) })
	check(w.T, c.SetConfig(set))
	return &still{c, w}
}

// log writes rows to the log and has them counted.
func (s *still) log(kind events.Kind, rows ...[]byte) {
	s.world.T.Helper()
	sequence := s.world.Publish(kind, rows...)
	for range 2 { // the second time it does nothing
		check(s.world.T, (*sink)(s.Counter).Apply([]follow.Block{block(kind, sequence, bytes.Join(rows, nil))}))
	}
}

func (s *still) want(want string, c *click.Click) {
	s.world.T.Helper()
	check(s.world.T, s.fillAll(within(s.world.T, 10*time.Second)))
	check(s.world.T, (&counter{Counter: s.Counter}).lockedSave())
	book := caps.NewBook(1, caps.Options{})
	for d := range s.fold.Export(1, 1) {
		book.Merge(d)
	}
	if got := sums(s.rules, book, c); got != want {
		s.world.T.Errorf("sums %s, want %s", got, want)
	}
}

// changed is the row of a conversion after a change by hand.
func changed(c *click.Click, payout string) []byte {
	c.Conversion.Update.TimeMS = now.UnixMilli()
	c.Verdict.Payout = money.MustParse(payout)
	return rowOf(c, "")
}

// A version that comes while the first one is still to be read up is counted
// once, in full.
func TestChangeBehindAGap(t *testing.T) {
	w := newWorld(t)
	s, sale := w.still(configOf(t, nil)), made(events.Conversion, 1)
	s.log(events.Conversion, rowOf(sale, ""), rowOf(made(events.Conversion, 2), ""))
	check(t, s.SetConfig(configOf(t, documents("budget", "100"))))
	s.log(events.Conversion, changed(sale, "20"))
	s.want("30.25", sale)
	s.log(events.Conversion, changed(sale, "30"))
	s.want("40.25", sale)
}

// So is one of a conversion that a cap has counted that was removed since.
func TestChangeBehindAnotherGap(t *testing.T) {
	w := newWorld(t)
	with, without := configOf(t, documents("budget", "100")), configOf(t, nil)
	s, sale := w.still(with), made(events.Conversion, 1)
	s.log(events.Conversion, rowOf(sale, ""))
	check(t, s.SetConfig(without))
	s.log(events.Conversion, changed(sale, "20"))
	check(t, s.SetConfig(with))
	s.log(events.Conversion, changed(sale, "30"))
	s.want("30", sale)
}

// Caps that are new at different places of the log are read up to theirs.
func TestGapsThatEndApart(t *testing.T) {
	w := newWorld(t)
	s, sale := w.still(configOf(t, nil)), made(events.Event, 1)
	s.log(events.Event, rowOf(sale, ""))
	check(t, s.SetConfig(configOf(t, several()[:2])))
	s.log(events.Event, rowOf(made(events.Event, 2), ""))
	check(t, s.SetConfig(configOf(t, several(), config.Cap{Type: "revenue", Period: "all", Value: money.MustParse("100")})))
	s.log(events.Event, rowOf(made(events.Event, 3), ""))
	s.want("3 3 30.75 45 45", sale)
}

// A block that fails in its middle is counted from its beginning the next time.
func TestBlockThatFails(t *testing.T) {
	w := newWorld(t)
	s := w.still(configOf(t, several()))
	good, bad := rowOf(made(events.Event, 1), ""), rowOf(made(events.Event, 2), "")
	id, err := parseTxID(bad)
	check(t, err)
	check(t, s.db.Set(versionKey(inVersions, id), []byte("?"), pebble.NoSync))
	b := block(events.Event, 1, append(good, bad...))
	if err := (*sink)(s.Counter).Apply([]follow.Block{b}); !errors.Is(err, errDamaged) {
		t.Fatalf("%v, want damage", err)
	}
	check(t, s.db.Delete(versionKey(inVersions, id), pebble.NoSync))
	check(t, (*sink)(s.Counter).Apply([]follow.Block{b}))
	s.want("2 2 20.5 30", made(events.Event, 1))
}

func TestNothingIsToldTooEarly(t *testing.T) {
	w := newWorld(t)
	s := w.still(configOf(t, several()))
	if s.deltas(true) != nil {
		t.Error("it tells before it has seen the log")
	}
	check(t, (*sink)(s.Counter).Move(follow.Position{Log: "CLICKGATE@2026-11-20T12:00:00Z"}))
	s.log(events.Event, rowOf(made(events.Event, 1), ""))
	n := 0
	for d := range s.deltas(false) {
		n += len(d.Counters)
		if d.LogMS == 0 || d.AppliedMS != now.UnixMilli() {
			t.Errorf("told as of %d in the log of %d", d.AppliedMS, d.LogMS)
		}
	}
	if n != 4 {
		t.Errorf("%d counters told, want 4", n)
	}
	w.NC.Close()
	if s.publish(Deltas, false) || s.stats.unsent.Load() != 1 {
		t.Error("sent without a connection")
	}
}

// Rows of no offer or publisher with caps leave nothing behind, changed or not.
func TestOthersLeaveNothingBehind(t *testing.T) {
	w := newWorld(t)
	s := w.still(configOf(t, several()))
	other := made(events.Event, 1, func(c *click.Click) { c.Link.OfferID = "p" })
	s.log(events.Event, rowOf(other, "n.1"), changed(other, "3"))
	none := func(place byte) {
		t.Helper()
		check(t, (&counter{Counter: s.Counter}).lockedSave())
		check(t, eachIn(s.db, place, func(key, _ []byte) error { t.Errorf("kept %c %x", place, key); return nil }))
	}
	none(inVersions)
	check(t, s.SetConfig(configOf(t, several()[:1])))
	check(t, s.SetConfig(configOf(t, several())))
	s.want("", other)
	none(inVersions)
	none(inPast)
}

// What a filling left behind that a crash has cut off is of no use to the next.
func TestFillingBeginsAnew(t *testing.T) {
	w := newWorld(t)
	s, sale := w.still(configOf(t, nil)), made(events.Event, 1)
	row := rowOf(sale, "")
	s.log(events.Event, row)
	id, err := parseTxID(row)
	check(t, err)
	left := version{from: 1, at: 1, status: click.Approved, payout: money.MustParse("3"), revenue: money.MustParse("4")}
	check(t, s.db.Set(versionKey(inPast, id), left.appendTo(nil), pebble.NoSync))
	check(t, s.SetConfig(configOf(t, several())))
	s.want("1 1 10.25 15", sale)
	check(t, eachIn(s.db, inPast, func(key, _ []byte) error { t.Errorf("left %x", key); return nil }))
}

func TestBlocksThatComeAgain(t *testing.T) {
	w := newWorld(t)
	s := w.still(configOf(t, several()))
	first := rowOf(made(events.Event, 1), "")
	s.log(events.Event, first)
	s.log(events.Event, rowOf(made(events.Event, 2), ""))
	check(t, (*sink)(s.Counter).Apply([]follow.Block{block(events.Event, 1, first)}))
	if at := (*sink)(s.Counter).Position().Sequence; at != 2 || s.stats.read.Load() != 2 {
		t.Errorf("at %d, %d rows read, want 2 and 2", at, s.stats.read.Load())
	}
}

// Sums that are made anew are told when they are up again, not before.
func TestMendBeginsAnew(t *testing.T) {
	w := newWorld(t)
	s := w.still(configOf(t, several()))
	s.log(events.Event, rowOf(made(events.Event, 1), ""))
	check(t, (*sink)(s.Counter).Mend())
	if s.deltas(true) == nil {
		t.Error("it was well, and tells nothing")
	}
	_ = s.check(errDamaged)
	check(t, (*sink)(s.Counter).Mend())
	if at := (*sink)(s.Counter).Position(); s.deltas(true) != nil || at != (follow.Position{}) {
		t.Errorf("made anew it is at %+v and tells", at)
	}
	s.log(events.Event, rowOf(made(events.Event, 2), ""))
	s.want("1 1 10.25 15", made(events.Event, 1))
}

func TestPeriodsThatAreOver(t *testing.T) {
	w := newWorld(t)
	w.offset = 5 * 24 * time.Hour
	worker := w.count(configOf(t, several()))
	e := w.edge("e1", worker.rules)
	e.take(events.Event)
	worker.untilAt(t, 1)
	check(t, worker.lockedSave())
	for d := range worker.fold.Export(1, 1) {
		if len(d.Counters) > 0 {
			t.Errorf("counters %+v of a day that is over", d.Counters)
		}
	}
	late := NewListener(ListenerOptions{NC: w.NC, Book: e.book, Now: func() time.Time { return time.Now().Add(w.offset) }})
	ctx, cancel := context.WithCancel(within(t, 10*time.Second))
	done := make(chan error)
	go func() { done <- late.Run(ctx) }()
	until(t, "the book to be empty", func() bool { return e.book.Len() == 0 })
	cancel()
	check(t, <-done)
}

// A cap that is new reads up what another one has counted further.
func TestChangeWhileAnotherCapIsReadUp(t *testing.T) {
	w := newWorld(t)
	s, sale := w.still(configOf(t, several()[2:3])), made(events.Event, 1)
	s.log(events.Event, rowOf(sale, ""))
	check(t, s.SetConfig(configOf(t, several()[1:3])))
	s.log(events.Event, changed(sale, "20"))
	s.want("1 20", sale)
	s.log(events.Event, changed(sale, "30"))
	s.want("1 30", sale)
}

func TestNothingIsWrittenThatHasNotChanged(t *testing.T) {
	w := newWorld(t)
	s := w.still(configOf(t, several()))
	s.log(events.Event, rowOf(made(events.Event, 1), "n.1"))
	s.want("1 1 10.25 15", made(events.Event, 1))
	before := s.db.Metrics().WAL.BytesIn
	s.want("1 1 10.25 15", made(events.Event, 1))
	if after := s.db.Metrics().WAL.BytesIn; after != before {
		t.Errorf("%d bytes were written again", after-before)
	}
}

// Days that are over raise no notices, from the first row on.
func TestNoNoticesOfOldDays(t *testing.T) {
	w := newWorld(t)
	s := w.still(configOf(t, documents("conversions", "1")))
	s.log(events.Conversion, rowOf(made(events.Conversion, 1, func(c *click.Click) { c.TimeMS -= 5 * 24 * 3600 * 1000 }), ""))
	if n := s.stats.notices.Load(); n != 0 {
		t.Errorf("%d notices", n)
	}
	s.log(events.Conversion, rowOf(made(events.Conversion, 2), ""))
	if n := s.stats.notices.Load(); n != 2 {
		t.Errorf("%d notices of today, want 2: half full and full", n)
	}
}

// An edge that nobody answers asks again, and takes that for no mistake.
func TestNobodyAnswers(t *testing.T) {
	w := newWorld(t)
	e := w.edge("e1", nil)
	sent := func() uint64 { return e.opt.NC.Stats().OutMsgs }
	until(t, "the edge to ask and be told that nobody is there", func() bool { return sent() > 2 && e.opt.NC.Stats().InMsgs > 2 })
	if e.Complete() || e.bad.Load() != 0 {
		t.Errorf("complete %v, %d bad answers", e.Complete(), e.bad.Load())
	}
}
