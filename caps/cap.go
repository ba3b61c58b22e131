package caps

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// OwnerKind is the sort of document that has caps.
type OwnerKind uint8

// The sorts of owners.
const (
	OfferOwner OwnerKind = iota
	PublisherOwner
)

// Owner is the document that has a cap: an offer by its opaque id, a publisher
// by its incremental id in decimal.
type Owner struct {
	Kind OwnerKind
	ID   string
}

// String is the owner as messages name it.
func (o Owner) String() string {
	return [...]string{"offer ", "publisher "}[o.Kind] + o.ID
}

// scope is how a cap treats goals or publishers.
type scope uint8

const (
	scopeAll   scope = iota // one counter for all
	scopeEach               // one for each
	scopeExact              // one for those listed together (D-19)
)

var scopeNames = [...]string{"all", "each", "exact"}

// group is a scope with its list. A list with scopeEach leaves out the others.
type group struct {
	scope scope
	list  []string // sorted, each once; nil is any
}

func (g *group) has(name string) bool {
	if g.list == nil {
		return true
	}
	_, found := slices.BinarySearch(g.list, name)
	return found
}

// Cap is one cap of an offer or publisher, compiled.
type Cap struct {
	owner   Owner
	place   string // its path in the document
	measure Measure
	period  Period
	zone    *time.Location
	limit   int64 // millionths
	// notice is the sum in millionths at which a notice goes out, percent its
	// share of limit; 0 is never.
	notice            int64
	percent           int
	goals, publishers group
	eachSubID         bool
	statuses          uint16 // a bit for each status that counts
	// diverts tells that clicks go elsewhere while the cap is full; eachGoals
	// are the numbers of the goals that a click might reach, where each has a
	// counter.
	diverts   bool
	eachGoals []string

	ownerHash, meter uint64
	// same are the caps of the owner that count the same, this one included;
	// the first one counts for all.
	same []*Cap
}

// Owner is the document that has the cap.
func (c *Cap) Owner() Owner { return c.owner }

// Measure is what it counts.
func (c *Cap) Measure() Measure { return c.measure }

// Period is how long it counts.
func (c *Cap) Period() Period { return c.period }

// Limit is the most it lets through: an amount, or a whole number.
func (c *Cap) Limit() money.Amount { return money.FromMillionths(c.limit) }

// Place is the cap's path in its document, such as caps[0].
func (c *Cap) Place() string { return c.place }

// String tells people which cap it is: "caps[1] of offer o1: 100 conversions a
// day for each publisher".
func (c *Cap) String() string {
	b := new(strings.Builder)
	fmt.Fprintf(b, "%s of %s: %s %s", c.place, c.owner, c.Limit(), c.measure)
	b.WriteString([...]string{" a day", " a month", " in all"}[c.period])
	for i, g := range []*group{&c.publishers, &c.goals} {
		what := [...]string{"publisher", "goal"}[i]
		switch {
		case g.scope == scopeEach:
			fmt.Fprintf(b, " for each %s", what)
		case g.scope == scopeExact:
			fmt.Fprintf(b, " for %ss %s", what, strings.Join(g.list, ", "))
		}
	}
	if c.eachSubID {
		b.WriteString(" for each sub id of a publisher")
	}
	return b.String()
}

// concerns tells whether the cap looks at things of the publisher.
func (c *Cap) concerns(t *Thing) bool { return c.publishers.has(t.PublisherNumber) }

// amount is what the thing adds to the cap's sum, in millionths; 0 is nothing.
func (c *Cap) amount(t *Thing) int64 {
	n := c.measure.amount(t)
	if n == 0 || !c.concerns(t) {
		return 0
	}
	if t.Plane == click.PlaneConversion {
		if c.statuses&(1<<t.Status) == 0 || !c.hasGoal(t) {
			return 0
		}
	} else if c.goals.scope != scopeAll {
		return 0 // what a click earns belongs to no goal
	}
	return n
}

// hasGoal tells whether the cap is about the thing's goal, by number or name.
func (c *Cap) hasGoal(t *Thing) bool {
	return c.goals.has(t.goal()) || t.EventName != "" && c.goals.has(strings.ToLower(t.EventName))
}

// key is the counter that the thing belongs to. A sub id is a publisher's own:
// another one's of the same name is another one.
func (c *Cap) key(t *Thing, goal string) Key {
	publisher, subID := "", ""
	if c.publishers.scope == scopeEach || c.eachSubID {
		publisher = t.PublisherNumber
	}
	if c.goals.scope != scopeEach {
		goal = ""
	}
	if c.eachSubID {
		subID = t.SubID
	}
	return keyOf(c.ownerHash, c.meter, c.period.number(t.TimeMS, c.zone), publisher, goal, subID)
}

// exceeds tells whether sum and n together are more than the limit.
func (c *Cap) exceeds(sum, n int64) bool { return n > 0 && sum > c.limit-n }

// divertsFor tells whether a full cap keeps the click from its offer.
func (c *Cap) divertsFor(t *Thing) bool {
	return c.diverts && t.Plane == click.PlaneClick && !c.measure.countsTraffic() && c.concerns(t)
}

// isFull tells whether nothing that could become of the click fits any more:
// where goals have counters of their own, all of them must be full.
func (c *Cap) isFull(b *Book, t *Thing) bool {
	n := c.measure.expected(t)
	if c.goals.scope != scopeEach {
		return c.exceeds(b.sum(c.key(t, "")), n)
	}
	for _, goal := range c.eachGoals {
		if !c.exceeds(b.sum(c.key(t, goal)), n) {
			return false
		}
	}
	return len(c.eachGoals) > 0
}
