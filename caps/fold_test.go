package caps

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// disk is what a worker writes in one batch.
type disk map[string]string

// save writes a batch, or none of it when it fails.
func (d disk) save(t testing.TB, f *Fold) {
	t.Helper()
	batch := maps.Clone(d)
	err := f.Save(
		func(k, v []byte) error { batch[string(k)] = string(v); return nil },
		func(k []byte) error { delete(batch, string(k)); return nil },
	)
	if err != nil {
		t.Fatal(err)
	}
	clear(d)
	maps.Copy(d, batch)
	f.Saved()
}

// load is a worker that starts.
func (d disk) load(t testing.TB, r *Rules) *Fold {
	t.Helper()
	f := NewFold(Options{})
	for k, v := range d {
		if err := f.Load([]byte(k), []byte(v)); err != nil {
			t.Fatal(err)
		}
	}
	f.SetRules(r)
	return f
}

// sent merges what a fold has to tell, as it arrives at an edge.
func sent(t testing.TB, deltas iter.Seq[*Delta], books ...*Book) {
	t.Helper()
	for d := range deltas {
		b, err := d.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		read, err := ReadDelta(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, book := range books {
			book.Merge(read)
		}
	}
}

func row(by Incarnation, t *Thing) []Row { return []Row{{By: by, Thing: *t}} }

func TestFoldIsExactlyOnce(t *testing.T) {
	rules, book, disk := offerCaps{caps: []capDoc{limit("100")}}.rules(t), NewBook(9, Options{}), disk{}
	fold := NewFold(Options{})
	fold.SetRules(rules)
	fold.Apply(1, row(1, conversion()))
	fold.Apply(2, row(2, conversion()))
	if fold.Apply(2, row(2, conversion())) || fold.Apply(1, row(1, conversion())) {
		t.Error("counted an entry twice")
	}
	sent(t, fold.Deltas(1, 50), book)
	if got := value(rules, book, conversion()); got != "0" {
		t.Errorf("%s was told before it was saved", got)
	}
	disk.save(t, fold)
	fold.Apply(3, row(1, conversion())) // not saved before the crash

	fold = disk.load(t, rules)
	if fold.Position() != 2 {
		t.Fatalf("begins again after %d, want 2", fold.Position())
	}
	fold.Apply(3, row(1, conversion()))
	fold.Apply(4, []Row{{By: 2, Thing: *conversion(status(click.Rejected)), Before: conversion()}})
	disk.save(t, fold)
	sent(t, fold.Deltas(1, 60), book)
	if got := value(rules, book, conversion()); got != "2" || book.AppliedMS() != 60 {
		t.Errorf("%s until %d, want 2 until 60", got, book.AppliedMS())
	}
	nothing := func(k, _ []byte) error { t.Errorf("%q written again that has not changed", k); return nil }
	fold.Save(nothing, func(k []byte) error { return nothing(k, nil) })
	var again int
	for d := range fold.Deltas(1, 61) {
		again += len(d.Counters)
	}
	if again != 0 {
		t.Errorf("%d counters told again that have not changed", again)
	}
	fresh := NewBook(9, Options{})
	sent(t, fold.Export(1, 62), fresh)
	if got := value(rules, fresh, conversion()); got != "2" {
		t.Errorf("an edge that starts is told %s, want 2", got)
	}
}

func TestSaveThatFails(t *testing.T) {
	rules, disk, fold := offerCaps{caps: []capDoc{limit("100")}}.rules(t), disk{}, NewFold(Options{})
	fold.SetRules(rules)
	fold.Apply(1, row(1, conversion()))
	full := errors.New("disk is full")
	nothing := func([]byte) error { return nil }
	for n := range 3 { // the counter, its meter and the position
		left := n
		err := fold.Save(func(_, _ []byte) error {
			if left--; left < 0 {
				return full
			}
			return nil
		}, nothing)
		if !errors.Is(err, full) {
			t.Fatalf("put %d: %v, want that it failed", n, err)
		}
	}
	fold.Apply(2, row(1, conversion(when(noon+day))))
	disk.save(t, fold)
	restarted := disk.load(t, rules)
	if !maps.EqualFunc(restarted.tallies, fold.tallies, equalTallies) || restarted.Position() != 2 || len(restarted.tallies) != 2 {
		t.Errorf("%d counters until %d, want both until 2", len(restarted.tallies), restarted.Position())
	}
	restarted.Forget(noon + 20*day)
	if err := restarted.Save(func(_, _ []byte) error { return nil }, func([]byte) error { return full }); !errors.Is(err, full) {
		t.Errorf("a removal failed, and Save says %v", err)
	}
	disk.save(t, restarted)
	if restarted = disk.load(t, rules); len(restarted.tallies) != 0 {
		t.Errorf("%d counters left of days that are over", len(restarted.tallies))
	}
}

func equalTallies(a, b *tally) bool {
	return a.meter == b.meter && a.endMS == b.endMS && a.subID == b.subID && a.total == b.total && a.peak == b.peak && slices.Equal(a.parts, b.parts)
}

func TestLoadRefuses(t *testing.T) {
	for want, record := range map[string][2]string{
		"has version 9, must be 1": {"p", "\x09\x01"},
		"is none of the caps":      {"x", "\x01\x01"},
		"ends too early":           {"c12345678abcdefgh", ""},
		"has no number":            {"p", "\x01"},
		"1 bytes more":             {"p", "\x01\x05\x05"},
		"flag of 2":                {"c12345678abcdefgh", "\x0112345678\x02\x02\x02\x02\x00"},
		"beyond 64 bits":           {"c12345678abcdefgh", "\x0112345678\x02\x01\x02\x02\x0112345678\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00"},
		"ends too":                 {"c12345678abcdefgh", "\x0112345678\x02\x01\x02\x02\x09"},
	} {
		err := NewFold(Options{}).Load([]byte(record[0]), []byte(record[1]))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", record, err, want)
		}
	}
}

func TestRetire(t *testing.T) {
	rules, disk, fold := offerCaps{caps: []capDoc{limit("100")}}.rules(t), disk{}, NewFold(Options{})
	fold.SetRules(rules)
	fold.Apply(1, row(1, conversion()))
	fold.Apply(2, row(2, conversion()))
	disk.save(t, fold)
	fold.Retire(1)
	disk.save(t, fold)
	fold = disk.load(t, rules)
	for d := range fold.Export(1, 1) {
		if c := d.Counters[0]; c.Total != 2*one || len(c.Parts) != 1 || c.Parts[0].By != 2 {
			t.Errorf("%+v, want a total of 2 with the part of incarnation 2 alone", c)
		}
	}
}

func TestNotices(t *testing.T) {
	rules := offerCaps{notice: 80, zone: "Europe/Berlin", caps: []capDoc{
		{Type: "conversions", Period: "day", Value: money.MustParse("5"), AffiliateType: "each", GoalType: "each", SubIDEach: true},
		{Type: "budget", Period: "month", Value: money.MustParse("1000")},
	}}.rules(t)
	disk, fold := disk{}, NewFold(Options{})
	fold.SetRules(rules)
	var position uint64
	apply := func(rows ...Row) {
		position++
		fold.Apply(position, rows)
	}
	told := func(when string, want ...string) {
		t.Helper()
		var got []string
		for _, n := range fold.Notices() {
			got = append(got, strings.Join([]string{n.Cap.Place(), n.Period, n.Sum.String(), n.Publisher, n.Goal, n.SubID}, " "))
			if n.Percent != 80 && n.Percent != 100 {
				t.Errorf("%s: level %d", when, n.Percent)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: notices %q, want %q", when, got, want)
		}
	}
	for range 3 {
		apply(row(1, event())...)
	}
	apply(row(1, conversion())...)
	told("at 60 %")
	apply(row(2, event())...)
	told("at 80 %", "caps[0] 2026-11-20 4 7 5 s")
	disk.save(t, fold)
	fold = disk.load(t, rules)
	apply(Row{By: 1, Thing: *event(status(click.Rejected)), Before: event()})
	apply(row(1, event())...)
	told("at 80 % again, after a restart")
	apply(row(1, event())...)
	told("full", "caps[0] 2026-11-20 5 7 5 s")
	apply(row(1, event())...)
	told("over")
	apply(row(1, event(paid("740.5"), sub("x")))...)
	told("most of the budget at once", "caps[1] 2026-11 810.5   ")
	apply(row(1, event(paid("800"), sub("x"), when(noon+20*day)))...)
	told("another month", "caps[1] 2026-12 800   ")
	fold.Forget(noon + 40*day)
	counters := len(fold.tallies)
	apply(row(1, conversion(paid("9999")))...)
	told("a month that is over")
	if len(fold.tallies) != counters {
		t.Error("a month that is over has been opened again")
	}
}

func TestNoticesThatNobodyWants(t *testing.T) {
	for _, tt := range []struct {
		name        string
		percent     int
		nowMS       int64
		conversions int
		want        int
	}{
		{"none asked for", 0, noon, 5, 0},
		{"full is the level", 100, noon, 5, 1},
		{"both at once", 50, noon, 5, 2},
		{"yesterday's", 50, noon + 2*day, 5, 0},
		{"too few", 50, noon, 2, 0},
	} {
		fold := NewFold(Options{})
		fold.SetRules(offerCaps{notice: tt.percent, caps: []capDoc{limit("5")}}.rules(t))
		fold.Forget(tt.nowMS)
		fold.Apply(1, slices.Repeat(row(1, conversion()), tt.conversions))
		if notices := fold.Notices(); len(notices) != tt.want || len(fold.tallies) != 1 {
			t.Errorf("%s: notices %+v of %d counters, want %d of 1", tt.name, notices, len(fold.tallies), tt.want)
		}
	}
}

// A cap that is new in the middle of its period counts from the beginning, also
// while the past is being read.
func TestBackfill(t *testing.T) {
	old := offerCaps{caps: []capDoc{limit("100")}}.rules(t)
	both := offerCaps{caps: []capDoc{limit("100"), {Type: "events", Period: "month", Value: money.MustParse("50")}, {Type: "events", Period: "month", Value: money.MustParse("60")}}}.rules(t)
	disk, fold, book := disk{}, NewFold(Options{}), NewBook(1, Options{})
	fold.SetRules(old)
	if gaps := fold.Missing(noon); len(gaps) > 0 {
		t.Fatalf("%v missing before anything was read", gaps)
	}
	october := event(when(noon - 30*day))
	log := []Row{{By: 1, Thing: *october}, {By: 1, Thing: *event()}, {By: 2, Thing: *event()}, {By: 2, Thing: *conversion()}}
	for i, r := range log {
		fold.Apply(uint64(i+1), []Row{r})
	}
	disk.save(t, fold)
	fold.SetRules(both)
	gaps := fold.Missing(noon)
	if len(gaps) != 1 || gaps[0].Cap.Measure() != Events || gaps[0].Position != 4 ||
		gaps[0].FromMS > at("2026-11-01T00:00:00Z") || gaps[0].FromMS < at("2026-10-30T00:00:00Z") {
		t.Fatalf("missing %+v, want the events of November up to entry 4", gaps)
	}
	rows := func(meanwhile func(), err error) iter.Seq2[Row, error] {
		return func(yield func(Row, error) bool) {
			for i, r := range log {
				if i == 1 {
					meanwhile()
				}
				if !yield(r, nil) {
					return
				}
			}
			if err != nil {
				yield(Row{}, err)
			}
		}
	}
	check := func(when, want string) {
		t.Helper()
		disk.save(t, fold)
		sent(t, fold.Deltas(1, 1), book)
		events := both.Counters(nil, event())[1]
		if got := money.FromMillionths(book.Value(events.Key)).String(); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	lost := errors.New("store lost")
	err := fold.Backfill(gaps, rows(func() { fold.Apply(5, row(3, event())) }, lost))
	if !errors.Is(err, lost) {
		t.Fatalf("%v, want that the store is lost", err)
	}
	check("after a failure", "0")
	log = append(log, row(3, event())...)
	gaps = fold.Missing(noon)
	err = fold.Backfill(gaps, rows(func() {
		fold.Apply(6, row(2, event()))
		fold.Apply(7, []Row{{By: 2, Thing: *event(status(click.Rejected)), Before: event()}})
		check("while it reads", "0")
	}, nil))
	if err != nil {
		t.Fatal(err)
	}
	check("when it has read", "3")
	if got := book.Value(both.Counters(nil, october)[1].Key); got != one {
		t.Errorf("a counter that was saved while it was read is told as %d", got)
	}
	if len(fold.Missing(noon)) != 0 {
		t.Error("something is still missing")
	}
	fold = disk.load(t, both)
	if len(fold.Missing(noon)) != 0 || fold.meters[gaps[0].Cap.meter].since != 5 {
		t.Error("it is missing again after a restart")
	}
}

func TestBackfillThatACrashCutsOff(t *testing.T) {
	rules, disk, fold := offerCaps{caps: []capDoc{limit("100")}}.rules(t), disk{}, NewFold(Options{})
	fold.SetRules(nil)
	fold.Apply(1, row(1, conversion()))
	fold.SetRules(rules)
	gaps := fold.Missing(noon)
	fold.Apply(2, row(1, conversion()))
	disk.save(t, fold) // in the middle
	fold = disk.load(t, rules)
	if len(fold.tallies) != 0 {
		t.Error("counts of a cut-off past are left")
	}
	if again := fold.Missing(noon); len(again) != 1 || again[0].Position != 2 {
		t.Fatalf("missing %+v, want all up to entry 2", again)
	}
	// What belongs to the gap of before must not be counted into this one.
	if err := fold.Backfill(gaps, func(yield func(Row, error) bool) { yield(row(1, conversion())[0], nil) }); err != nil {
		t.Fatal(err)
	}
	if len(fold.tallies) != 0 || len(fold.Missing(noon)) != 1 {
		t.Error("the gap of before was filled")
	}
}

func TestRulesChange(t *testing.T) {
	first := offerCaps{caps: []capDoc{limit("5"), {Type: "events", Period: "day", Value: money.MustParse("5")}}}.rules(t)
	fold := NewFold(Options{})
	fold.SetRules(first)
	fold.Apply(1, row(1, event()))
	other := offerCaps{notice: 50, caps: []capDoc{{Type: "clicks", Period: "day", Value: money.MustParse("5")}, limit("2")}}.rules(t)
	fold.SetRules(other)
	if gaps := fold.Missing(noon); len(gaps) != 1 || gaps[0].Cap.Measure() != Clicks {
		t.Errorf("missing %+v, want the clicks alone: another limit and another place keep what was counted", gaps)
	}
	if len(fold.tallies) != 1 {
		t.Errorf("%d counters, want 1: nobody counts events any more", len(fold.tallies))
	}
	fold.Apply(2, row(1, event()))
	if notices := fold.Notices(); len(notices) != 1 || notices[0].Percent != 100 {
		t.Errorf("notices %+v, want that the new limit is reached", notices)
	}
}

// A cap that was away has missed something, also over a restart.
func TestRulesThatComeBack(t *testing.T) {
	rules, disk := offerCaps{caps: []capDoc{limit("5")}}.rules(t), disk{}
	fold := disk.load(t, rules)
	fold.Apply(1, row(1, conversion()))
	disk.save(t, fold)
	fold.SetRules(nil)
	fold.Apply(2, row(1, conversion()))
	disk.save(t, fold)
	if fold = disk.load(t, rules); len(fold.Missing(noon)) != 1 || len(fold.tallies) != 0 {
		t.Errorf("%d counters and %v missing, want none and the conversions", len(fold.tallies), fold.Missing(noon))
	}
}

func TestZoneOfACapThatNeverBeginsAnew(t *testing.T) {
	caps := []capDoc{{Type: "conversions", Period: "all", Value: money.MustParse("5")}, limit("5")}
	here := offerCaps{zone: "Europe/Berlin", caps: caps}.rules(t).Counters(nil, conversion())
	there := offerCaps{zone: "Asia/Tokyo", caps: caps}.rules(t).Counters(nil, conversion())
	if here[0].Key != there[0].Key {
		t.Error("another zone begins a cap anew that has no days")
	}
	if here[1].Key == there[1].Key {
		t.Error("days of two zones are counted as one")
	}
}

func TestManyCountersTakeSeveralDeltas(t *testing.T) {
	rules := offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: money.MustParse("5"), SubIDEach: true}}}.rules(t)
	fold, disk, book := NewFold(Options{}), disk{}, NewBook(1, Options{})
	fold.SetRules(rules)
	for i := range 2*countersPerDelta + 1 {
		fold.Apply(uint64(i+1), row(1, conversion(sub(string(rune(0x4e00+i))))))
	}
	disk.save(t, fold)
	n := 0
	for d := range fold.Deltas(1, 99) {
		n++
		if (d.AppliedMS != 0) != (n == 3) || len(d.Counters) > countersPerDelta {
			t.Errorf("part %d has %d counters and is until %d; only the last one may tell that", n, len(d.Counters), d.AppliedMS)
		}
		book.Merge(d)
	}
	if n != 3 || book.Len() != 2*countersPerDelta+1 {
		t.Errorf("%d parts with %d counters", n, book.Len())
	}
}

// Another log, or one that lost its end: what was counted stays, and what comes
// next counts under numbers that were given before.
func TestAnotherLog(t *testing.T) {
	rules, disk, fold := offerCaps{caps: []capDoc{limit("9")}}.rules(t), disk{}, NewFold(Options{})
	fold.SetRules(rules)
	for i := range 5 {
		fold.Apply(uint64(i+1), row(1, conversion()))
	}
	both := withPublisher(t, rules, limit("9"))
	fold.SetRules(both)
	before := fold.Missing(noon)
	fold.Apply(6, row(1, conversion()))
	fold.Move(2)
	if fold.Position() != 2 || !fold.Apply(3, row(1, conversion())) {
		t.Error("entries of the new log do not count")
	}
	gaps := fold.Missing(noon)
	if len(gaps) != 1 || gaps[0].Position != 2 {
		t.Fatalf("missing %+v, want what stands before entry 2 now", gaps)
	}
	past := func(yield func(Row, error) bool) { yield(row(1, conversion())[0], nil) }
	for _, g := range [][]Gap{before, gaps} { // only the second counts
		if err := fold.Backfill(g, past); err != nil {
			t.Fatal(err)
		}
	}
	disk.save(t, fold)
	book := NewBook(9, Options{})
	sent(t, disk.load(t, both).Export(1, 1), book)
	counts := both.Counters(nil, conversion())
	if offer, publisher := book.Value(counts[0].Key), book.Value(counts[1].Key); offer != 7*one || publisher != 2*one {
		t.Errorf("offer %d, publisher %d, want 7 and 2", offer/one, publisher/one)
	}
}

// All versions of a conversion may come, one after the other, where a gap is
// read up.
func TestBackfillOfAllVersions(t *testing.T) {
	rules, fold, book := offerCaps{caps: []capDoc{{Type: "budget", Period: "day", Value: money.MustParse("100")}}}.rules(t), NewFold(Options{}), NewBook(9, Options{})
	fold.SetRules(nil)
	fold.Apply(2, nil)
	fold.SetRules(rules)
	versions := []Row{{By: 1, Thing: *conversion()}, {By: 1, Thing: *conversion(paid("25")), Before: conversion()}}
	if err := fold.Backfill(fold.Missing(noon), func(yield func(Row, error) bool) { _ = yield(versions[0], nil) && yield(versions[1], nil) }); err != nil {
		t.Fatal(err)
	}
	disk{}.save(t, fold)
	sent(t, fold.Deltas(1, 1), book)
	if got := value(rules, book, conversion()); got != "25" {
		t.Errorf("%s, want 25", got)
	}
}
