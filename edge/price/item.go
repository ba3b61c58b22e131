package price

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// item is a compiled payment item. A dimension that it does not name is nil.
type item struct {
	pair
	index    int    // its place in the document
	hasURL   bool   // it has a target of its own
	rank     uint16 // how specific it is
	partners []string
	// goal is the number of an event, empty for the initial conversion; nil is
	// any.
	goal                        *string
	countries, excluded, cities []string
	devices                     []string
	systems                     []system
}

// newItems compiles the items of an offer, the most specific ones first. Items
// for a goal that the offer does not have are left out.
func newItems(o *config.Offer, events []*config.OfferEvent) (all []item) {
	for i := range o.Payments {
		doc := &o.Payments[i]
		it := item{
			index: i, hasURL: doc.URL != "", countries: doc.Countries, excluded: doc.CountryExclude,
			cities: doc.Cities, devices: doc.Devices, systems: newSystems(doc.OS),
		}
		for _, partner := range doc.Partners {
			it.partners = append(it.partners, number(partner))
		}
		if doc.Goal != "" {
			goal, ok := goalOf(doc.Goal, o, events)
			if !ok {
				continue
			}
			it.goal = &goal
		}
		by := fmt.Sprintf("payment item %d", i+1)
		it.payout, it.revenue = itemRate(doc.Type, doc.Revenue, by), itemRate(doc.Type, doc.Total, by)
		it.rank = it.specificity()
		all = append(all, it)
	}
	slices.SortStableFunc(all, func(a, b item) int { return cmp.Compare(b.rank, a.rank) })
	return all
}

func itemRate(sort string, amount money.Amount, by string) rate {
	switch {
	case amount.IsZero():
		return rate{}
	case sort == "percent":
		return rate{kind: bySale, percent: amount, by: by}
	}
	return rate{kind: byAction, fixed: amount, by: by}
}

// goalOf finds an event as requests name it: by number, opaque id or name. The
// event's number is empty for the initial conversion.
func goalOf(goal string, o *config.Offer, events []*config.OfferEvent) (event string, ok bool) {
	if goal == "0" {
		return "", true
	}
	var named *config.OfferEvent
	for _, e := range events {
		if number(e.IncrementalID) == goal || e.ID == goal {
			return number(e.IncrementalID), true
		}
		if strings.EqualFold(strings.TrimSpace(e.Name), goal) && (named == nil || e.IncrementalID < named.IncrementalID) {
			named = e
		}
	}
	if named != nil {
		return number(named.IncrementalID), true
	}
	return "", o.ConversionName != "" && strings.EqualFold(o.ConversionName, goal)
}

// specificity orders items: personal ones, then by how many dimensions are
// named, then by which ones.
func (it *item) specificity() uint16 {
	const personal, each = 1 << 8, 1 << 5
	var named uint16
	for i, names := range [...]bool{it.systems != nil, it.devices != nil, it.cities != nil, it.countries != nil, it.goal != nil} {
		if names {
			named |= 1 << i
		}
	}
	rank := uint16(bits.OnesCount16(named))*each + named
	if it.partners != nil {
		rank += personal
	}
	return rank
}

// itemRate is the rate of the most specific item that fits and says something
// of a side; nil for none.
func (t *Terms) itemRate(c *click.Click, event string, of side) *rate {
	if len(t.items) == 0 {
		return nil
	}
	v := systemOf(c)
	for i := range t.items {
		if it := &t.items[i]; of(&it.pair).kind != none && it.fits(c, &v, event) {
			return of(&it.pair)
		}
	}
	return nil
}

// Target is the place, in the offer's document, of the most specific payment
// item that fits a click and has a URL; false for none.
func (t *Terms) Target(c *click.Click) (index int, ok bool) {
	if t == nil || !t.targets {
		return 0, false
	}
	v := systemOf(c)
	for i := range t.items {
		if it := &t.items[i]; it.hasURL && it.fits(c, &v, "") {
			return it.index, true
		}
	}
	return 0, false
}

func (it *item) fits(c *click.Click, v *visitorSystem, event string) bool {
	return (it.goal == nil || *it.goal == event) &&
		(it.partners == nil || slices.Contains(it.partners, c.Link.PublisherNumber)) &&
		holds(it.countries, c.Geo.Country) &&
		(it.excluded == nil || !holds(it.excluded, c.Geo.Country)) &&
		holds(it.cities, c.Geo.City) &&
		fitsDevice(it.devices, c) && fitsSystem(it.systems, v)
}

// holds tells whether a list has a value, whatever the case, or is nil.
func holds(list []string, value string) bool {
	if list == nil {
		return true
	}
	for _, entry := range list {
		if strings.EqualFold(entry, value) {
			return true
		}
	}
	return false
}
