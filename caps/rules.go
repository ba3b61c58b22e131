package caps

import (
	"errors"
	"iter"

	"github.com/clickgate/clickgate/internal/cow"
)

// Rules are the caps of a config, compiled. They never change and are safe for
// use by many goroutines; the nil Rules have no caps.
type Rules struct {
	// By opaque id of the offer, and by number of the publisher in decimal.
	// Owners without caps are missing.
	offers, publishers cow.Map[string, *owned]
}

// owned are the caps of one owner, in the order of its document.
type owned struct {
	hash uint64
	caps []*Cap
}

// of returns the caps of the thing's offer and publisher, nil where it has
// none.
func (r *Rules) of(t *Thing) (pair [2]*owned) {
	if r != nil {
		pair[0], _ = r.offers.Get(t.OfferID)
		pair[1], _ = r.publishers.Get(t.PublisherNumber)
	}
	return pair
}

// Concern tells whether an offer, by its opaque id, or a publisher, by its
// number in decimal, has any caps: things of others need no further look.
func (r *Rules) Concern(offerID, publisherNumber string) bool {
	if r == nil {
		return false
	}
	_, offer := r.offers.Get(offerID)
	_, publisher := r.publishers.Get(publisherNumber)
	return offer || publisher
}

// Empty tells that nobody has caps.
func (r *Rules) Empty() bool { return r == nil || r.offers.Len()+r.publishers.Len() == 0 }

// all yields every cap.
func (r *Rules) all() iter.Seq[*Cap] {
	return func(yield func(*Cap) bool) {
		if r == nil {
			return
		}
		for _, m := range []cow.Map[string, *owned]{r.offers, r.publishers} {
			for _, o := range m.All() {
				for _, c := range o.caps {
					if !yield(c) {
						return
					}
				}
			}
		}
	}
}

// rulesEdit is a change of Rules.
type rulesEdit struct {
	offers, publishers *cow.Edit[string, *owned]
	problems           []error
}

func (r *Rules) edit() *rulesEdit {
	if r == nil {
		r = &Rules{}
	}
	return &rulesEdit{offers: r.offers.Edit(), publishers: r.publishers.Edit()}
}

func (e *rulesEdit) rules() (*Rules, error) {
	if len(e.problems) > 0 {
		return nil, errors.Join(e.problems...)
	}
	return &Rules{e.offers.Map(), e.publishers.Map()}, nil
}

// Count is what a thing adds to a counter.
type Count struct {
	Key Key
	// Amount is in millionths; below 0 it takes back what a thing added before.
	Amount int64

	cap    *Cap
	timeMS int64
}

// endMS is when the counter's period has ended.
func (c *Count) endMS() int64 {
	return c.cap.period.endMS(c.cap.period.number(c.timeMS, c.cap.zone), c.cap.zone)
}

// Counters appends what the thing adds to which counters.
func (r *Rules) Counters(dst []Count, t *Thing) []Count {
	return appendCounts(dst, r.of(t), t, false)
}

func appendCounts(dst []Count, pair [2]*owned, t *Thing, takeBack bool) []Count {
	for _, o := range pair {
		if o == nil {
			continue
		}
		for _, c := range o.caps {
			if c.same[0] != c {
				continue
			}
			n := c.amount(t)
			if n == 0 {
				continue
			}
			if takeBack {
				n = -n
			}
			dst = append(dst, Count{c.key(t, t.goal()), n, c, t.TimeMS})
		}
	}
	return dst
}

// Change appends what it takes to count now in place of before: a conversion
// whose status or amounts were changed. A nil before is none. What stays the
// same is left out.
func (r *Rules) Change(dst []Count, before, now *Thing) []Count {
	if before == nil {
		return r.Counters(dst, now)
	}
	start := len(dst)
	dst = appendCounts(dst, r.of(before), before, true)
	dst = r.Counters(dst, now)
	return settle(dst, start)
}

// settle adds up the counts of each counter from start on and drops those that
// come to nothing.
func settle(counts []Count, start int) []Count {
	kept := counts[:start]
next:
	for _, c := range counts[start:] {
		for i := start; i < len(kept); i++ {
			if kept[i].Key == c.Key {
				kept[i].Amount += c.Amount
				continue next
			}
		}
		kept = append(kept, c)
	}
	all := kept
	kept = all[:start]
	for _, c := range all[start:] {
		if c.Amount != 0 {
			kept = append(kept, c)
		}
	}
	return kept
}
