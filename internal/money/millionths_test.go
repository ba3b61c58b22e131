package money

import (
	"math"
	"testing"
)

func TestMillionths(t *testing.T) {
	for text, want := range map[string]int64{
		"0":                    0,
		"19.99":                19_990_000,
		"-0.000001":            -1,
		"1":                    1_000_000,
		"9223372036854.775807": math.MaxInt64,
	} {
		a := MustParse(text)
		if got := a.Millionths(); got != want {
			t.Errorf("%s in millionths is %d, want %d", text, got, want)
		}
		if back := FromMillionths(want); back != a {
			t.Errorf("%d millionths are %s, want %s", want, back, a)
		}
	}
	if Max.Millionths() != math.MaxInt64 || Max.Neg().Millionths() != -math.MaxInt64 {
		t.Errorf("Max is %d, its negation %d", Max.Millionths(), Max.Neg().Millionths())
	}
	if got := FromMillionths(math.MinInt64).String(); got != "-9223372036854.775808" {
		t.Errorf("the least number is %s", got)
	}
}
