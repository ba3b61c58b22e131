package rotate

import "math/bits"

// ticket is the number that a candidate drew for a visitor.
type ticket struct {
	number uint64
	at     int32 // the candidate's place in Wheel.drawn
}

// draw makes the number: an exponentially distributed one, divided by the
// weight. The smallest of several such numbers is each one's with a chance in
// proportion to its rate, which is the weight.
func (c *candidate) draw(v Visitor, at int32) ticket {
	number, _ := bits.Mul64(surprise(mix(uint64(v)^c.key)), c.inverse)
	return ticket{number, at}
}

// before orders tickets. Numbers that are equal, which is one pair in many
// millions, leave it to the candidates' keys, so that the order depends on
// nothing but the two.
func (t ticket) before(other ticket, w *Wheel) bool {
	if t.number != other.number {
		return t.number < other.number
	}
	return w.drawn[t.at].key < w.drawn[other.at].key
}

// mix makes a hash of the difference of two: the finalizer of SplitMix64
// (Stafford's variant 13), in which each bit of the input turns each bit of the
// result with a chance of a half.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
