// Package price says what a click, an impression or a conversion costs the
// advertiser and earns the publisher (R-35 to R-37, A26.2).
//
// Both sides are settled separately, each by the first of these that has terms
// for it:
//
//  1. the custom payout of the publisher on the offer: for the event where one
//     happened, for the initial conversion otherwise. The type Unknown leaves
//     the side to what follows;
//  2. the terms of the event;
//  3. the payment item that fits, see below;
//  4. the offer's default_payout;
//  5. the integration's default_revenue_payout.
//
// An amount that the request names counts where those come to nothing, unless
// they pay by the click or by impressions: then it has been paid for already.
// Clicks and impressions are settled as their initial conversion would be, so
// whoever is paid by the conversion is not paid by the click on top.
//
// Payment items: what an item names must all fit the click. Of the items that
// fit and have an amount for the side, a personal one (with partners) goes
// before general ones; then the one that names more of goal, country, city,
// device and system; of those that name as many, the one that names the first
// of these; at last the one listed first. country_exclude does not count: it
// says less than a country.
package price

import (
	"slices"
	"strconv"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// Amounts are what something costs and earns, in the currency of the offer,
// else of the integration. None is below 0.
type Amounts struct {
	Payout, Revenue money.Amount
	// PayoutBy and RevenueBy name the terms that settled the side: "custom
	// payout", "event", "payment item 2" (the second), "offer", "integration",
	// "request", or "" where there are none.
	PayoutBy, RevenueBy string
}

// Terms are all terms of an offer. They are read only; nil are none.
type Terms struct {
	custom map[customKey]*pair
	events map[string]*pair // by number
	items  []item
	// targets: some item has a target of its own.
	targets bool
	offer   pair
	// defaults are the integration's.
	defaults [planes]pair
}

const planes = int(click.PlaneConversion) + 1

// customKey holds the numbers of a publisher and an event; the event is empty
// for the initial conversion.
type customKey struct{ publisher, event string }

// pair are the rates of both sides.
type pair struct{ payout, revenue rate }

// Compile makes the terms of an offer from its document, those of its events and
// of its custom payouts, and the amounts of its integration. Archived events
// and documents of other offers must have been left out. The documents must be
// valid and must not change any more.
func Compile(o *config.Offer, defaults *config.Amounts, events []*config.OfferEvent, customs []*config.CustomPayout) *Terms {
	t := &Terms{offer: *pairOf(&o.DefaultPayout, "offer"), items: newItems(o, events)}
	t.targets = slices.ContainsFunc(t.items, func(it item) bool { return it.hasURL })
	t.defaults[click.PlaneClick] = fixedPair(defaults.ClickPayout, defaults.ClickRevenue)
	t.defaults[click.PlaneConversion] = fixedPair(defaults.ConversionPayout, defaults.ConversionRevenue)
	for _, doc := range events {
		if t.events == nil {
			t.events = make(map[string]*pair, len(events))
		}
		t.events[number(doc.IncrementalID)] = pairOf(&doc.Terms, "event")
	}
	for _, doc := range customs {
		if t.custom == nil {
			t.custom = make(map[customKey]*pair, len(customs))
		}
		terms := config.Payout{
			Payout: doc.Payout, PayoutPercent: doc.PayoutPercent, PayoutType: doc.PayoutType,
			Revenue: doc.Revenue, RevenuePercent: doc.RevenuePercent, RevenueType: doc.RevenueType,
		}
		key := customKey{publisher: number(doc.PublisherIncrementalID)}
		if doc.EventIncrementalID != 0 {
			key.event = number(doc.EventIncrementalID)
		}
		t.custom[key] = pairOf(&terms, "custom payout")
	}
	return t
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func fixedPair(payout, revenue money.Amount) pair {
	return pair{fixedRate(payout, "integration"), fixedRate(revenue, "integration")}
}

// Price settles c: a click, an impression, or a conversion or event with the
// fields of its click. It neither changes c nor allocates, and may be called
// by many at once.
func (t *Terms) Price(c *click.Click) (a Amounts) {
	if t == nil {
		return a
	}
	revenue, payout := t.find(c, revenueSide), t.find(c, payoutSide)
	a.Revenue, a.RevenueBy = revenue.settle(c, money.Amount{}, revenue.kind, c.Conversion.RequestRevenue)
	paidAs := payout.kind
	if paidAs == byRevenue {
		paidAs = revenue.kind // a share of what was earned when the revenue was
	}
	a.Payout, a.PayoutBy = payout.settle(c, a.Revenue, paidAs, c.Conversion.RequestPayout)
	return a
}

// side picks the rate of one side.
type side func(*pair) *rate

func payoutSide(p *pair) *rate  { return &p.payout }
func revenueSide(p *pair) *rate { return &p.revenue }

// find returns the terms for c on one side.
func (t *Terms) find(c *click.Click, of side) *rate {
	event := ""
	if c.Plane == click.PlaneConversion {
		event = c.Conversion.EventNumber
	}
	if p, ok := t.custom[customKey{c.Link.PublisherNumber, event}]; ok && of(p).kind != none {
		return of(p)
	}
	if p, ok := t.events[event]; ok && of(p).kind != none {
		return of(p)
	}
	if r := t.itemRate(c, event, of); r != nil {
		return r
	}
	if r := of(&t.offer); r.kind != none {
		return r
	}
	return of(&t.defaults[c.Plane])
}
