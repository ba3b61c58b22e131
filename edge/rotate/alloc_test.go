//go:build !race

package rotate

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
)

func TestAlloc(t *testing.T) {
	w := New("link", weighted(slices.Repeat([]uint32{3}, 100)...))
	ip, agent := netip.MustParseAddr("2001:db8::1"), "Mozilla/5.0"
	var o Order
	o.Begin(w, 0) // its memory is made once
	if n := testing.AllocsPerRun(100, func() {
		v := Visitor(0).WithAddress(ip).With(agent)
		o.Begin(w, v)
		for range 20 {
			o.Next()
		}
		w.First(v)
	}); n != 0 {
		t.Errorf("%v allocations a click", n)
	}
}

func BenchmarkVisitor(b *testing.B) {
	ip, agent := netip.MustParseAddr("192.0.2.1"), "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	b.ReportAllocs()
	for b.Loop() {
		Visitor(0).WithAddress(ip).With(agent)
	}
}

// BenchmarkFirst is what a click costs; Second one whose first choice is unfit,
// All one for which nothing is fit.
func BenchmarkOrder(b *testing.B) {
	for _, n := range []int{2, 10, 100, 1000} {
		w := New("link", weighted(slices.Repeat([]uint32{3}, n)...))
		for _, bench := range []struct {
			name  string
			steps int
		}{{"First", 1}, {"Second", 2}, {"All", n}} {
			b.Run(fmt.Sprintf("%d/%s", n, bench.name), func(b *testing.B) {
				var o Order
				b.ReportAllocs()
				for v := Visitor(0); b.Loop(); v++ {
					o.Begin(w, v)
					for range bench.steps {
						o.Next()
					}
				}
			})
		}
	}
}
