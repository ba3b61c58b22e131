//go:build !race

package money

import "testing"

func TestNoAllocations(t *testing.T) {
	a, b, buf := MustParse("1234567890123.456789"), MustParse("12.5"), make([]byte, 0, 64)
	var sink Amount
	if n := testing.AllocsPerRun(100, func() {
		sink = a.Add(b).Sub(b.Neg()).Percent(b).Mul(b).Round(2)
		sink, _ = Parse("123.45")
		buf = sink.AppendTo(buf[:0])
		if sink.Cmp(a) == 0 || sink.IsZero() {
			panic("not equal")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { sink = Max.Add(Max) }); n != 0 {
		t.Errorf("%v allocations for a sum beyond Max", n)
	}
}
