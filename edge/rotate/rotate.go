// Package rotate picks among candidates for a visitor: the offers of a smart
// link, the landing pages of an offer.
//
// By weight it is weighted rendezvous hashing. Each candidate draws a number
// from a hash of the visitor, the link and the candidate, distributed so that
// the smallest number is the candidate's own with a chance in proportion to its
// weight; the order of the numbers is the order of preference. So any edge
// picks the same, and a visitor the same again. A candidate that drops out
// moves its own visitors only, to the others by their weights; one whose weight
// grows only gains visitors, and one whose weight falls only loses them.
//
// All of it is integer arithmetic with fixed constants: the answers are the
// same on every machine and for ever, since visitors would move if they
// changed. Who changes one here must see the golden values fail.
package rotate

import (
	"cmp"
	"math/bits"
	"slices"
)

// MaxWeight is the greatest weight whose share is exact to a millionth.
const MaxWeight = 1_000_000

// Wheel is what a link picks from. It is immutable and serves any number of
// goroutines. The zero Wheel picks nothing.
type Wheel struct {
	// drawn are the candidates by weight.
	drawn []candidate
	// fixed are those by priority, in their order.
	fixed []int32
}

// candidate is one of a Wheel.
type candidate struct {
	key uint64 // a hash of the link and the candidate's id
	// inverse is 2^64 / weight.
	inverse uint64
	index   int32
}

// Weighted is one candidate of New.
type Weighted struct {
	// ID names it for good: an opaque id. Ids of one Wheel must differ.
	ID string
	// Weight is its share in proportion to the others, 0 to MaxWeight; one of 0
	// is never picked. Greater ones count as MaxWeight.
	Weight uint32
}

// New returns the Wheel of a link that picks by weight. link names it for good
// and apart from all others, as "smart_link/summer" does: who sees one offer
// first on one link sees any other first on another. Indexes that the Wheel
// picks are those of list.
func New(link string, list []Weighted) *Wheel {
	w := &Wheel{drawn: make([]candidate, 0, len(list))}
	of := Visitor(0).With(link)
	for i, c := range list {
		if c.Weight > 0 {
			w.drawn = append(w.drawn, candidate{uint64(of.With(c.ID)), inverse(min(c.Weight, MaxWeight)), int32(i)})
		}
	}
	return w
}

// inverse is 2^64 / weight, at most 2^64-1.
func inverse(weight uint32) uint64 {
	if weight == 1 {
		return 1<<64 - 1
	}
	q, _ := bits.Div64(1, 0, uint64(weight))
	return q
}

// ByPriority returns the Wheel of a link whose candidates have priorities: the
// lower first, whoever the visitor is, equal ones in the order given.
func ByPriority(priorities []int64) *Wheel {
	w := &Wheel{fixed: make([]int32, len(priorities))}
	for i := range w.fixed {
		w.fixed[i] = int32(i)
	}
	slices.SortStableFunc(w.fixed, func(a, b int32) int { return cmp.Compare(priorities[a], priorities[b]) })
	return w
}

// Len is the number of candidates that may be picked.
func (w *Wheel) Len() int { return len(w.drawn) + len(w.fixed) }

// First returns the index of the candidate that the visitor prefers; false when
// there is none.
func (w *Wheel) First(v Visitor) (index int, ok bool) {
	if len(w.fixed) > 0 {
		return int(w.fixed[0]), true
	}
	if len(w.drawn) == 0 {
		return 0, false
	}
	best := w.drawn[0].draw(v, 0)
	for i := 1; i < len(w.drawn); i++ {
		if t := w.drawn[i].draw(v, int32(i)); t.before(best, w) {
			best = t
		}
	}
	return int(w.drawn[best.at].index), true
}
