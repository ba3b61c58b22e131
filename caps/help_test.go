package caps

import (
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// at is a time in unix milliseconds.
func at(text string) int64 {
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return when.UnixMilli()
}

var noon = at("2026-11-20T12:00:00Z")

// capDoc is config.OfferCap without its parts, to be written down shortly.
type capDoc struct {
	Type, Period, GoalType, AffiliateType string
	Value                                 money.Amount
	Goals                                 []string
	Affiliates                            []int64
	SubIDEach                             bool
}

func documents(caps []capDoc) (docs []config.OfferCap) {
	for _, c := range caps {
		docs = append(docs, config.OfferCap{AffiliateType: c.AffiliateType, Affiliates: c.Affiliates, Cap: config.Cap{
			Type: c.Type, Period: c.Period, GoalType: c.GoalType, Value: c.Value, Goals: c.Goals, SubIDEach: c.SubIDEach,
		}})
	}
	return docs
}

// offerCaps are the caps of offer "o" and what it says about them.
type offerCaps struct {
	caps     []capDoc
	statuses []string
	zone     string
	divert   bool
	notice   int
	events   []*config.OfferEvent
}

func (o offerCaps) rules(t testing.TB) *Rules {
	t.Helper()
	terms := terms{
		owner: Owner{OfferOwner, "o"}, diverts: o.divert, percent: o.notice, events: o.events, initial: "Sale",
	}
	owned, err := terms.owned(documents(o.caps), o.statuses, o.zone)
	if err != nil {
		t.Fatal(err)
	}
	edit := (*Rules)(nil).edit()
	edit.offers.Put("o", owned)
	rules, err := edit.rules()
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// withPublisher adds caps of publisher 7.
func withPublisher(t testing.TB, r *Rules, caps ...capDoc) *Rules {
	t.Helper()
	terms := terms{owner: Owner{PublisherOwner, "7"}}
	owned, err := terms.owned(documents(caps), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	edit := r.edit()
	edit.publishers.Put("7", owned)
	rules, err := edit.rules()
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// limit is a cap of conversions a day over everything.
func limit(n string) capDoc {
	return capDoc{Type: "conversions", Period: "day", Value: money.MustParse(n)}
}

// conversion is an approved one of publisher 7 on offer "o".
func conversion(change ...func(*Thing)) *Thing {
	t := &Thing{
		Plane: click.PlaneConversion, OfferID: "o", PublisherNumber: "7", SubID: "s", EventName: "Sale",
		Status: click.Approved, Payout: money.MustParse("10"), Revenue: money.MustParse("15"), TimeMS: noon,
	}
	for _, c := range change {
		c(t)
	}
	return t
}

// event is one of goal 5.
func event(change ...func(*Thing)) *Thing {
	t := conversion(change...)
	t.EventNumber, t.EventName = "5", "Deposit"
	return t
}

// visit is a click that earns nothing.
func visit(change ...func(*Thing)) *Thing {
	t := &Thing{Plane: click.PlaneClick, OfferID: "o", PublisherNumber: "7", SubID: "s", TimeMS: noon}
	for _, c := range change {
		c(t)
	}
	return t
}

func impression(change ...func(*Thing)) *Thing {
	t := visit(change...)
	t.Plane = click.PlaneImpression
	return t
}

func by(publisher string) func(*Thing) { return func(t *Thing) { t.PublisherNumber = publisher } }

func sub(id string) func(*Thing) { return func(t *Thing) { t.SubID = id } }

func when(ms int64) func(*Thing) { return func(t *Thing) { t.TimeMS = ms } }

func status(s click.Status) func(*Thing) { return func(t *Thing) { t.Status = s } }

func paid(payout string) func(*Thing) {
	return func(t *Thing) { t.Payout = money.MustParse(payout) }
}

// value is what the thing's counter of the first cap stands at.
func value(r *Rules, b *Book, t *Thing) string {
	counts := r.Counters(nil, t)
	if len(counts) == 0 {
		return "none"
	}
	return money.FromMillionths(b.Value(counts[0].Key)).String()
}
