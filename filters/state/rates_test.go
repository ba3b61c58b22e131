package state

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
)

const hour = int64(3_600_000)

func TestRatesCountWhatWasBefore(t *testing.T) {
	r := NewRates(10)
	for i := range int64(10) {
		all, bad := r.Count(keyOf(1), start, 24, i%2 == 0)
		if wantBad := (i + 1) / 2; all != i || bad != wantBad {
			t.Errorf("request %d sees %d of %d suspicious, want %d of %d", i, bad, all, wantBad, i)
		}
	}
	if all, bad := r.Peek(keyOf(1), start, 24); all != 10 || bad != 5 {
		t.Errorf("Peek says %d of %d, want 5 of 10", bad, all)
	}
	if all, _ := r.Peek(keyOf(2), start, 24); all != 0 {
		t.Errorf("a key that never came has %d requests", all)
	}
	if used := r.Stats().Used; used != 1 {
		t.Errorf("%d cells are used, want 1: Peek makes none", used)
	}
}

// The window covers its last 24 parts, the present one included.
func TestRatesAgainstModel(t *testing.T) {
	type event struct {
		part int64
		bad  bool
	}
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 1))
	for _, hours := range []int{1, 24, 720} {
		window := int64(hours) * hour
		part := window / RateParts
		r := NewRates(100)
		seen := map[int][]event{}
		now := start
		for i := range 3000 {
			now += rnd.Int64N(part / 4)
			if rnd.IntN(200) == 0 {
				now += rnd.Int64N(2 * window)
			}
			key, suspicious := rnd.IntN(5), rnd.IntN(3) == 0
			var wantAll, wantBad int64
			for _, e := range seen[key] {
				if e.part <= now/part-RateParts {
					continue
				}
				wantAll++
				if e.bad {
					wantBad++
				}
			}
			all, bad := r.Count(keyOf(key), now, hours, suspicious)
			if all != wantAll || bad != wantBad {
				t.Fatalf("seed %d, window %d h, step %d: %d of %d suspicious, want %d of %d", seed, window/hour, i, bad, all, wantBad, wantAll)
			}
			seen[key] = append(seen[key], event{now / part, suspicious})
		}
	}
}

func TestRatesClock(t *testing.T) {
	for _, tc := range []struct {
		name string
		step int64
		want int64
	}{
		{"stands still", 0, 2},
		{"steps back a little", -2 * hour, 2},
		{"leaps back beyond the window", -48 * hour, 1},
		{"leaps ahead beyond the window", 48 * hour, 1},
		{"leaps to before 1970", -2 * start, 1},
	} {
		r := NewRates(10)
		r.Count(keyOf(1), start, 24, false)
		r.Count(keyOf(1), start+tc.step, 24, false)
		if all, _ := r.Peek(keyOf(1), start+tc.step, 24); all != tc.want {
			t.Errorf("the clock %s: %d requests in the window, want %d", tc.name, all, tc.want)
		}
	}
}

func TestRatesKeepTheBusyKeys(t *testing.T) {
	r := NewRates(1)
	cells := r.Stats().Slots
	for range 100 {
		r.Count(keyOf(-1), start, 1, true)
	}
	for i := range 1000 {
		r.Count(keyOf(i), start, 1, false)
	}
	if all, bad := r.Peek(keyOf(-1), start, 1); all != 100 || bad != 100 {
		t.Errorf("the busy key has %d of %d after a crowd of others, want 100 of 100", bad, all)
	}
	s := r.Stats()
	if s.Used != cells || s.Evictions != uint64(1001-cells) {
		t.Errorf("stats are %+v, want all %d cells used and %d evictions", s, cells, 1001-cells)
	}
	r.Count(keyOf(5000), start+2*hour, 1, false)
	if got := r.Stats().Evictions; got != s.Evictions {
		t.Errorf("taking the cell of an expired key counts as an eviction: %d after %d", got, s.Evictions)
	}
}

func TestRatesAtTheEndOfTheirRange(t *testing.T) {
	r := NewRates(1)
	r.Count(keyOf(1), start, 1, true)
	_, a, b := r.grid.locate(keyOf(1))
	c := r.find(keyOf(1), a, b)
	c.sum = tally{math.MaxUint32, math.MaxUint32}
	c.parts[c.newest%RateParts] = c.sum
	r.Count(keyOf(1), start, 1, true)
	if all, bad := r.Peek(keyOf(1), start, 1); all != math.MaxUint32 || bad != all {
		t.Errorf("a full counter went on to %d of %d", bad, all)
	}
	if all, bad := r.Peek(keyOf(1), start+2*hour, 1); all != 0 || bad != 0 {
		t.Errorf("after the window %d of %d are left", bad, all)
	}
}

func TestConcurrentRatesAreExact(t *testing.T) {
	const workers, keys, rounds = 8, 20, 100
	r := NewRates(1000)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for round := range rounds {
				for key := range keys {
					r.Count(keyOf(key), start+int64(round), 1, w%2 == 0)
					r.Peek(keyOf(key), start, 1)
				}
				r.Stats()
			}
		})
	}
	wg.Wait()
	for key := range keys {
		if all, bad := r.Peek(keyOf(key), start, 1); all != workers*rounds || bad != all/2 {
			t.Errorf("key %d has %d of %d suspicious, want %d of %d", key, bad, all, workers*rounds/2, workers*rounds)
		}
	}
}
