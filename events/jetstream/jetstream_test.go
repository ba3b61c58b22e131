package jetstream

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

func TestClicksComeOutOfTheLogAsRows(t *testing.T) {
	js, p := embedded(t, Config{})
	l := events.New(p, events.Options{Node: "n1"})
	for i := range 100 {
		c := &click.Click{TimeMS: int64(i), UserAgent: "Mozilla"}
		copy(c.TxID[:], fmt.Sprintf("%032d", i))
		if i%10 == 0 {
			c.Verdict.Reject(click.Bot, "")
		}
		ticket := l.Append(events.Click, events.AppendRow(nil, c, events.Meta{Node: "n1"}))
		if i == 99 && !ticket.Wait() {
			t.Error("the last click was not acknowledged in time")
		}
	}
	l.Append(events.Impression, line(1))
	closeLog(t, l)
	if n := len(read(t, js)); n != 101 {
		t.Errorf("%d rows, want 101", n)
	}
	if n := len(read(t, js, events.Filter{Field: "rejections", Value: "BOT"}, events.Filter{Field: "user_agent", Value: "Mozilla"})); n != 10 {
		t.Errorf("%d rejected rows, want 10", n)
	}
}

func TestTailFollowsOneKind(t *testing.T) {
	js, p := embedded(t, Config{})
	l := events.New(p, events.Options{Node: "n1"})
	defer closeLog(t, l)
	l.Append(events.Click, line(0)).Wait()
	stop := errors.New("seen enough")
	done := make(chan error, 1)
	var got []string
	go func() {
		opt := TailOptions{Kinds: []events.Kind{events.Conversion}}
		done <- Tail(within(t, 20*time.Second), js, opt, func(r events.Row) error {
			got = append(got, r.Kind.String()+r.Text("tx_id"))
			if r.Text("tx_id") == "3" {
				return stop
			}
			return nil
		})
	}()
	until(t, "consumer", func() bool {
		s, err := js.Stream(within(t, time.Second), Stream)
		return err == nil && s.CachedInfo().State.Consumers == 1
	})
	l.Append(events.Click, line(1))
	l.Append(events.Conversion, line(2))
	l.Append(events.Conversion, line(3))
	if err := <-done; !errors.Is(err, stop) {
		t.Fatalf("tail: %v", err)
	}
	if fmt.Sprint(got) != "[conversion2 conversion3]" {
		t.Errorf("rows %v", got)
	}
}

func TestTailOfAnEmptyLogEnds(t *testing.T) {
	js, _ := embedded(t, Config{})
	if n := len(read(t, js)); n != 0 {
		t.Errorf("%d rows in an empty log", n)
	}
}

func TestStoredFindsABlockWhoseIDTheServerForgot(t *testing.T) {
	_, p := embedded(t, Config{Duplicates: 100 * time.Millisecond})
	var last uint64
	for i := range 20 {
		m := &events.Message{ID: "n1.b." + strconv.Itoa(i), Lines: 1, Data: line(i), Born: time.Now()}
		acked := make(chan error, 1)
		p.Publish(m, func(seq uint64, err error) { last = seq; acked <- err })
		if err := <-acked; err != nil {
			t.Fatal(err)
		}
	}
	if last != 20 {
		t.Errorf("the last block has sequence %d, want 20", last)
	}
	for _, tc := range []struct {
		id    string
		after uint64
		want  bool
	}{
		{"n1.b.0", 0, true}, {"n1.b.19", 0, true}, {"n1.b.19", 19, true}, {"n1.b.7", 3, true},
		{"n1.b.20", 0, false}, {"n1.b.7", 8, false}, {"n1.b.7", 20, false}, {"n1.b.7", 1000, false},
	} {
		got, err := p.Stored(within(t, 5*time.Second), &events.Message{ID: tc.id, After: tc.after, Born: time.Now()})
		if got != tc.want || err != nil {
			t.Errorf("Stored(%s after %d) = %v, %v, want %v", tc.id, tc.after, got, err, tc.want)
		}
	}
}

func TestNodeNamesAreOneToken(t *testing.T) {
	for _, bad := range []string{"", "a.b", "*", "a b", ">"} {
		if err := checkNode(bad); err == nil {
			t.Errorf("node %q is accepted", bad)
		}
	}
	if err := checkNode("Edge-1_a"); err != nil {
		t.Error(err)
	}
}

// A full stream that refuses is an outage: nothing is lost, and all of it
// arrives when there is room.
func TestRefusingStreamLosesNothing(t *testing.T) {
	js, p := embedded(t, Config{MaxBytes: 20 << 10, RefuseWhenFull: true})
	l := events.New(p, events.Options{Node: "n1", SpoolAfter: 50 * time.Millisecond, Spool: openSpool(t)})
	const n = 3000
	for i := range n {
		l.Append(events.Click, line(i))
	}
	until(t, "spool", func() bool { return l.Stats().Spooled > 0 })
	if s := l.Stats(); s.Well || s.Lost > 0 {
		t.Errorf("stats with a full stream %+v", s)
	}
	if err := Ensure(within(t, 5*time.Second), js, Config{}); err != nil {
		t.Fatal(err)
	}
	until(t, "acknowledgements", func() bool { return l.Stats().Acknowledged == n })
	closeLog(t, l)
	wantOnce(t, js, n)
}

// A full stream drops its oldest blocks unless told otherwise.
func TestFullStreamKeepsTheNewest(t *testing.T) {
	js, p := embedded(t, Config{MaxBytes: 20 << 10})
	l := events.New(p, events.Options{Node: "n1", BlockBytes: 1000})
	const n = 3000
	for i := range n {
		l.Append(events.Click, line(i))
	}
	closeLog(t, l)
	count := read(t, js)
	if count[strconv.Itoa(n-1)] != 1 || count["0"] != 0 {
		t.Errorf("the newest line %d times, the oldest %d times, want 1 and 0", count[strconv.Itoa(n-1)], count["0"])
	}
	if s := l.Stats(); s.Acknowledged != n || s.Retries != 0 {
		t.Errorf("stats %+v, want all acknowledged", s)
	}
}
