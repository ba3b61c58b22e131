package money

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestArithmetic(t *testing.T) {
	m := MustParse
	for _, tt := range []struct {
		name string
		got  Amount
		want string
	}{
		{"no dust", m("0.1").Add(m("0.2")), "0.3"},
		{"zeros go", m("0.75").Add(m("0.25")), "1"},
		{"below zero", m("0.1").Sub(m("0.3")), "-0.2"},
		{"to zero", m("5").Sub(m("5.000")), "0"},
		{"negated", m("0").Neg(), "0"},
		{"product", m("19.99").Mul(m("3")), "59.97"},
		{"a thousandth of a tenth of a cent", m("0.001").Mul(New(1, 3)), "0.000001"},
		{"half goes up", m("0.001").Mul(m("0.0005")), "0.000001"},
		{"less than half goes down", m("0.001").Mul(m("0.000499")), "0"},
		{"half goes away from zero", m("-0.001").Mul(m("0.0005")), "-0.000001"},
		{"half of an even one too", m("0.001").Mul(m("0.0025")), "0.000003"},
		{"percent", m("49.90").Percent(m("12.5")), "6.2375"},
		{"a third of a cent", m("0.01").Percent(m("33.333333")), "0.003333"},
		{"percent of the largest", Max.Percent(m("100")), "9999999999999.999999"},
		{"a percent of the largest", Max.Percent(m("1")), "100000000000"},
		{"19 digits by 9", m("1234567890123.456789").Percent(m("99.999999")), "1234567877777.777888"},
		{"beyond", Max.Add(m("0.000001")), "9999999999999.999999"},
		{"beyond by ten digits", Max.Add(Max), "9999999999999.999999"},
		{"beyond, rounded by the library", Max.Add(m("0.5")), "9999999999999.999999"},
		{"beyond below", Max.Neg().Sub(m("1")), "-9999999999999.999999"},
		{"product beyond", Max.Mul(m("2")), "9999999999999.999999"},
		{"product beyond 64 bits", Max.Mul(m("-1000")), "-9999999999999.999999"},
		{"product far beyond", Max.Mul(Max), "9999999999999.999999"},
		{"two decimals", m("2.345").Round(2), "2.35"},
		{"two decimals below zero", m("-2.345").Round(2), "-2.35"},
		{"two decimals of an even one", m("2.465").Round(2), "2.47"},
		{"no decimals", m("0.5").Round(0), "1"},
		{"no decimals either", m("1.499999").Round(-1), "1"},
		{"nothing to round", m("1.5").Round(6), "1.5"},
		{"rounded beyond", Max.Round(2), "9999999999999.999999"},
		{"made of a whole number", New(1999, 2), "19.99"},
		{"made with zeros", New(-100, 2), "-1"},
	} {
		if got := tt.got.String(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if tt.got != m(tt.want) {
			t.Errorf("%s: %#v and %#v print alike and differ", tt.name, tt.got, m(tt.want))
		}
	}
}

func TestOrder(t *testing.T) {
	sorted := []Amount{Max.Neg(), MustParse("-1"), MustParse("-0.000001"), {}, MustParse("0.000001"), MustParse("0.5"), MustParse("10"), Max}
	for i, a := range sorted {
		for j, b := range sorted {
			if want := min(max(i-j, -1), 1); a.Cmp(b) != want {
				t.Errorf("%s against %s: %d, want %d", a, b, a.Cmp(b), want)
			}
		}
		if want := min(max(i-3, -1), 1); a.Sign() != want || a.IsZero() != (want == 0) {
			t.Errorf("sign of %s is %d, zero %t", a, a.Sign(), a.IsZero())
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, make := range map[string]func(){
		"scale below 0":      func() { New(1, -1) },
		"scale too fine":     func() { New(1, 7) },
		"value beyond Max":   func() { New(math.MaxInt64, 0) },
		"text of no number":  func() { MustParse("1,50") },
		"value too negative": func() { New(math.MinInt64, 5) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			make()
		}()
	}
}

// TestExact compares with rational numbers that round where we say.
func TestExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sum, exactSum := Amount{}, new(big.Rat)
	for range 15_000 {
		a, b := random(r), random(r)
		check := func(op string, got Amount, exact *big.Rat) {
			t.Helper()
			if want := rounded(exact, Decimals); rational(got).Cmp(want) != 0 {
				t.Fatalf("%s %s %s = %s, want %s", a, op, b, got, want.FloatString(8))
			}
		}
		ra, rb := rational(a), rational(b)
		product := new(big.Rat).Mul(ra, rb)
		check("+", a.Add(b), new(big.Rat).Add(ra, rb))
		check("-", a.Sub(b), new(big.Rat).Sub(ra, rb))
		check("*", a.Mul(b), product)
		check("percent", a.Percent(b), new(big.Rat).Quo(product, big.NewRat(100, 1)))
		scale := r.IntN(Decimals + 1)
		check("round", a.Round(scale), rounded(ra, scale))

		share := a.Percent(b)
		sum = sum.Add(share)
		exactSum.Add(exactSum, rounded(new(big.Rat).Quo(product, big.NewRat(100, 1)), Decimals))
	}
	if rational(sum).Cmp(rounded(exactSum, Decimals)) != 0 {
		t.Errorf("sum %s, want %s", sum, exactSum.FloatString(8))
	}
}

// random favours few digits, as prices do, and halves.
func random(r *rand.Rand) Amount {
	a := New(r.Int64N(int64(pow10[r.IntN(6)])*10), r.IntN(Decimals+1))
	if r.IntN(4) == 0 {
		a = a.Add(New(5, r.IntN(Decimals+1)))
	}
	if r.IntN(8) == 0 {
		a = a.Neg()
	}
	return a
}

func rational(a Amount) *big.Rat {
	r, ok := new(big.Rat).SetString(a.String())
	if !ok {
		panic(a.String())
	}
	return r
}

// rounded rounds half away from zero, and stops at Max.
func rounded(r *big.Rat, scale int) *big.Rat {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	size := new(big.Rat).Abs(r)
	size.Mul(size, new(big.Rat).SetInt(unit))
	size.Add(size, big.NewRat(1, 2))
	size.SetFrac(new(big.Int).Quo(size.Num(), size.Denom()), unit)
	if limit := rational(Max); size.Cmp(limit) > 0 {
		size = limit
	}
	if r.Sign() < 0 {
		size.Neg(size)
	}
	return size
}

// FuzzArithmetic has amounts of all sizes.
func FuzzArithmetic(f *testing.F) {
	f.Add(uint64(most), uint64(most), true)
	f.Add(uint64(most), uint64(500_000), false)
	f.Fuzz(func(t *testing.T, m, n uint64, negative bool) {
		a, b := fromMillionths(m, negative), fromMillionths(n, false)
		ra, rb := rational(a), rational(b)
		for op, pair := range map[string]struct {
			got  Amount
			want *big.Rat
		}{
			"+":       {a.Add(b), new(big.Rat).Add(ra, rb)},
			"-":       {a.Sub(b), new(big.Rat).Sub(ra, rb)},
			"*":       {a.Mul(b), new(big.Rat).Mul(ra, rb)},
			"percent": {a.Percent(b), new(big.Rat).Mul(ra, new(big.Rat).Quo(rb, big.NewRat(100, 1)))},
			"round":   {a.Round(2), rounded(ra, 2)},
		} {
			if want := rounded(pair.want, Decimals); rational(pair.got).Cmp(want) != 0 {
				t.Errorf("%s %s %s = %s, want %s", a, op, b, pair.got, want.FloatString(8))
			}
		}
	})
}
