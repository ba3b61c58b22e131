package state

import (
	"math/bits"
	"sync"
)

const (
	// maxLoad is the planned share of used cells. Up to here two candidate
	// buckets practically always have a free cell.
	maxLoad = 0.62
	// Few stripes make goroutines wait for each other; small ones fill
	// unevenly.
	maxStripes       = 1024
	minStripeBuckets = 256
)

// grid maps a key to a stripe and to two different buckets of that stripe, so
// that one lock covers both.
type grid struct {
	stripes, buckets uint64 // buckets of one stripe
}

// newGrid lays out buckets of the given number of cells for that many keys.
func newGrid(keys, cells int) grid {
	total := uint64(float64(keys)/maxLoad)/uint64(cells) + 1
	stripes := min(max(total/minStripeBuckets, 1), maxStripes)
	return grid{stripes: stripes, buckets: max((total+stripes-1)/stripes, 2)}
}

// locate returns the stripe of a key and the indexes of its buckets. It draws
// on the upper bits of the key; the lower ones are left for tags.
func (g grid) locate(k Key) (stripe, a, b uint64) {
	stripe, rest := bits.Mul64(k.sum, g.stripes)
	a, rest = bits.Mul64(rest, g.buckets)
	step, _ := bits.Mul64(rest, g.buckets-1)
	if b = a + 1 + step; b >= g.buckets {
		b -= g.buckets
	}
	first := stripe * g.buckets
	return stripe, first + a, first + b
}

// stripe is the lock over a part of the buckets and the figures of that part.
// It fills a cache line, so that neighbours do not disturb each other.
type stripe struct {
	sync.Mutex
	used      int
	evictions uint64
	_         [64 - 24]byte
}

// total adds up the figures of all stripes.
func total(stripes []stripe, slots int) Stats {
	s := Stats{Slots: slots}
	for i := range stripes {
		p := &stripes[i]
		p.Lock()
		s.Used += p.used
		s.Evictions += p.evictions
		p.Unlock()
	}
	return s
}
