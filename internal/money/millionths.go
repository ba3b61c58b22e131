package money

import "math"

// Millionths returns a in millionths, for sums that are kept in 64 bits. They
// hold a little less than Max: beyond 9,223,372,036,854.775807, that is
// returned, with a's sign.
func (a Amount) Millionths() int64 {
	size := int64(min(a.millionths(), math.MaxInt64))
	if a.Sign() < 0 {
		return -size
	}
	return size
}

// FromMillionths returns n millionths.
func FromMillionths(n int64) Amount {
	if n < 0 {
		return fromMillionths(-uint64(n), true)
	}
	return fromMillionths(uint64(n), false)
}
