package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// earnedRow is the line of a conversion with what the indexes are made of.
func earnedRow(own, click, event, status string, at time.Time, fields ...string) string {
	return conversionRow(own, click, append(fields, fmt.Sprintf(`"event_db_id":%q,"status":%q,"conversion_time":%q`, event, status, at.UTC().Format(time.RFC3339Nano)))...)
}

// told names the conversions of an answer, those with a row in capitals.
func told(a attribution.Answer, names map[string]string) string {
	var list []string
	for _, p := range a.Conversions {
		name := names[p.TxID]
		if p.Row != nil {
			name = strings.ToUpper(name)
		}
		list = append(list, name)
	}
	return strings.Join(list, " ")
}

func TestBriefAnswers(t *testing.T) {
	s := open(t, Options{})
	mine, other := idOf(today, 1), idOf(today, 2)
	names := map[string]string{}
	earn := func(name, click, event, status string, minute int, fields ...string) {
		own := idOf(today.Add(time.Second), len(names))
		names[own] = name
		feed(t, s, events.Event, earnedRow(own, click, event, status, today.Add(time.Duration(minute)*time.Minute), fields...))
	}
	earn("a0", mine, "", "Not_Found", 1)
	earn("a1", mine, "", "Approved", 50)
	earn("a2", mine, "", "Rejected", 2)
	earn("a3", mine, "", "Approved", 3, `"dedupe_keys":["k3"]`)
	earn("a4", mine, "", "Approved", 40)
	earn("a5", mine, "", "Approved", 4)
	earn("b0", mine, "lead", "Approved", 1)
	earn("b1", mine, "lead", "Approved", -60*24*365*60) // before 1970
	earn("b2", mine, "lead", "Approved", -60*24*365*70)
	earn("c0", mine, strings.Repeat("long", 64), "Not_Found", 1)
	earn("x0", other, "", "Approved", 1, `"dedupe_keys":["x"]`)
	earn("x1", "", "", "Approved", 1)
	for name, tt := range map[string]struct {
		q    attribution.Query
		want string
	}{
		"a click":             {attribution.Query{ClickID: mine}, "A1 A2 a4 B0 B1 c0"},
		"a holder":            {attribution.Query{ClickID: mine, Keys: []string{"k3", "free"}}, "A1 A2 A3 a4 B0 B1 c0"},
		"a holder of another": {attribution.Query{ClickID: mine, Keys: []string{"x"}}, "A1 A2 a4 B0 B1 c0"},
		"another click":       {attribution.Query{ClickID: other}, "X0"},
		"nothing earned":      {attribution.Query{ClickID: idOf(today, 3)}, ""},
	} {
		tt.q.Brief = true
		a := find(t, s, tt.q)
		if got := told(a, names); got != tt.want || a.Omitted != 0 {
			t.Errorf("%s: %s, %d left out; want %s", name, got, a.Omitted, tt.want)
		}
	}
	one := attribution.Query{ConversionID: idOf(today.Add(time.Second), 5), Brief: true}
	if got := told(find(t, s, one), names); got != "A5" {
		t.Errorf("by its own id: %s, want A5", got)
	}
}

// A brief answer by evidence is as one by the id.
func TestBriefMatch(t *testing.T) {
	s := open(t, Options{Match: func(string) bool { return true }})
	feed(t, s, events.Click, clickRow(idOf(today, 1), `"integration_id":"i","device_id":"d"`))
	for n := range 9 {
		feed(t, s, events.Event, earnedRow(idOf(today, 10+n), idOf(today, 1), "", "Approved", today))
	}
	m := &attribution.Match{IntegrationID: "i", DeviceID: "d", SinceMS: today.Add(-time.Hour).UnixMilli(), UntilMS: today.UnixMilli()}
	if a := find(t, s, attribution.Query{Match: m, Brief: true}); len(a.Conversions) != 4 || a.MatchedBy != attribution.ByDeviceID {
		t.Errorf("%d conversions by %q", len(a.Conversions), a.MatchedBy)
	}
}

// settled is what the edge makes of the conversions of an answer: who repeats
// which, and what came last.
func settled(a attribution.Answer) string {
	var list []string
	for _, event := range []string{"", "e1", "e2"} {
		for _, asker := range append([]attribution.Prior{{TxID: "new"}}, a.Conversions...) {
			first, latest := "-", int64(0)
			for _, p := range a.Conversions {
				if p.EventID != event || p.TxID == asker.TxID {
					continue
				}
				if first == "-" && p.Status != click.NotFound.String() {
					first = p.TxID + " " + p.Hash + string(p.Row)
				}
				latest = max(latest, p.TimeMS)
			}
			list = append(list, fmt.Sprintf("%s of %s: %s, %d", asker.TxID, event, first, latest))
		}
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// wantAlike fails unless a brief answer settles what a full one does.
func wantAlike(t *testing.T, s *Store, click string) {
	t.Helper()
	full, brief := find(t, s, attribution.Query{ClickID: click}), find(t, s, attribution.Query{ClickID: click, Brief: true})
	if len(brief.Conversions) > 3*2*attribution.BriefEach {
		t.Errorf("click %s: %d conversions in a brief answer", click, len(brief.Conversions))
	}
	got := settled(brief)
	for _, line := range strings.Split(settled(full), "\n") {
		asker, _, _ := strings.Cut(line, " ")
		known := asker == "new" || slices.ContainsFunc(brief.Conversions, func(p attribution.Prior) bool { return p.TxID == asker })
		if known && !strings.Contains("\n"+got+"\n", "\n"+line+"\n") {
			t.Fatalf("click %s: all settle %q, a brief answer\n%s", click, line, got)
		}
	}
}

// Whatever becomes of conversions, in whatever order and how often it is read,
// a brief answer settles the same as all of them.
func TestBriefSettlesAlike(t *testing.T) {
	for seed := range uint64(40) {
		r, fs := rand.New(rand.NewPCG(seed, 1)), vfs.NewMem()
		now := today
		s := open(t, Options{FS: fs, Now: func() time.Time { return now }})
		clicks := []string{"", idOf(today, 1), idOf(today.Add(time.Millisecond), 1), idOf(today, 2)}
		pick := func(list ...string) string { return list[r.IntN(len(list))] }
		for range 25 {
			var blocks []Block
			for range 1 + r.IntN(6) {
				own := idOf(today.Add(time.Second), r.IntN(30))
				at := today.Add(time.Duration(r.IntN(20)) * time.Second)
				row := earnedRow(own, pick(clicks...), pick("", "e1", "e2"), pick("Approved", "Pending", "Not_Found"), at,
					fmt.Sprintf(`"hash":"%d","updated_time":%q`, r.Uint32(), today.Add(time.Duration(r.IntN(5))*time.Second).Format(time.RFC3339)))
				blocks = append(blocks, blockOf(events.Event, s.Position().Sequence+uint64(len(blocks))+1, row))
			}
			if err := s.Apply(blocks); err != nil {
				t.Fatal(err)
			}
			for _, id := range clicks[1:] {
				wantAlike(t, s, id)
			}
		}
		wantNoStray(t, s)
		now = today.Add(101 * 24 * time.Hour)
		if err := s.Expire(); err != nil {
			t.Fatal(err)
		}
		if n := len(keysOf(t, s, firstPrefix)) + len(keysOf(t, s, latestPrefix)); n > 0 {
			t.Errorf("seed %d: %d keys of indexes outlive their clicks", seed, n)
		}
	}
}

// keysOf are the keys of a prefix.
func keysOf(t testing.TB, s *Store, prefix byte) (keys [][]byte) {
	t.Helper()
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{prefix}, UpperBound: []byte{prefix + 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		keys = append(keys, slices.Clone(it.Key()))
	}
	return keys
}

// wantNoStray fails where an index has a key for what is not stored, or has more
// than one for a conversion.
func wantNoStray(t *testing.T, s *Store) {
	t.Helper()
	stored, withClick := map[id]id{}, 0
	for _, key := range keysOf(t, s, conversionPrefix) {
		stored[id(key[17:])] = id(key[1:])
		if id(key[1:]) != (id{}) {
			withClick++
		}
	}
	for _, prefix := range []byte{firstPrefix, latestPrefix} {
		keys := keysOf(t, s, prefix)
		for _, key := range keys {
			if stored[ownOf(key)] != id(key[1:]) {
				t.Errorf("key %x is of no conversion that is stored", key)
			}
		}
		if len(keys) > withClick || prefix == latestPrefix && len(keys) != withClick {
			t.Errorf("index %c has %d keys for %d conversions", prefix, len(keys), withClick)
		}
	}
}

// A store of the form before the indexes gets them when it is opened, and is
// upgraded once.
func TestUpgrade(t *testing.T) {
	fs := vfs.NewMem()
	s := open(t, Options{FS: fs})
	mine := idOf(today, 1)
	feed(t, s, events.Click, clickRow(mine))
	for n := range 20 {
		feed(t, s, events.Event, earnedRow(idOf(today.Add(time.Second), n), []string{mine, ""}[n%2], "e1", "Approved", today.Add(time.Duration(n)*time.Second)))
	}
	want, position := settled(find(t, s, attribution.Query{ClickID: mine, Brief: true})), s.Position()
	old := position.encode()
	old[0] = withoutIndexes
	for _, prefix := range []byte{firstPrefix, latestPrefix} {
		check(t, s.db.DeleteRange([]byte{prefix}, []byte{prefix + 1}, nil))
	}
	check(t, s.db.Set(positionKey, old, pebble.Sync))
	check(t, s.Close())
	again := open(t, Options{FS: fs})
	if got := settled(find(t, again, attribution.Query{ClickID: mine, Brief: true})); got != want || again.Position() != position || again.counts.rebuilt.Load() > 0 {
		t.Errorf("at %+v it settles\n%s, want at %+v\n%s", again.Position(), got, position, want)
	}
	wantNoStray(t, again)
	check(t, again.db.DeleteRange([]byte{firstPrefix}, []byte{firstPrefix + 1}, pebble.Sync))
	check(t, again.Close())
	if third := open(t, Options{FS: fs}); len(keysOf(t, third, firstPrefix)) != 0 {
		t.Error("a store of this form is upgraded")
	}
}

// A position of a form that is not known yet is not misread.
func TestLaterForm(t *testing.T) {
	fs := vfs.NewMem()
	s := open(t, Options{FS: fs})
	feed(t, s, events.Click, clickRow(idOf(today, 1)))
	later := s.position.Load().encode()
	later[0] = positionVersion + 1
	check(t, s.db.Set(positionKey, later, pebble.Sync))
	check(t, s.Close())
	if again := open(t, Options{FS: fs}); again.Position() != (Position{}) || again.counts.rebuilt.Load() != 1 {
		t.Errorf("it goes on at %+v", again.Position())
	}
}

// BenchmarkManyConversions measures a click that has earned much already: what
// another conversion of it asks for, and what storing it takes.
func BenchmarkManyConversions(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		s := open(b, Options{})
		mine, padding := idOf(today, 1), `"x":"`+strings.Repeat("x", 1500)+`"`
		row := func(i int) string {
			own := today.Add(time.Duration(i) * time.Second)
			return earnedRow(idOf(own, i), mine, "rebill", "Approved", own, padding, fmt.Sprintf(`"dedupe_keys":["key of %d"]`, i))
		}
		feed(b, s, events.Click, clickRow(mine, padding))
		for i := range n {
			feed(b, s, events.Event, row(i))
		}
		for name, brief := range map[string]bool{"Find": true, "FindAll": false} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					find(b, s, attribution.Query{ClickID: mine, Brief: brief, Keys: []string{"key of 3"}})
				}
			})
		}
		b.Run(fmt.Sprintf("Apply/%d", n), func(b *testing.B) {
			for i := n; b.Loop(); i++ {
				feed(b, s, events.Event, row(i))
			}
		})
	}
}
