package money

import (
	"math"
	"math/bits"

	"github.com/govalues/decimal"
)

// Products are made of whole millionths in 128 bits, since the library would
// round to 19 digits, half to even, before we could round.

const (
	million = 1_000_000
	most    = 9_999_999_999_999_999_999 // Max in millionths
)

// pow10 are the powers of ten up to 10^Decimals.
var pow10 = [Decimals + 1]uint64{1, 10, 100, 1000, 10_000, 100_000, million}

// Mul returns a * b, rounded half away from zero to Decimals decimals.
func (a Amount) Mul(b Amount) Amount { return a.product(b, million) }

// Percent returns p percent of a, rounded half away from zero to Decimals
// decimals.
func (a Amount) Percent(p Amount) Amount { return a.product(p, 100*million) }

// Round returns a with at most scale decimals, rounded half away from zero.
// A scale below 0 counts as 0.
func (a Amount) Round(scale int) Amount {
	if scale >= a.d.Scale() {
		return a
	}
	unit := pow10[Decimals-max(scale, 0)]
	steps := quotient(0, a.millionths(), unit)
	hi, lo := bits.Mul64(steps, unit)
	if hi > 0 {
		return limit(a.Sign() < 0)
	}
	return fromMillionths(lo, a.Sign() < 0)
}

// product returns a * b in millionths, divided by by: 10^6 for both being in
// millionths, times what else to divide by.
func (a Amount) product(b Amount, by uint64) Amount {
	hi, lo := bits.Mul64(a.millionths(), b.millionths())
	negative := a.Sign()*b.Sign() < 0
	if hi >= by {
		return limit(negative)
	}
	return fromMillionths(quotient(hi, lo, by), negative)
}

// quotient divides 128 bits, rounding half up. by is even and more than hi.
func quotient(hi, lo, by uint64) uint64 {
	q, rest := bits.Div64(hi, lo, by)
	if rest >= by-rest && q < math.MaxUint64 {
		q++
	}
	return q
}

// millionths is the size of a.
func (a Amount) millionths() uint64 { return a.d.Coef() * pow10[Decimals-a.d.Scale()] }

func fromMillionths(n uint64, negative bool) Amount {
	if n > most {
		return limit(negative)
	}
	// The library takes 63 bits, so the last digit comes by itself.
	d, _ := decimal.MustNew(int64(n/10), Decimals-1).Add(decimal.MustNew(int64(n%10), Decimals))
	if negative {
		d = d.Neg()
	}
	return Amount{d.Trim(0)}
}
