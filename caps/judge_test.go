package caps

import (
	"strings"
	"sync"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// step takes a thing and says what must come of it.
type step struct {
	thing *Thing
	want  string // "ok", "over" or "divert"
}

func ok(t *Thing) step     { return step{t, "ok"} }
func over(t *Thing) step   { return step{t, "over"} }
func divert(t *Thing) step { return step{t, "divert"} }

func TestTake(t *testing.T) {
	tomorrow, nextMonth := when(noon+24*3600_000), when(noon+20*24*3600_000)
	goals := []*config.OfferEvent{{IncrementalID: 5, Name: "Deposit", Active: true}, {IncrementalID: 6, Name: "Gone", Active: true, Archived: true}, {IncrementalID: 8, Name: "Off"}}
	one := money.MustParse("1")
	for _, tt := range []struct {
		name  string
		caps  offerCaps
		steps []step
	}{
		{"all: one counter", offerCaps{caps: []capDoc{limit("2")}}, []step{
			ok(conversion()), ok(event(by("8"))), over(conversion(by("9"), sub("x"))), over(event()),
		}},
		{"a day", offerCaps{caps: []capDoc{limit("1")}}, []step{
			ok(conversion()), over(conversion()), ok(conversion(tomorrow)), over(conversion(tomorrow)),
		}},
		{"a month", offerCaps{caps: []capDoc{{Type: "conversions", Period: "month", Value: one}}}, []step{
			ok(conversion()), over(conversion(tomorrow)), ok(conversion(nextMonth)), over(conversion(nextMonth)),
		}},
		{"in all", offerCaps{caps: []capDoc{{Type: "conversions", Period: "all", Value: one}}}, []step{
			ok(conversion()), over(conversion(nextMonth)),
		}},
		{"days of the zone", offerCaps{zone: "America/New_York", caps: []capDoc{limit("1")}}, []step{
			ok(conversion(when(at("2026-11-20T05:00:00Z")))), over(conversion(when(at("2026-11-21T04:59:59.999Z")))),
			ok(conversion(when(at("2026-11-20T04:59:59.999Z")))),
		}},
		{"each publisher", offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: one, AffiliateType: "each"}}}, []step{
			ok(conversion()), over(conversion()), ok(conversion(by("8"))), over(event(by("8"))), ok(conversion(by(""))),
		}},
		{"each of some publishers", offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: one, AffiliateType: "each", Affiliates: []int64{7, 8}}}}, []step{
			ok(conversion()), over(conversion()), ok(conversion(by("8"))), ok(conversion(by("9"))), ok(conversion(by("9"))),
		}},
		{"exact publishers share", offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: one, AffiliateType: "exact", Affiliates: []int64{8, 7}}}}, []step{
			ok(conversion()), over(conversion(by("8"))), ok(conversion(by("9"))), ok(conversion(by("9"))),
		}},
		{"each goal", offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: one, GoalType: "each"}}}, []step{
			ok(conversion()), over(conversion()), ok(event()), over(event()),
		}},
		{"exact goals by number and name", offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: one, GoalType: "exact", Goals: []string{"Deposit", "9"}}}}, []step{
			ok(conversion()), ok(conversion()), ok(event()), over(event()),
		}},
		{"the initial conversion by number", offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: one, GoalType: "exact", Goals: []string{"0"}}}}, []step{
			ok(conversion()), over(conversion()), ok(event()), ok(event()),
		}},
		{"the initial conversion by name", offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: one, GoalType: "exact", Goals: []string{"Sale"}}}}, []step{
			ok(conversion()), over(conversion()), ok(event()), ok(event()),
		}},
		{"each sub id", offerCaps{caps: []capDoc{{Type: "conversions", Period: "day", Value: one, SubIDEach: true}}}, []step{
			ok(conversion()), over(conversion()), ok(conversion(sub("s2"))), ok(conversion(sub(""))), over(conversion(sub(""))), ok(conversion(by("8"))),
		}},
		{"events", offerCaps{caps: []capDoc{{Type: "events", Period: "day", Value: one}}}, []step{
			ok(conversion()), ok(conversion()), ok(event()), over(event()),
		}},
		{"statuses by default", offerCaps{caps: []capDoc{limit("3")}}, []step{
			ok(conversion(status(click.Rejected))), ok(conversion(status(click.NotFound))), ok(conversion(status(click.PendingCap))),
			ok(conversion()), ok(conversion(status(click.Pending))), ok(conversion(status(click.Hold))),
			over(conversion()), over(conversion(status(click.Hold))), ok(conversion(status(click.Rejected))),
		}},
		{"statuses of the offer", offerCaps{statuses: []string{"declined", "4"}, caps: []capDoc{limit("2")}}, []step{
			ok(conversion()), ok(conversion()), ok(conversion()),
			ok(conversion(status(click.Rejected))), ok(conversion(status(click.NotFound))), over(conversion(status(click.Rejected))), ok(conversion()),
		}},
		{"clicks", offerCaps{caps: []capDoc{{Type: "clicks", Period: "day", Value: one, GoalType: "exact", Goals: []string{"5"}}}}, []step{
			ok(conversion()), ok(impression()), ok(visit()), over(visit()), ok(conversion()),
		}},
		{"clicks go elsewhere", offerCaps{divert: true, caps: []capDoc{{Type: "clicks", Period: "day", Value: one}}}, []step{
			ok(visit()), divert(visit()), ok(impression()),
		}},
		{"impressions", offerCaps{divert: true, caps: []capDoc{{Type: "impressions", Period: "day", Value: one}}}, []step{
			ok(visit()), ok(impression()), over(impression()), ok(visit()),
		}},
		{"budget", offerCaps{caps: []capDoc{{Type: "budget", Period: "day", Value: money.MustParse("25.5")}}}, []step{
			ok(conversion()), ok(visit(paid("0.5"))), ok(event()), over(event(paid("5.000001"))), ok(event(paid("5"))),
			over(conversion(paid("0.000001"))), ok(conversion(paid("0"))), over(visit(paid("0.01"))), ok(visit()),
		}},
		{"budget of a goal", offerCaps{caps: []capDoc{{Type: "budget", Period: "day", Value: money.MustParse("10"), GoalType: "exact", Goals: []string{"5"}}}}, []step{
			ok(visit(paid("0.5"))), ok(conversion()), ok(event()), over(event(paid("0.01"))), ok(visit(paid("99"))),
		}},
		{"revenue", offerCaps{caps: []capDoc{{Type: "revenue", Period: "day", Value: money.MustParse("44.99")}}}, []step{
			ok(conversion()), ok(conversion()), over(conversion()),
		}},
		{"full without diverting", offerCaps{caps: []capDoc{limit("1")}}, []step{
			ok(visit()), ok(conversion()), ok(visit()), over(conversion()),
		}},
		{"full and diverting", offerCaps{divert: true, caps: []capDoc{limit("1")}}, []step{
			ok(visit()), ok(conversion()), divert(visit()), over(conversion()), ok(impression()), ok(visit(tomorrow)),
		}},
		{"diverting who is full", offerCaps{divert: true, caps: []capDoc{{Type: "conversions", Period: "all", Value: one, AffiliateType: "each", SubIDEach: true}}}, []step{
			ok(conversion()), divert(visit()), ok(visit(by("8"))), ok(visit(sub("s2"))),
		}},
		{"diverting those listed", offerCaps{divert: true, caps: []capDoc{{Type: "conversions", Period: "day", Value: one, AffiliateType: "exact", Affiliates: []int64{7}}}}, []step{
			ok(conversion()), divert(visit()), ok(visit(by("8"))),
		}},
		{"diverting when a goal listed is full", offerCaps{divert: true, caps: []capDoc{{Type: "conversions", Period: "day", Value: one, GoalType: "exact", Goals: []string{"5"}}}}, []step{
			ok(conversion()), ok(visit()), ok(event()), divert(visit()),
		}},
		{"diverting when each goal is full", offerCaps{divert: true, events: goals, caps: []capDoc{{Type: "conversions", Period: "day", Value: one, GoalType: "each"}}}, []step{
			ok(conversion()), ok(visit()), ok(event()), divert(visit()),
		}},
		{"diverting when each event is full", offerCaps{divert: true, events: goals, caps: []capDoc{{Type: "events", Period: "day", Value: one, GoalType: "each"}}}, []step{
			ok(visit()), ok(event()), divert(visit()),
		}},
		{"no goal to be full", offerCaps{divert: true, caps: []capDoc{{Type: "events", Period: "day", Value: one, GoalType: "each"}}}, []step{
			ok(event()), ok(visit()),
		}},
		{"diverting when the budget is spent", offerCaps{divert: true, caps: []capDoc{{Type: "budget", Period: "day", Value: money.MustParse("15")}}}, []step{
			ok(visit()), ok(conversion()), ok(visit()), ok(conversion(paid("5"))), divert(visit()),
		}},
		{"diverting when the budget has no room for a conversion", offerCaps{divert: true, caps: []capDoc{{Type: "budget", Period: "day", Value: money.MustParse("15")}}}, []step{
			ok(conversion()), ok(visit()), divert(visit(func(t *Thing) { t.ExpectedPayout = money.MustParse("5.01") })),
			ok(visit(func(t *Thing) { t.ExpectedPayout = money.MustParse("5") })),
		}},
		{"two caps of one sum", offerCaps{caps: []capDoc{limit("3"), limit("1")}}, []step{
			ok(conversion()), over(conversion()),
		}},
		{"no room at all", offerCaps{divert: true, caps: []capDoc{limit("0")}}, []step{over(conversion()), divert(visit())}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rules, book := tt.caps.rules(t), NewBook(1, Options{})
			for i, s := range tt.steps {
				dry := rules.Over(book, s.thing)
				counts, v := rules.Take(book, s.thing, nil)
				if dry != v {
					t.Errorf("step %d: Over says %v, Take %v", i, dry, v)
				}
				got := "ok"
				if v.Divert {
					got = "divert"
				} else if v.Over() {
					got = "over"
				}
				if got != s.want {
					t.Errorf("step %d: %s, want %s", i, got, s.want)
				}
				if v.Over() && len(counts) > 0 {
					t.Errorf("step %d: over and counted all the same: %v", i, counts)
				}
			}
		})
	}
}

func TestPublisherCaps(t *testing.T) {
	rules := withPublisher(t, offerCaps{divert: true, caps: []capDoc{limit("3")}}.rules(t),
		capDoc{Type: "conversions", Period: "day", Value: money.MustParse("2")})
	book := NewBook(1, Options{})
	elsewhere := conversion(func(t *Thing) { t.OfferID = "other" })
	if _, v := rules.Take(book, elsewhere, nil); v.Over() {
		t.Fatal("first conversion, on another offer:", v.Cap)
	}
	counts, v := rules.Take(book, conversion(), nil)
	if v.Over() || len(counts) != 2 {
		t.Fatalf("second conversion: %v, %d counts, want one for the offer and one for the publisher", v.Cap, len(counts))
	}
	if _, v = rules.Take(book, conversion(), nil); v.Cap == nil || v.Cap.Owner() != (Owner{PublisherOwner, "7"}) {
		t.Error("third conversion of the publisher is not over its cap:", v.Cap)
	}
	if got := value(rules, book, conversion()); got != "1" {
		t.Errorf("the offer counted %s, want 1: nothing of what was over the publisher's cap", got)
	}
	if v := rules.Over(book, visit()); v.Over() {
		t.Error("publishers' caps divert no clicks:", v.Cap)
	}
}

func TestReturn(t *testing.T) {
	rules, book := offerCaps{caps: []capDoc{limit("1")}}.rules(t), NewBook(1, Options{})
	counts, _ := rules.Take(book, conversion(), nil)
	book.Return(counts)
	if _, v := rules.Take(book, conversion(), nil); v.Over() {
		t.Error("what was given back is still counted")
	}
}

// A change frees a cap, and another one may take the place.
func TestStatusChangeFreesTheCap(t *testing.T) {
	rules, book := offerCaps{caps: []capDoc{limit("1"), {Type: "budget", Period: "day", Value: money.MustParse("10")}}}.rules(t), NewBook(1, Options{})
	rules.Take(book, conversion(), nil)
	if !rules.Over(book, conversion()).Over() {
		t.Fatal("not full")
	}
	same := rules.Change(nil, conversion(), conversion(status(click.Pending)))
	if len(same) > 0 {
		t.Errorf("from one status that counts to another changes %v", same)
	}
	book.Add(rules.Change(nil, conversion(), conversion(status(click.Rejected))))
	if v := rules.Over(book, conversion()); v.Over() {
		t.Error("rejected, and still full:", v.Cap)
	}
	book.Add(rules.Change(nil, conversion(status(click.Rejected)), conversion(paid("7.5"))))
	if v := rules.Over(book, conversion(paid("2.5"))); v.Cap == nil || v.Cap.Measure() != Conversions {
		t.Error("approved again, and not full:", v.Cap)
	}
	amount := rules.Change(nil, conversion(paid("7.5")), conversion(paid("9")))
	if len(amount) != 1 || amount[0].Amount != 1_500_000 {
		t.Errorf("another amount changes %v, want 1.5 of the budget alone", amount)
	}
}

// Of many at a time exactly as many pass as there is room for.
func TestTakeAtOnce(t *testing.T) {
	rules := withPublisher(t, offerCaps{caps: []capDoc{limit("100"), {Type: "budget", Period: "day", Value: money.MustParse("950")}}}.rules(t), limit("90"))
	book := NewBook(1, Options{})
	var passed sync.Map
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			publisher := by([]string{"7", "8"}[g%2])
			for i := range 100 {
				if _, v := rules.Take(book, conversion(publisher), nil); !v.Over() {
					passed.Store([2]int{g, i}, true)
				}
			}
		})
	}
	wg.Wait()
	n := 0
	passed.Range(func(any, any) bool { n++; return true })
	if n != 95 {
		t.Errorf("%d passed, want 95: the budget of 950 at 10 each", n)
	}
}

// Things whose offers and publishers have their counters in opposite shards
// must not wait for each other for ever.
func TestLocksHaveAnOrder(t *testing.T) {
	book := NewBook(1, Options{})
	low, high := &owned{hash: 3}, &owned{hash: 5 + shardCount}
	for _, pair := range [][2]*owned{{low, high}, {high, low}} {
		first, second := book.lock(pair)
		unlock(first, second)
		if first != &book.shards[3] || second != &book.shards[5] {
			t.Error("the lower shard is not locked first")
		}
	}
	for _, pair := range [][2]*owned{{low, low}, {low, nil}, {nil, low}} {
		first, second := book.lock(pair)
		unlock(first, second)
		if first != &book.shards[3] || second != nil {
			t.Error("one shard is not locked once")
		}
	}
}

func TestCapTellsWhatItIs(t *testing.T) {
	rules := offerCaps{caps: []capDoc{
		{Type: "budget", Period: "month", Value: money.MustParse("99.50"), AffiliateType: "each", GoalType: "exact", Goals: []string{"b", "a", "b"}, SubIDEach: true},
	}}.rules(t)
	for c := range rules.all() {
		const want = "caps[0] of offer o: 99.5 budget a month for each publisher for goals a, b for each sub id of a publisher"
		if c.String() != want {
			t.Errorf("%s, want %s", c, want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	good := limit("1")
	for want, change := range map[string]func(*capDoc, *offerCaps){
		"caps[0].type: must be one of conversions":       func(d *capDoc, _ *offerCaps) { d.Type = "leads" },
		"caps[0].period: must be one of day, month, all": func(d *capDoc, _ *offerCaps) { d.Period = "week" },
		"caps[0].goal_type: must be one of all, each":    func(d *capDoc, _ *offerCaps) { d.GoalType = "some" },
		"caps[0].affiliate_type: must be one of all":     func(d *capDoc, _ *offerCaps) { d.AffiliateType = "some" },
		"time zone: must be a time zone":                 func(_ *capDoc, o *offerCaps) { o.zone = "Mars/Base" },
		"caps_status[0]: unknown status":                 func(_ *capDoc, o *offerCaps) { o.statuses = []string{"lost"} },
	} {
		doc, offer := good, offerCaps{}
		change(&doc, &offer)
		_, err := new(terms).owned(documents([]capDoc{doc}), offer.statuses, offer.zone)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestConcern(t *testing.T) {
	r := withPublisher(t, offerCaps{caps: []capDoc{limit("1")}}.rules(t), limit("1"))
	for _, tt := range []struct {
		rules            *Rules
		offer, publisher string
		want             bool
	}{
		{r, "o", "", true}, {r, "o", "8", true}, {r, "p", "7", true}, {r, "p", "8", false}, {r, "7", "o", false}, {r, "", "", false}, {nil, "o", "7", false},
	} {
		if got := tt.rules.Concern(tt.offer, tt.publisher); got != tt.want {
			t.Errorf("offer %q, publisher %q: %v", tt.offer, tt.publisher, got)
		}
	}
	if r.Empty() || !(*Rules)(nil).Empty() || !new(Rules).Empty() {
		t.Error("who has no caps is told wrongly")
	}
}

// Rows of the initial conversion bear no name, and caps may go by it.
func TestInitialConversionByName(t *testing.T) {
	unnamed := func(t *Thing) { t.EventName = "" }
	sales := limit("5")
	sales.GoalType, sales.Goals = "exact", []string{"Sale"}
	r := offerCaps{caps: []capDoc{sales}}.rules(t)
	if n := len(r.Counters(nil, conversion(unnamed))); n != 1 {
		t.Errorf("%d counters of a sale, want 1", n)
	}
	if n := len(r.Counters(nil, event())); n != 0 {
		t.Errorf("%d counters of a deposit, want 0", n)
	}
}
