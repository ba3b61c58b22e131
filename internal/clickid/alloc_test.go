//go:build !race

// The race detector makes sync.Pool forget on purpose.

package clickid

import (
	"strings"
	"testing"
)

func TestAllocations(t *testing.T) {
	g, _ := newGenerator(t, 1)
	var id [Size]byte
	if n := testing.AllocsPerRun(1000, func() { g.Next(someMS, &id) }); n != 0 {
		t.Errorf("Next: %v allocations, want 0", n)
	}
	text, forged := next(g, someMS), strings.Repeat("0", Size)
	if n := testing.AllocsPerRun(1000, func() { g.Parse(text); g.Parse(forged) }); n != 0 {
		t.Errorf("Parse: %v allocations, want 0", n)
	}
}

func BenchmarkNext(b *testing.B) {
	g, _ := newGenerator(b, 1)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		var id [Size]byte
		for pb.Next() {
			g.Next(someMS, &id)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	g, _ := newGenerator(b, 1)
	id := next(g, someMS)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := g.Parse(id); err != nil {
			b.Fatal(err)
		}
	}
}
