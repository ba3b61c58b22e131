package rotate

import "math/bits"

// unit is 1 in the fixed-point numbers of logarithms.
const (
	unitBits = 57
	unit     = 1 << unitBits
)

// surprise is -log2(h / 2^64) in units of 2^-57, 0 to 64, for h of 1 and more:
// exponentially distributed when h is uniform. It falls with h, but for its last
// digit.
//
// math.Log2 would not do: the machines of different makers, and versions of Go,
// round it differently. So the fraction comes from a table of integers, with a
// parabola through the ends and the middle of each of its segments, which is
// exact to 2e-8, and to a share of 3e-6.
func surprise(h uint64) uint64 {
	h = max(h, 1)
	zeros := bits.LeadingZeros64(h)
	fraction := h << zeros << 1 // log2 of 1 + fraction / 2^64 is looked for
	s := &segments[fraction>>(64-segmentBits)]
	t := fraction << segmentBits // how far in the segment, in 2^-64
	rise, _ := bits.Mul64(t, s.rise)
	hump, _ := bits.Mul64(t, -t) // t * (1-t); 0 when t is 0
	bulge, _ := bits.Mul64(hump, s.bulge)
	return uint64(zeros+1)<<unitBits - (s.start + rise + bulge)
}

const segmentBits = 7

// segment is a part of log2(1+x), 0 <= x < 1.
type segment struct {
	start, rise uint64 // the value at the beginning, and how much more at the end
	// bulge is 4 times how much the middle lies above the straight line.
	bulge uint64
}

var segments = func() (all [1 << segmentBits]segment) {
	const halves = 2 << segmentBits
	at := func(half int) uint64 { return log2(1<<63 + uint64(half)*(1<<63/halves)) }
	for i := range all {
		start, middle, end := at(2*i), at(2*i+1), uint64(unit)
		if i+1 < len(all) {
			end = at(2*i + 2)
		}
		all[i] = segment{start, end - start, 4*middle - 2*start - 2*end}
	}
	return all
}()

// log2 is log2(x / 2^63) in units of 2^-57 for x of 2^63 and more, bit by bit:
// squaring a number doubles its logarithm.
func log2(x uint64) (log uint64) {
	for range unitBits {
		high, low := bits.Mul64(x, x)
		if log <<= 1; high>>63 == 1 {
			log |= 1
			x = high
		} else {
			x = high<<1 | low>>63
		}
	}
	return log
}
