package rotate

import "slices"

// Order yields the candidates of a Wheel in a visitor's order of preference, so
// that who finds the first unfit gets the next best: the visitors of a
// candidate that is skipped go to the others by their weights. The zero Order
// is ready for Begin; it is for one goroutine, and is best kept for the next
// click, since it keeps its memory: 16 bytes a candidate.
type Order struct {
	wheel *Wheel
	// yielded is how many were returned.
	yielded int
	// rest are the tickets still there, with the one that was returned last on
	// top. They are put in order, as a heap, when a second one is wanted: most
	// clicks want one.
	rest []ticket
}

// Begin starts over, for a visitor of a Wheel.
func (o *Order) Begin(w *Wheel, v Visitor) {
	n := len(w.drawn)
	o.wheel, o.yielded, o.rest = w, 0, slices.Grow(o.rest[:0], n)[:n]
	best := 0
	for i := range o.rest {
		o.rest[i] = w.drawn[i].draw(v, int32(i))
		if o.rest[i].before(o.rest[best], w) {
			best = i
		}
	}
	if n > 0 {
		o.rest[0], o.rest[best] = o.rest[best], o.rest[0]
	}
}

// Next returns the index of the candidate that comes next; false when all were
// returned. The first costs nothing; of n by weight the second takes a time in
// proportion to n, and each further one to its logarithm.
func (o *Order) Next() (index int, ok bool) {
	if o.wheel == nil || o.yielded == o.wheel.Len() {
		return 0, false
	}
	o.yielded++
	if fixed := o.wheel.fixed; len(fixed) > 0 {
		return int(fixed[o.yielded-1]), true
	}
	if o.yielded > 1 {
		o.drop()
	}
	return int(o.wheel.drawn[o.rest[0].at].index), true
}

// drop takes the top away and makes the best of the others the top.
func (o *Order) drop() {
	last := len(o.rest) - 1
	o.rest[0] = o.rest[last]
	o.rest = o.rest[:last]
	if o.yielded > 2 {
		o.sink(0)
		return
	}
	for i := last/2 - 1; i >= 0; i-- {
		o.sink(i)
	}
}

// sink moves a ticket down until none below it is better.
func (o *Order) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(o.rest) {
			return
		}
		if right := child + 1; right < len(o.rest) && o.rest[right].before(o.rest[child], o.wheel) {
			child = right
		}
		if !o.rest[child].before(o.rest[i], o.wheel) {
			return
		}
		o.rest[i], o.rest[child] = o.rest[child], o.rest[i]
		i = child
	}
}
