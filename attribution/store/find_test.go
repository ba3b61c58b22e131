package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

func TestFindByClickID(t *testing.T) {
	s := open(t, Options{})
	plain, odd, impression := idOf(today, 1), idOf(today, 2), idOf(today, 3)
	rows := map[string]string{
		plain:      clickRow(plain, `"country":"DE"`),
		odd:        `{"tx_id":"` + odd + `","request_time":"x"}`, // does not begin like the others
		impression: clickRow(impression),
	}
	feed(t, s, events.Click, rows[plain], rows[odd])
	feed(t, s, events.Impression, rows[impression])
	for id, kind := range map[string]events.Kind{plain: events.Click, odd: events.Click, impression: events.Impression} {
		a := find(t, s, attribution.Query{ClickID: id})
		if string(a.Row) != rows[id] || a.Kind != kind || a.MatchedBy != attribution.ByClickID {
			t.Errorf("%s is found as %s %s by %q, want %s %s", id, a.Kind, a.Row, a.MatchedBy, kind, rows[id])
		}
	}
	a := find(t, s, attribution.Query{ClickID: idOf(today, 4)})
	if a.Row != nil || a.MatchedBy != "" || a.AppliedMS != today.UnixMilli()+2 {
		t.Errorf("an unknown click is found: %+v", a)
	}
}

// What Recall needs comes back whole.
func TestFoundRowsCanBeRecalled(t *testing.T) {
	c := &click.Click{TimeMS: today.UnixMilli(), Offer: "o-1", UserAgent: `Mozilla "5.0" \ ü`, Device: &click.Device{}}
	copy(c.TxID[:], idOf(today, 1))
	line := events.AppendRow(nil, c, events.Meta{Node: "n1"})
	s := open(t, Options{})
	feed(t, s, events.Click, strings.TrimSuffix(string(line), "\n"))
	row, err := events.DecodeRow(events.Click, find(t, s, attribution.Query{ClickID: idOf(today, 1)}).Row)
	if err != nil {
		t.Fatal(err)
	}
	var back click.Click
	if err := row.Recall(&back); err != nil || back.Offer != c.Offer || back.UserAgent != c.UserAgent || back.TxID != c.TxID {
		t.Errorf("recalled %+v, %v", back, err)
	}
}

func TestOnlyVisitsAreStored(t *testing.T) {
	s := open(t, Options{})
	for n, purpose := range []string{"prefetch", "unfurl", "head"} {
		feed(t, s, events.Click, clickRow(idOf(today, n), `"purpose":"`+purpose+`"`))
		if has(t, s, idOf(today, n)) {
			t.Errorf("a click of purpose %s is stored", purpose)
		}
	}
}

func TestBadLinesAreLeftOut(t *testing.T) {
	s := open(t, Options{})
	good := idOf(today, 1)
	feed(t, s, events.Click, `{"tx_id":"short"}`, `not json`, clickRow(idOf(today, 2))[:60], clickRow(strings.ToUpper(idOf(today, 0xab))), clickRow(good))
	feed(t, s, events.Conversion, `[1]`, `{"tx_id":7}`, conversionRow(idOf(today, 3), "", `"dedupe_keys":[""]`), conversionRow(idOf(today, 4), "", `"event_db_id":{}`))
	if !has(t, s, good) {
		t.Error("the good line behind bad ones is not stored")
	}
	if n := s.counts.bad.Load(); n != 8 {
		t.Errorf("%d bad lines are counted, want 8", n)
	}
}

func TestConversionsOfAClick(t *testing.T) {
	s := open(t, Options{})
	click := idOf(today, 1)
	first, second, later := idOf(today.Add(time.Hour), 1), idOf(today.Add(2*time.Hour), 1), idOf(today.Add(3*time.Hour), 1)
	feed(t, s, events.Click, clickRow(click))
	feed(t, s, events.Conversion, conversionRow(second, click, `"event_id":0`, `"status":"Pending"`, `"hash":"h1"`, `"conversion_time":"2026-11-21T14:00:00.000Z"`))
	feed(t, s, events.Conversion, conversionRow(first, click))
	feed(t, s, events.Event, conversionRow(later, click, `"event_id":7,"event_db_id":"e7"`))
	newest := conversionRow(second, click, `"event_id":0`, `"status":"Approved"`, `"hash":"h2"`, `"conversion_time":"2026-11-21T14:00:00.000Z"`)
	feed(t, s, events.Conversion, newest)
	feed(t, s, events.Conversion, conversionRow(idOf(today.Add(time.Hour), 2), idOf(today, 2))) // another's

	a := find(t, s, attribution.Query{ClickID: click})
	var ids []string
	for _, p := range a.Conversions {
		ids = append(ids, p.TxID)
	}
	if want := []string{first, second, later}; !slices.Equal(ids, want) {
		t.Fatalf("conversions %v, want %v", ids, want)
	}
	p := a.Conversions[1]
	if p.Status != "Approved" || p.Hash != "h2" || p.EventID != "" || p.TimeMS != today.Add(2*time.Hour).UnixMilli() || string(p.Row) != newest || p.Kind != events.Conversion {
		t.Errorf("the changed conversion is %+v", p)
	}
	if p := a.Conversions[2]; p.EventID != "e7" || p.Kind != events.Event || p.TimeMS != today.Add(3*time.Hour).UnixMilli() {
		t.Errorf("the event is %+v", p)
	}
	one := find(t, s, attribution.Query{ConversionID: second})
	if len(one.Conversions) != 1 || one.Conversions[0].Hash != "h2" || string(one.Row) != clickRow(click) || one.MatchedBy != attribution.ByConversion {
		t.Errorf("by its own id the conversion is %+v", one)
	}
	if none := find(t, s, attribution.Query{ConversionID: idOf(today, 9)}); none.Conversions != nil || none.Row != nil {
		t.Errorf("an unknown conversion is %+v", none)
	}
}

// A conversion that could not be attributed is, once its click is known.
func TestConversionFindsItsClick(t *testing.T) {
	s := open(t, Options{})
	click, own := idOf(today, 1), idOf(today, 2)
	feed(t, s, events.Click, clickRow(click))
	feed(t, s, events.Conversion, conversionRow(own, "made up", `"status":"Not_Found"`))
	if a := find(t, s, attribution.Query{ConversionID: own}); len(a.Conversions) != 1 || a.Row != nil || a.Conversions[0].Status != "Not_Found" {
		t.Errorf("without a click it is %+v", a)
	}
	// Both versions in one batch, too.
	for _, blocks := range [][]Block{
		{blockOf(events.Conversion, 3, conversionRow(own, click, `"status":"Approved"`))},
		{blockOf(events.Conversion, 4, conversionRow(own, "")), blockOf(events.Conversion, 5, conversionRow(own, click, `"status":"Approved"`))},
	} {
		if err := s.Apply(blocks); err != nil {
			t.Fatal(err)
		}
		if a := find(t, s, attribution.Query{ClickID: click}); len(a.Conversions) != 1 || a.Conversions[0].Status != "Approved" {
			t.Errorf("with a click it is %+v", a.Conversions)
		}
		low := conversionKey(id{}, id{})
		if _, closer, err := s.db.Get(append(low[:17], conversionKey(id{}, mustID(t, own))[17:]...)); err == nil {
			closer.Close()
			t.Error("its version without a click is still there")
		}
	}
}

func mustID(t *testing.T, text string) id {
	t.Helper()
	d, err := parseID(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAnswersAreBounded(t *testing.T) {
	s := open(t, Options{})
	click, padding := idOf(today, 1), `"x":"`+strings.Repeat("x", 2000)+`"`
	var lines []string
	for n := range maxPriors + 7 {
		lines = append(lines, conversionRow(idOf(today.Add(time.Second), n), click, padding))
	}
	feed(t, s, events.Event, lines...)
	a := find(t, s, attribution.Query{ClickID: click})
	if len(a.Conversions) != maxPriors || a.Omitted != 7 {
		t.Errorf("%d conversions and %d left out, want %d and 7", len(a.Conversions), a.Omitted, maxPriors)
	}
	size := 0
	for _, p := range a.Conversions {
		size += len(p.Row)
	}
	if newest := a.Conversions[maxPriors-1]; size > maxRowBytes || newest.Row == nil || newest.TxID != idOf(today.Add(time.Second), maxPriors+6) {
		t.Errorf("rows of %d bytes, the newest %s with a row of %d", size, newest.TxID, len(newest.Row))
	}
}

func TestHolders(t *testing.T) {
	s := open(t, Options{})
	day := func(n int) time.Time { return today.Add(-days(n)) }
	hold := func(kind events.Kind, at time.Time, n int, keys string) string {
		own := idOf(at, n)
		feed(t, s, kind, conversionRow(own, "", `"dedupe_keys":[`+keys+`]`))
		return own
	}
	want := map[string]string{}
	want["old"] = hold(events.Conversion, day(95), 1, `"old"`)
	hold(events.Conversion, day(170), 2, `"gone"`)
	hold(events.Conversion, day(70), 3, `"renewed"`)
	want["renewed"] = hold(events.Conversion, day(1), 4, `"renewed"`)
	hold(events.Conversion, day(40), 5, `"renewed"`) // comes late
	want["two"] = hold(events.Conversion, day(1), 6, `"one","two"`)
	want["one"] = want["two"]
	hold(events.Conversion, day(1), 5, `"one"`) // older in the same period
	want["of an event"] = hold(events.Event, day(1), 7, `"of an event"`)

	keys := []string{"old", "gone", "renewed", "one", "two", "of an event", "never"}
	if got := find(t, s, attribution.Query{Keys: keys}).Holders; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("holders\n%v, want\n%v", got, want)
	}
}

func TestQueriesAreChecked(t *testing.T) {
	s := open(t, Options{})
	for name, q := range map[string]attribution.Query{
		"short":     {ClickID: "12"},
		"upper":     {ClickID: strings.ToUpper(idOf(today, 0xab))},
		"not hex":   {ConversionID: strings.Repeat("x", 32)},
		"empty key": {Keys: []string{""}},
		"long key":  {Keys: []string{strings.Repeat("k", attribution.MaxKeyBytes+1)}},
		"many keys": {Keys: make([]string, attribution.MaxKeys+1)},
	} {
		if _, err := s.Find(context.Background(), q); !errors.Is(err, attribution.ErrQuery) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Find(ended, attribution.Query{}); !errors.Is(err, attribution.ErrUnavailable) {
		t.Errorf("after its deadline: %v", err)
	}
}
