package state

import "math"

// RateParts is how many parts a sliding window has. The window moves a part at
// a time: it covers the last 23 to 24 parts and never more than its length.
const RateParts = 24

// rateWays is the number of cells of a set.
const rateWays = 4

// Rates measures per key which share of the requests is suspicious, within a
// sliding window (the threshold pattern, C2). Its size is fixed: when all
// places of a new key are taken, the key with the fewest requests gives way,
// so that a crowd of keys seen once does not displace those that matter.
type Rates struct {
	grid    grid
	sets    [][rateWays]cell
	stripes []stripe
}

// cell holds the counts of one key.
type cell struct {
	key Key
	// newest is the number of the part that counts now: unix time by the
	// length of a part. endMS is when the last count leaves the window.
	newest, endMS int64
	sum           tally
	parts         [RateParts]tally
}

// tally counts requests and how many of them were suspicious.
type tally struct{ all, bad uint32 }

// NewRates makes room for so many keys at one time.
func NewRates(keys int) *Rates {
	g := newGrid(max(keys, 1), rateWays)
	return &Rates{
		grid:    g,
		sets:    make([][rateWays]cell, g.stripes*g.buckets),
		stripes: make([]stripe, g.stripes),
	}
}

// Count returns how many requests of k there were in the hours before nowMS
// and how many of them were suspicious, and then counts this one (D-11). One
// key always comes with the same hours.
func (r *Rates) Count(k Key, nowMS int64, hours int, suspicious bool) (all, bad int64) {
	windowMS := int64(hours) * 3_600_000
	i, a, b := r.grid.locate(k)
	p := &r.stripes[i]
	p.Lock()
	defer p.Unlock()
	c := r.find(k, a, b)
	if c == nil {
		c = r.room(p, a, b, nowMS)
		*c = cell{key: k}
	}
	before := c.advance(nowMS, windowMS)
	c.count(nowMS+windowMS, suspicious)
	return int64(before.all), int64(before.bad)
}

// Peek is Count without counting.
func (r *Rates) Peek(k Key, nowMS int64, hours int) (all, bad int64) {
	windowMS := int64(hours) * 3_600_000
	i, a, b := r.grid.locate(k)
	p := &r.stripes[i]
	p.Lock()
	defer p.Unlock()
	c := r.find(k, a, b)
	if c == nil {
		return 0, 0
	}
	sum := c.advance(nowMS, windowMS)
	return int64(sum.all), int64(sum.bad)
}

// Stats returns the figures; Slots are cells.
func (r *Rates) Stats() Stats { return total(r.stripes, len(r.sets)*rateWays) }

// find returns the cell of a key, or nil.
func (r *Rates) find(k Key, a, b uint64) *cell {
	for _, set := range [...]*[rateWays]cell{&r.sets[a], &r.sets[b]} {
		for i := range set {
			if c := &set[i]; c.key == k && c.sum.all > 0 {
				return c
			}
		}
	}
	return nil
}

// room returns a cell for a new key: one that holds nothing or only what has
// left its window, or else the one with the fewest requests.
func (r *Rates) room(p *stripe, a, b uint64, nowMS int64) *cell {
	var least *cell
	for _, set := range [...]*[rateWays]cell{&r.sets[a], &r.sets[b]} {
		for i := range set {
			c := &set[i]
			if c.endMS == 0 {
				p.used++
				return c
			}
			if c.endMS <= nowMS {
				return c
			}
			if least == nil || c.sum.all < least.sum.all {
				least = c
			}
		}
	}
	p.evictions++
	return least
}

// advance moves the window to nowMS and returns what is in it. A clock that
// stepped back counts into the newest part; one that leapt back by more than
// the window starts anew, or the cell would be stuck in the future.
func (c *cell) advance(nowMS, windowMS int64) tally {
	part := max(nowMS, 0) / max(windowMS/RateParts, 1)
	ahead := part - c.newest
	if ahead >= RateParts || ahead <= -RateParts {
		*c = cell{key: c.key, newest: part, endMS: c.endMS}
		return c.sum
	}
	for c.newest < part {
		c.newest++
		left := &c.parts[c.newest%RateParts]
		c.sum.all -= left.all
		c.sum.bad -= left.bad
		*left = tally{}
	}
	return c.sum
}

// count adds a request to the newest part. At the end of its range the sum
// stands still until a part leaves the window: the share stays right.
func (c *cell) count(endMS int64, suspicious bool) {
	c.endMS = max(endMS, 1)
	if c.sum.all == math.MaxUint32 {
		return
	}
	for _, t := range [...]*tally{&c.sum, &c.parts[c.newest%RateParts]} {
		t.all++
		if suspicious {
			t.bad++
		}
	}
}
