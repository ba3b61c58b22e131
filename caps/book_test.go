package caps

import (
	"fmt"
	"math"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

const day = 24 * 3600_000

func TestForget(t *testing.T) {
	rules, book := offerCaps{caps: []capDoc{limit("5"), {Type: "conversions", Period: "all", Value: money.MustParse("5"), SubIDEach: true}}}.rules(t), NewBook(1, Options{})
	book.Add(rules.Counters(nil, conversion()))
	book.Add(rules.Counters(nil, conversion(when(noon+3*day))))
	if book.Len() != 3 {
		t.Fatalf("%d counters, want two days and one for ever", book.Len())
	}
	book.Forget(noon + 2*day)
	if book.Len() != 3 {
		t.Errorf("%d counters, want 3: yesterday's conversions may still come", book.Len())
	}
	book.Forget(noon + 3*day)
	if book.Len() != 2 {
		t.Errorf("%d counters, want 2: the first day is over", book.Len())
	}
	book.Add(rules.Counters(nil, conversion()))
	if book.Len() != 2 || value(rules, book, conversion()) != "0" {
		t.Error("a day that is over has been opened again")
	}
}

// Visitors choose sub ids. They must not fill the memory, nor take the place
// of another offer's.
func TestSubIDsAreBounded(t *testing.T) {
	rules := offerCaps{caps: []capDoc{{Type: "clicks", Period: "day", Value: money.MustParse("1"), SubIDEach: true}, {Type: "clicks", Period: "day", Value: money.MustParse("15")}}}.rules(t)
	rules = withPublisher(t, rules, capDoc{Type: "clicks", Period: "day", Value: money.MustParse("1000"), SubIDEach: true})
	book, fold := NewBook(1, Options{SubIDs: 10}), NewFold(Options{SubIDs: 10})
	fold.SetRules(rules)
	before := dropped.Get()
	for i := range 15 {
		thing := visit(sub(fmt.Sprint("s", i)))
		_, v := rules.Take(book, thing, nil)
		if v.Over() {
			t.Errorf("click %d is over %s", i, v.Cap)
		}
		fold.Apply(uint64(i+1), []Row{{By: 1, Thing: *thing}})
	}
	if book.Len() != 21 || len(fold.tallies) != 21 {
		t.Errorf("%d and %d counters, want ten sub ids of the offer, ten of the publisher and one for all", book.Len(), len(fold.tallies))
	}
	if dropped := dropped.Get() - before; dropped != 20 {
		t.Errorf("%d dropped, want 5 of each owner, by the book and by the fold", dropped)
	}
	if _, v := rules.Take(book, visit(sub("s3")), nil); v.Cap == nil || !v.Cap.eachSubID {
		t.Error("a sub id that is counted is not over its cap:", v.Cap)
	}
	if _, v := rules.Take(book, visit(sub("new")), nil); v.Cap == nil || v.Cap.eachSubID {
		t.Error("the cap for all does not count any more:", v.Cap)
	}
	book.Forget(noon + 9*day)
	fold.Forget(noon + 9*day)
	if _, v := rules.Take(book, visit(sub("new"), when(noon+9*day)), nil); v.Over() || book.Len() != 3 {
		t.Errorf("nine days later %d counters, want 3; %v", book.Len(), v.Cap)
	}
	if fold.Apply(100, []Row{{By: 1, Thing: *visit(sub("new"), when(noon+9*day))}}); len(fold.tallies) != 3 {
		t.Errorf("nine days later the fold has %d counters, want 3", len(fold.tallies))
	}
}

func TestSumsStopAtTheirEnd(t *testing.T) {
	for _, tt := range []struct{ a, b, want int64 }{
		{1, 2, 3}, {5, -7, -2}, {math.MaxInt64, 1, math.MaxInt64}, {-math.MaxInt64, -2, -math.MaxInt64},
		{math.MinInt64, math.MinInt64, -math.MaxInt64}, {math.MaxInt64, -1, math.MaxInt64 - 1},
	} {
		if got := plus(tt.a, tt.b); got != tt.want {
			t.Errorf("%d and %d are %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
	rules, book := offerCaps{caps: []capDoc{{Type: "budget", Period: "all", Value: money.Max}}}.rules(t), NewBook(1, Options{})
	for range 3 {
		book.Add(rules.Counters(nil, conversion(func(t *Thing) { t.Payout = money.Max })))
	}
	if v := rules.Over(book, conversion(paid("0.01"))); !v.Over() {
		t.Error("the largest budget is not spent")
	}
}

func TestShareIsRoundedUp(t *testing.T) {
	for _, tt := range []struct {
		n       int64
		percent int
		want    int64
	}{{100, 80, 80}, {99, 80, 80}, {1, 1, 1}, {0, 50, 0}, {math.MaxInt64, 100, math.MaxInt64}, {math.MaxInt64, 50, math.MaxInt64/2 + 1}} {
		if got := share(tt.n, tt.percent); got != tt.want {
			t.Errorf("%d %% of %d is %d, want %d", tt.percent, tt.n, got, tt.want)
		}
	}
}

// news is a Delta about the counter of a conversion.
func news(r *Rules, position uint64, total int64, parts ...Part) *Delta {
	k := r.Counters(nil, conversion())[0]
	for i := range parts {
		parts[i].Up, parts[i].Down = parts[i].Up*one, parts[i].Down*one
	}
	return &Delta{LogMS: 1, Position: position, AppliedMS: int64(position), Counters: []Counter{
		{Key: k.Key, EndMS: k.endMS(), Total: total * one, Parts: parts},
	}}
}

func TestMerge(t *testing.T) {
	rules := offerCaps{caps: []capDoc{limit("100")}}.rules(t)
	since := func(d *Delta, position uint64) *Delta {
		d.Counters[0].Since = position
		return d
	}
	ofLog := func(d *Delta, log int64) *Delta {
		d.LogMS = log
		return d
	}
	rejected := rules.Change(nil, conversion(), conversion(status(click.Rejected)))
	for _, tt := range []struct {
		name string
		do   func(b *Book)
		want string
	}{
		{"others alone", func(b *Book) { b.Merge(news(rules, 9, 4, Part{2, 4, 0})) }, "4"},
		{"own before the fold has read it", func(b *Book) {
			b.Add(rules.Counters(nil, conversion()))
			b.Merge(news(rules, 9, 4, Part{2, 4, 0}))
		}, "5"},
		{"own once when the fold has read it", func(b *Book) {
			b.Add(rules.Counters(nil, conversion()))
			b.Merge(news(rules, 9, 5, Part{1, 1, 0}, Part{2, 4, 0}))
		}, "5"},
		{"taken back before the fold has read it", func(b *Book) {
			b.Add(rules.Counters(nil, conversion()))
			b.Add(rejected)
			b.Merge(news(rules, 9, 5, Part{1, 1, 0}, Part{2, 4, 0}))
		}, "4"},
		{"taken back and another taken since", func(b *Book) {
			b.Add(rules.Counters(nil, conversion()))
			b.Add(rejected)
			b.Add(rules.Counters(nil, conversion()))
			b.Merge(news(rules, 9, 0, Part{1, 1, 1}))
		}, "1"},
		{"twice", func(b *Book) {
			b.Merge(news(rules, 9, 4, Part{2, 4, 0}))
			b.Merge(news(rules, 9, 4, Part{2, 4, 0}))
		}, "4"},
		{"an old one late", func(b *Book) {
			b.Merge(news(rules, 9, 4, Part{2, 4, 0}))
			b.Merge(news(rules, 8, 3, Part{2, 3, 0}))
		}, "4"},
		{"another log", func(b *Book) {
			b.Merge(news(rules, 9, 4, Part{2, 4, 0}))
			b.Add(rules.Counters(nil, conversion()))
			b.Merge(ofLog(news(rules, 2, 1, Part{2, 1, 0}), 2))
			b.Merge(news(rules, 10, 7, Part{2, 7, 0}))
		}, "1"},
		{"a past that was read up", func(b *Book) {
			b.Add(rules.Counters(nil, conversion()))
			b.Add(rejected)
			b.Merge(since(news(rules, 9, 20, Part{1, 12, 0}, Part{2, 8, 0}), 7))
			b.Add(rules.Counters(nil, conversion()))
		}, "21"},
		{"a past that was read up, once", func(b *Book) {
			b.Merge(since(news(rules, 9, 20, Part{1, 12, 0}, Part{2, 8, 0}), 7))
			b.Add(rules.Counters(nil, conversion()))
			b.Merge(since(news(rules, 10, 21, Part{1, 12, 0}, Part{2, 9, 0}), 7))
		}, "22"},
		{"a gone incarnation", func(b *Book) { b.Merge(news(rules, 9, 4)) }, "4"},
		{"given back a taking back", func(b *Book) {
			b.Add(rules.Counters(nil, conversion()))
			b.Add(rejected)
			b.Return(rejected)
		}, "1"},
		{"given back a taking back that the fold has read", func(b *Book) {
			b.Merge(news(rules, 9, 4, Part{1, 5, 1}))
			b.Return(rejected)
		}, "4"},
		{"given back what the fold has read", func(b *Book) {
			counts := rules.Counters(nil, conversion())
			b.Merge(news(rules, 9, 4, Part{1, 4, 0}))
			b.Return(counts)
		}, "4"},
	} {
		book := NewBook(1, Options{})
		tt.do(book)
		if got := value(rules, book, conversion()); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestAppliedOnlyGrows(t *testing.T) {
	book := NewBook(1, Options{})
	for _, ms := range []int64{5, 0, 3} {
		book.Merge(&Delta{AppliedMS: ms})
	}
	if book.AppliedMS() != 5 {
		t.Errorf("applied until %d, want 5", book.AppliedMS())
	}
}
