package rotate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSurprise compares with the logarithm of the machine, which may be wrong
// in its last digits.
func TestSurprise(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	worst, worstShare := 0.0, 0.0
	for range 200_000 {
		h := random.Uint64() >> random.IntN(20)
		if random.IntN(2) == 0 {
			h = ^h // near 2^64, where the best of many candidates are
		}
		got := float64(surprise(h)) / unit
		want := 64 - math.Log2(float64(h))
		if h > 1<<63 {
			want = -math.Log1p(-float64(-h)/0x1p64) / math.Ln2
		}
		worst, worstShare = max(worst, math.Abs(got-want)), max(worstShare, math.Abs(got-want)/want)
	}
	t.Logf("off by %.2g, and by a share of %.2g", worst, worstShare)
	if worst > 2e-8 || worstShare > 3e-6 {
		t.Errorf("off by %.2g, and by a share of %.2g; want at most 2e-8 and 3e-6", worst, worstShare)
	}
}

// TestSurpriseFalls looks at both ends and around every edge of the table.
func TestSurpriseFalls(t *testing.T) {
	check := func(h uint64) {
		t.Helper()
		if h > 0 && h < math.MaxUint64 && surprise(h)+1 < surprise(h+1) {
			t.Fatalf("%#x surprises less than the one after it", h)
		}
	}
	for zeros := range 64 {
		for i := range uint64(1 << segmentBits) {
			edge := (1<<63 + i<<(63-segmentBits)) >> zeros
			for d := range uint64(64) {
				check(edge + d - 32)
			}
		}
	}
	for d := range uint64(100_000) {
		check(d)
		check(math.MaxUint64 - 1 - d)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		check(random.Uint64())
	}
	if got := surprise(math.MaxUint64); got > 1<<10 {
		t.Errorf("the greatest hash surprises by %d", got)
	}
	if least, next := surprise(0), surprise(1); least != 64*unit || next != 64*unit {
		t.Errorf("the least hashes surprise by %d and %d, want 64 units", least, next)
	}
}

// TestSegments are golden: other numbers would move visitors.
func TestSegments(t *testing.T) {
	var all uint64
	for i, s := range segments {
		for _, n := range []uint64{uint64(i), s.start, s.rise, s.bulge} {
			all = mix(all ^ n)
		}
	}
	if segments[0].start != 0 || segments[64].start != log2(3<<62) || segments[127].start+segments[127].rise != unit {
		t.Errorf("the ends are %d to %d, the middle begins at %d", segments[0].start, segments[127].start+segments[127].rise, segments[64].start)
	}
	if want := uint64(0xe1d89d877ad5804); all != want {
		t.Errorf("the table sums up to %#x, always was %#x", all, want)
	}
}
