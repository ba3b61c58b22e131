package amend

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

var reject = events.Change{Status: click.Rejected, Reason: "fake", By: "ann"}

func TestAmendOne(t *testing.T) {
	w := newWorld(t)
	at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC).UnixMilli()
	for i, tt := range []struct {
		name   string
		change Change
		want   Outcome
		status string
	}{
		{"any state", Change{To: reject}, Changed, "Rejected"},
		{"this state", Change{Hash: "h0", ConversionMS: at, To: reject}, Changed, "Rejected"},
		{"another hash", Change{Hash: "h1", ConversionMS: at, To: reject}, Stale, "Pending"},
		{"another time", Change{Hash: "h0", ConversionMS: at + 1, To: reject}, Stale, "Pending"},
		{"as it is", Change{Hash: "h0", To: events.Change{Status: click.Pending}}, Unchanged, "Pending"},
		{"not meant", Change{Fits: func(r events.Row) bool { return r.Text("status") == "Approved" }, To: reject}, NotFound, "Pending"},
		{"meant", Change{Fits: func(r events.Row) bool { return r.Text("status") == "Pending" }, To: reject}, Changed, "Rejected"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.change.ConversionID = idOf(100 + i)
			w.record(events.Conversion, tt.change.ConversionID, idOf(1), `"status":"Pending","payout":1.5`)
			r, err := w.Amend(within(w.T, 20*time.Second), tt.change)
			check(t, err)
			if r.Outcome() != tt.want || r.AppliedMS == 0 || r.Count(NotFound) != 0 {
				t.Fatalf("%+v, want %s", r, tt.want)
			}
			versions := 1
			if tt.want == Changed {
				versions = 2
				until(w.T, "the change is read", func() bool { return w.row(tt.change.ConversionID).Text("status") == tt.status })
			}
			if row := w.row(tt.change.ConversionID); row.Text("status") != tt.status || len(r.Items) > 0 && string(r.Items[0].Row) != string(row.Line) {
				t.Errorf("read %s, returned %+v", row.Line, r.Items)
			}
			if n := w.versions(tt.change.ConversionID); n != versions {
				t.Errorf("%d versions in the log, want %d", n, versions)
			}
		})
	}
	if r, err := w.Amend(within(w.T, 20*time.Second), Change{ConversionID: idOf(9), To: reject}); err != nil || r.Outcome() != NotFound {
		t.Errorf("an unknown conversion: %+v, %v", r, err)
	}
}

// A click's conversions and events are changed together; the same change again
// changes nothing.
func TestAmendClick(t *testing.T) {
	w := newWorld(t)
	mine := idOf(1)
	w.record(events.Conversion, idOf(2), mine, `"status":"Approved"`)
	w.record(events.Event, idOf(3), mine, `"status":"Hold"`)
	w.record(events.Conversion, idOf(4), mine, `"status":"Rejected","rejected_advanced_reason":"fake"`)
	w.record(events.Conversion, idOf(5), idOf(6), `"status":"Approved"`)
	c := Change{ClickID: mine, To: reject}
	c.To.TimeMS = 5 // is not what counts
	r, err := w.Amend(within(w.T, 20*time.Second), c)
	if err != nil || outcomes(&r) != "changed changed changed" || r.Count(Changed) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	for range 2 {
		if r, err = w.Amend(within(w.T, 20*time.Second), Change{ClickID: mine, To: events.Change{Status: click.Rejected}}); err != nil || r.Count(Unchanged) != 3 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if got := w.row(idOf(5)).Text("status"); got != "Approved" {
		t.Errorf("another click's conversion is %s", got)
	}
}

// Many change one conversion at once: every change is made exactly once, each on
// the state that another has left.
func TestRaces(t *testing.T) {
	w := newWorld(t)
	const n = 16
	id := idOf(1)
	w.record(events.Conversion, id, idOf(2), `"status":"Approved"`)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			c := Change{ConversionID: id}
			c.To.Payout = amount(strconv.Itoa(i + 1))
			if r, err := w.Amend(within(w.T, 20*time.Second), c); err != nil || r.Outcome() != Changed {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
	all.Wait()
	if got := w.versions(id); got != n+1 {
		t.Errorf("%d versions, want %d", got, n+1)
	}
}

// Of those that change the state they have seen, one wins.
func TestOneOfAStateWins(t *testing.T) {
	w := newWorld(t)
	id := idOf(1)
	w.record(events.Conversion, id, idOf(2), `"status":"Approved"`)
	var all sync.WaitGroup
	results := make([]Outcome, 8)
	for i := range results {
		all.Go(func() {
			c := Change{ConversionID: id, Hash: "h0"}
			c.To.Payout = amount(strconv.Itoa(i + 1))
			r, err := w.Amend(within(w.T, 20*time.Second), c)
			if results[i] = r.Outcome(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := fmt.Sprint(results); w.versions(id) != 2 || (&Result{Items: itemsOf(results)}).Count(Stale) != len(results)-1 {
		t.Errorf("%d versions, %s", w.versions(id), got)
	}
}

func itemsOf(list []Outcome) (items []Item) {
	for _, o := range list {
		items = append(items, Item{Outcome: o})
	}
	return items
}

// Changes to and fro within one millisecond are all made: no two states of a
// conversion have one hash.
func TestStatesDiffer(t *testing.T) {
	w := newWorld(t)
	now := time.Now()
	w.Now = func() time.Time { return now }
	id := idOf(1)
	w.record(events.Conversion, id, idOf(2), `"status":"Approved"`)
	seen := map[string]bool{}
	for i := range 6 {
		status := []click.Status{click.Rejected, click.Approved}[i%2]
		r, err := w.Amend(within(w.T, 20*time.Second), Change{ConversionID: id, To: events.Change{Status: status}})
		if err != nil || r.Outcome() != Changed {
			t.Fatalf("change %d: %+v, %v", i, r, err)
		}
		until(w.T, "it is read", func() bool { return w.row(id).Text("status") == status.String() })
		seen[w.row(id).RowHash()] = true
	}
	if len(seen) != 6 {
		t.Errorf("%d states, want 6", len(seen))
	}
}

func amount(s string) *money.Amount { a := money.MustParse(s); return &a }

// finder answers what it is told to.
type finder func(attribution.Query) (attribution.Answer, error)

func (f finder) Find(_ context.Context, q attribution.Query) (attribution.Answer, error) { return f(q) }

// recorder has something of every key already, or fails.
type recorder struct{ err error }

func (r recorder) Record(context.Context, *events.Claim) (bool, string, error) {
	return false, "", r.err
}

func TestWhatCannotBeDone(t *testing.T) {
	now := time.Now()
	good := attribution.Prior{TxID: "0b", Kind: events.Conversion, Hash: "h", Row: []byte(`{"tx_id":"0b","status":"Approved","hash":"h"}`)}
	bad := attribution.Prior{TxID: "0c", Kind: events.Conversion, Row: []byte(`{"tx_id":"0c","status":"?"}`)}
	down := errors.New("the log is away")
	for name, tt := range map[string]struct {
		answer attribution.Answer
		err    error
		record error
		want   error
		items  int
	}{
		"nobody answers":     {err: attribution.ErrUnavailable, want: attribution.ErrUnavailable},
		"far behind":         {answer: attribution.Answer{AppliedMS: now.Add(-attribution.MostBehind - time.Second).UnixMilli(), Conversions: []attribution.Prior{good}}, record: down, want: attribution.ErrUnavailable},
		"no log":             {answer: attribution.Answer{Conversions: []attribution.Prior{good}}, record: down, want: down},
		"a row that is none": {answer: attribution.Answer{Conversions: []attribution.Prior{bad}}, want: ErrRow},
		"one that is none":   {answer: attribution.Answer{Conversions: []attribution.Prior{bad, good}}, record: down, want: down},
		"a winner unread":    {answer: attribution.Answer{Conversions: []attribution.Prior{good}}, want: attribution.ErrUnavailable},
		"a row without room": {answer: attribution.Answer{Conversions: []attribution.Prior{{TxID: "0b"}}}, record: down, want: down},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.answer.AppliedMS == 0 {
				tt.answer.AppliedMS = now.UnixMilli()
			}
			a := &Amender{Recorder: recorder{tt.record}, Finder: finder(func(q attribution.Query) (attribution.Answer, error) {
				if q.ConversionID != "" {
					return attribution.Answer{AppliedMS: now.UnixMilli(), Conversions: []attribution.Prior{good}}, nil
				}
				return tt.answer, tt.err
			})}
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if r, err := a.Amend(ctx, Change{ClickID: "0a", To: reject}); !errors.Is(err, tt.want) || len(r.Items) != tt.items {
				t.Errorf("%+v, %v, want %v", r, err, tt.want)
			}
		})
	}
}

// Who knows the state that he means need not wait for what has become of it.
func TestStaleAtOnce(t *testing.T) {
	prior := attribution.Prior{TxID: "0b", Kind: events.Conversion, Hash: "h", Row: []byte(`{"tx_id":"0b","status":"Approved","hash":"h"}`)}
	a := &Amender{Recorder: recorder{}, Finder: finder(func(attribution.Query) (attribution.Answer, error) {
		return attribution.Answer{AppliedMS: time.Now().UnixMilli(), Conversions: []attribution.Prior{prior}}, nil
	})}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if r, err := a.Amend(ctx, Change{ConversionID: "0b", Hash: "h", To: reject}); err != nil || r.Outcome() != Stale {
		t.Errorf("%+v, %v", r, err)
	}
}
