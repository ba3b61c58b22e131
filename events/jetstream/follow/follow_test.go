package follow

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
)

func TestFollow(t *testing.T) {
	w, l := newWorld(t), &list{}
	w.log(events.Click, "a", "b")
	f := w.follower(l, false, nil)
	stop := w.run(f)
	w.log(events.Postback, "x")
	w.log(events.Conversion, "c")
	untilText(t, l, "a b c")
	now := time.Now()
	until(t, "an idle log to count as read", func() bool { return l.AppliedMS() >= now.UnixMilli() })
	if at := l.Position(); time.Since(at.Created()) > time.Hour || time.Since(at.Created()) < 0 || at.SinceMS != 0 || f.Failed() || f.Pending() != 0 {
		t.Errorf("at %+v of a log of %v", at, at.Created())
	}
	stop()
	w.log(events.Click, "d")
	w.run(w.follower(l, false, nil))
	untilText(t, l, "a b c d")
}

func TestSinkThatFails(t *testing.T) {
	w, l := newWorld(t), &list{fail: errors.New("disk is full")}
	f := w.follower(l, false, nil)
	w.run(f)
	w.log(events.Click, "a")
	untilText(t, l, "a")
	if f.Failures() == 0 || l.mends == 0 {
		t.Errorf("%d failures, %d times mended", f.Failures(), l.mends)
	}
	until(t, "the failure to be over", func() bool { return !f.Failed() })
}

// What was applied before the log heard of it is not read again.
func TestAcknowledgementsThatGotLost(t *testing.T) {
	w, l := newWorld(t), &list{}
	f := w.follower(l, false, nil)
	r, err := f.attach(within(t, 5*time.Second))
	check(t, err)
	w.log(events.Click, "a", "b", "c")
	batch, err := r.consumer.Fetch(3, jetstream.FetchMaxWait(5*time.Second))
	check(t, err)
	for msg := range batch.Messages() {
		check(t, r.take(msg))
	}
	check(t, l.Apply(r.blocks)) // and no acknowledgement
	w.run(f)
	w.log(events.Click, "d")
	untilText(t, l, "a b c d")
}

func TestDeliveryOutOfOrder(t *testing.T) {
	w, l := newWorld(t), &list{}
	f := w.follower(l, false, nil)
	r, err := f.attach(within(t, 5*time.Second))
	check(t, err)
	w.log(events.Click, "a", "b")
	batch, err := r.consumer.Fetch(2, jetstream.FetchMaxWait(5*time.Second))
	check(t, err)
	<-batch.Messages()
	if err := r.take(<-batch.Messages()); !errors.Is(err, errOrder) {
		t.Errorf("the second delivery came first: %v", err)
	}
}

// Another log, or one that lost its end, is read from its beginning where that
// does no harm, and else from the time on up to which the other one was read.
func TestAnotherLog(t *testing.T) {
	for _, again := range []bool{true, false} {
		w, l := newWorld(t), &list{}
		stop := w.run(w.follower(l, again, nil))
		w.log(events.Click, "a", "b")
		untilText(t, l, "a b")
		at := l.Position()
		stop()
		check(t, w.JS.DeleteStream(within(t, 5*time.Second), eventlog.Stream))
		w.Make()
		w.log(events.Click, "c", "d", "e")
		stop = w.run(w.follower(l, again, nil))
		untilText(t, l, "a b c d e")
		if now := l.Position(); now.Log == at.Log || now.Sequence != 3 {
			t.Errorf("at %+v, was at %+v", now, at)
		}
		stop()
		lost := l.Position()
		lost.Sequence = 7
		check(t, l.Move(lost))
		w.run(w.follower(l, again, nil))
		w.log(events.Click, "f")
		untilText(t, l, map[bool]string{true: "a b c d e c d e f", false: "a b c d e f"}[again])
	}
}

func TestGapIsTold(t *testing.T) {
	w, l := newWorld(t), &list{}
	w.log(events.Click, "a", "b", "c")
	stream, err := w.JS.Stream(within(t, 5*time.Second), eventlog.Stream)
	check(t, err)
	check(t, stream.Purge(within(t, 5*time.Second), jetstream.WithPurgeSequence(3)))
	core, logged := observer.New(zap.WarnLevel)
	w.run(w.follower(l, false, zap.New(core)))
	untilText(t, l, "c")
	if at := l.Position(); at.SinceMS == 0 || logged.FilterMessageSnippet("have left the event log").Len() != 1 {
		t.Errorf("at %+v; told: %v", at, logged.All())
	}
}

func TestHold(t *testing.T) {
	w, l := newWorld(t), &list{}
	f := w.follower(l, false, nil)
	now := time.Now()
	l.CaughtUp(now.UnixMilli())
	f.hold(false, now)
	if held := l.AppliedMS(); held != 1 { // nothing was ever seen complete
		t.Errorf("at first the log is known up to %d", held)
	}
	f.hold(true, now.Add(-time.Minute))
	if free := l.AppliedMS(); free != now.UnixMilli() {
		t.Errorf("with all claims the log is known up to %d, want %d", free, now.UnixMilli())
	}
	f.hold(false, now)
	if held, want := l.AppliedMS(), now.Add(-time.Minute).UnixMilli(); held != want {
		t.Errorf("without the last claims the log is known up to %d, want %d", held, want)
	}
}

func TestPast(t *testing.T) {
	w := newWorld(t)
	kinds := []events.Kind{events.Click, events.Conversion}
	read := func(since time.Time, last uint64) string {
		t.Helper()
		var lines []string
		for b, err := range Past(within(t, 10*time.Second), w.JS, kinds, since, last) {
			check(t, err)
			lines = append(lines, string(b.Data))
		}
		return strings.Join(lines, " ")
	}
	if got := read(time.Time{}, 10); got != "" {
		t.Errorf("an empty log: %q", got)
	}
	w.log(events.Click, "a", "b")
	w.log(events.Postback, "x", "x")
	last := w.log(events.Conversion, "c", "d")
	for up, want := range map[uint64]string{0: "", 2: "a b", 4: "a b", last - 1: "a b c", last: "a b c d", last + 5: "a b c d"} {
		if got := read(time.Time{}, up); got != want {
			t.Errorf("up to %d: %q, want %q", up, got, want)
		}
	}
	stream, err := w.JS.Stream(within(t, 5*time.Second), eventlog.Stream)
	check(t, err)
	b, err := stream.GetMsg(within(t, 5*time.Second), 2)
	check(t, err)
	if got := read(b.Time, last); got != "b c d" {
		t.Errorf("since b: %q", got)
	}
	w.NC.Close()
	for _, err := range Past(within(t, 10*time.Second), w.JS, kinds, time.Time{}, last) {
		if err == nil {
			t.Error("a block without a connection")
		}
	}
}

func TestLogThatLacksClaimsIsNotComplete(t *testing.T) {
	source := func(name string, change func(*jetstream.StreamSourceInfo)) *jetstream.StreamSourceInfo {
		s := &jetstream.StreamSourceInfo{Name: name, Seq: 9, Active: time.Second}
		change(s)
		return s
	}
	for name, c := range map[string]struct {
		change func(*jetstream.StreamSourceInfo)
		want   bool
	}{
		"all of it":                       {func(s *jetstream.StreamSourceInfo) { s.Seq, s.Active, s.Lag = 10, -1, 3 }, true},
		"behind, and nothing waits":       {func(s *jetstream.StreamSourceInfo) {}, true},
		"behind, and something waits":     {func(s *jetstream.StreamSourceInfo) { s.Lag = 1 }, false},
		"behind, and never heard of":      {func(s *jetstream.StreamSourceInfo) { s.Active = -1 }, false},
		"behind, and not heard of lately": {func(s *jetstream.StreamSourceInfo) { s.Active = time.Hour }, false},
		"behind, and failing":             {func(s *jetstream.StreamSourceInfo) { s.Error = &jetstream.APIError{} }, false},
	} {
		got := hasAll([]*jetstream.StreamSourceInfo{source("other", func(s *jetstream.StreamSourceInfo) {}), source("A", c.change)}, map[string]uint64{"A": 10})
		if got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// While there is no room nothing is applied, and then everything.
func TestNoRoom(t *testing.T) {
	w, l := newWorld(t), &list{}
	var full, asked atomic.Bool
	full.Store(true)
	f := New(Options{
		JS: w.JS, Sink: l, Durable: "clickgate-test-n1", Kinds: []events.Kind{events.Click}, Name: "the list",
		Room: func() error {
			asked.Store(true)
			if full.Load() {
				return errors.New("full")
			}
			return nil
		},
	})
	w.run(f)
	w.log(events.Click, "a", "b")
	until(t, "somebody to ask for room", asked.Load)
	if l.text() != "" {
		t.Errorf("%q is applied without room", l.text())
	}
	full.Store(false)
	untilText(t, l, "a b")
	if f.Failures() != 0 {
		t.Errorf("waiting counts as %d failures", f.Failures())
	}
}
