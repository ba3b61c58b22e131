// Package money holds exact decimal amounts. Nothing in it is floating point:
// what documents and requests say is kept digit by digit, and a product is
// rounded once, half away from zero as invoices do, to millionths. Millionths
// are fine enough for a thousandth of a price in tenths of a cent (CPM), and
// leave room for ten trillion.
//
// Amounts carry no currency: that of a row is its offer's, else its
// integration's. Percentages are amounts too.
package money

import "github.com/govalues/decimal"

// Amount is an exact number with at most Decimals decimals, between -Max and
// Max. The zero value is 0. Equal amounts are equal in Go, however they came
// about, so == and map keys work.
//
// Arithmetic neither fails nor allocates. A result beyond Max is Max, and
// below -Max -Max: no price comes near, and a sum that is too large must not
// turn into a small one.
type Amount struct{ d decimal.Decimal } // without zeros at the end

// Decimals is the finest scale: an amount is a whole number of millionths.
const Decimals = 6

// Max is the largest amount: 9,999,999,999,999.999999.
var Max = Amount{decimal.MustParse("9999999999999.999999")}

// New returns value / 10^scale: New(1999, 2) is 19.99. Scales are from 0 to
// Decimals; another one, or a value beyond Max, is a bug of the caller and
// panics.
func New(value int64, scale int) Amount {
	if scale < 0 || scale > Decimals {
		panic("BUG: scale of an amount out of range")
	}
	d := decimal.MustNew(value, scale)
	if d.CmpAbs(Max.d) > 0 {
		panic("BUG: amount beyond money.Max: " + d.String())
	}
	return Amount{d.Trim(0)}
}

// Add returns a + b.
func (a Amount) Add(b Amount) Amount {
	sum, err := a.d.Add(b.d)
	if err != nil || sum.CmpAbs(Max.d) > 0 {
		return limit(a.Sign() < 0)
	}
	return Amount{sum.Trim(0)}
}

// Sub returns a - b.
func (a Amount) Sub(b Amount) Amount { return a.Add(b.Neg()) }

// Neg returns -a.
func (a Amount) Neg() Amount { return Amount{a.d.Neg()} }

// Cmp is -1 where a is less than b, 0 where they are equal, 1 where a is more.
func (a Amount) Cmp(b Amount) int { return a.d.Cmp(b.d) }

// Sign is -1, 0 or 1.
func (a Amount) Sign() int { return a.d.Sign() }

// IsZero tells whether a is 0.
func (a Amount) IsZero() bool { return a.d.IsZero() }

// limit is the amount that stands for all larger ones.
func limit(negative bool) Amount {
	if negative {
		return Max.Neg()
	}
	return Max
}
