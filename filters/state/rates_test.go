package state

import (
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

const hour = hourMS

func TestRatesCountWhatWasBefore(t *testing.T) {
	r := NewRates(1)
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
	if s, pages := r.Stats(), r.pages.inUse(); s.Used != 1 || pages != 1 {
		t.Errorf("stats are %+v with %d pages, want one cell and one page: Peek makes none", s, pages)
	}
}

// The window is the current hour and those before it.
func TestRatesAgainstModel(t *testing.T) {
	type event struct {
		hour int64
		bad  bool
	}
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 1))
	for _, hours := range []int{1, 2, 7, 8, 9, 24, 168, 720} {
		r := NewRates(1 << 20)
		seen := map[int][]event{}
		now := start
		for i := range 2000 {
			now += rnd.Int64N(hour * int64(hours) / 10)
			if rnd.IntN(200) == 0 {
				now += rnd.Int64N(2 * hour * int64(hours))
			}
			if rnd.IntN(10) == 0 {
				r.sweep(now)
			}
			key, suspicious := rnd.IntN(5), rnd.IntN(3) == 0
			var wantAll, wantBad int64
			for _, e := range seen[key] {
				if e.hour <= now/hour-int64(hours) {
					continue
				}
				wantAll++
				if e.bad {
					wantBad++
				}
			}
			all, bad := r.Peek(keyOf(key), now, hours)
			if rnd.IntN(4) > 0 {
				all, bad = r.Count(keyOf(key), now, hours, suspicious)
				seen[key] = append(seen[key], event{now / hour, suspicious})
			}
			if all != wantAll || bad != wantBad {
				t.Fatalf("seed %d, window %d h, step %d: %d of %d suspicious, want %d of %d", seed, hours, i, bad, all, wantBad, wantAll)
			}
		}
		r.sweep(now + int64(hours)*hour)
		if n := r.pages.inUse(); n != 0 || r.Stats().Used != 0 {
			t.Errorf("seed %d, window %d h: %d pages and %d cells are used after everything expired and was swept", seed, hours, n, r.Stats().Used)
		}
	}
}

func TestRatesClock(t *testing.T) {
	for _, tc := range []struct {
		name  string
		hours int
		step  int64
		want  int64
	}{
		{"stands still", 24, 0, 2},
		{"steps back a little", 24, -2 * hour, 2},
		{"steps back over the turn of an hour", 1, -hour, 2},
		{"leaps back by the shortest window", 1, -2 * hour, 1},
		{"leaps back beyond the window", 24, -48 * hour, 1},
		{"leaps ahead beyond the window", 24, 48 * hour, 1},
		{"leaps to before 1970", 24, -2 * start, 1},
		{"leaps to the end of time", 24, math.MaxInt64 - start, 1},
	} {
		r := NewRates(1)
		r.Count(keyOf(1), start, tc.hours, false)
		r.Count(keyOf(1), start+tc.step, tc.hours, false)
		if all, _ := r.Peek(keyOf(1), start+tc.step, tc.hours); all != tc.want {
			t.Errorf("the clock %s: %d requests in the window of %d h, want %d", tc.name, all, tc.hours, tc.want)
		}
		if n := r.pages.inUse(); n > 1 {
			t.Errorf("the clock %s: %d pages are used, want 1", tc.name, n)
		}
	}
}

// A crowd of keys seen once does not displace one that came often, be it cells
// that are scarce or pages.
func TestRatesKeepTheBusyKeys(t *testing.T) {
	for name, crowdMS := range map[string]int64{"cells": 0, "pages": 8 * hour} {
		r := NewRates(1)
		for range 100 {
			r.Count(keyOf(-1), start, 720, true)
		}
		for i := range 20_000 {
			r.Count(keyOf(i%3000), start+int64(i/3000)*crowdMS, 720, false)
		}
		if all, bad := r.Peek(keyOf(-1), start+hour, 720); all != 100 || bad != 100 {
			t.Errorf("%s: the busy key has %d of %d after a crowd of others, want 100 of 100", name, all, bad)
		}
		if s := r.Stats(); s.Evictions == 0 || s.Load() < 0.9 {
			t.Errorf("%s: stats are %+v, want a full memory and evictions", name, s)
		}
		if used, most := r.pages.inUse(), int(r.pages.limit); used > most {
			t.Errorf("%s: %d pages are used, and there are %d", name, used, most)
		}
	}
}

// When two buckets are full, the key with the fewest events gives way, in
// whichever bucket it is.
func TestRatesFullBuckets(t *testing.T) {
	for weakest := range 2 * hourWays {
		r := NewRates(1)
		s := r.lock(keyOf(1))
		s.open(hourAt(start), 24) // makes the cells
		for i := range 2 * hourWays {
			at := s.a + i
			if i >= hourWays {
				at = s.b + i - hourWays
			}
			events := uint64(100 + (i+hourWays)%3)
			if i == weakest {
				events = 50
			}
			s.keys[at], s.cells[at] = uint64(i), cell{newest: hourAt(start), window: 24, events: events, first: r.pages.take(hourAt(start)/pageHours, 0)}
		}
		if i := s.open(hourAt(start), 24); s.cells[i].events != 0 || s.keys[i] != s.key {
			t.Errorf("a new key has cell %+v", s.cells[i])
		}
		for i := range 2 * hourWays {
			s.key = uint64(i)
			if gone := s.lookUp() < 0; gone != (i == weakest) {
				t.Errorf("key %d gave way: %t; the one with the fewest events is %d", i, gone, weakest)
			}
		}
		s.Unlock()
		if n := r.Stats().Evictions; n != 1 {
			t.Errorf("%d evictions, want 1", n)
		}
	}
}

// Two keys want more pages than there are: the one with fewer events gives way,
// and the other keeps all it has.
func TestRatesWithoutPages(t *testing.T) {
	for busy := range 2 { // who asks first for a page is tried both ways
		r := NewRates(1)
		const most = 719
		for h := range int64(most) {
			for key := range 2 {
				r.Count(keyOf(key), start+h*hour, 720, false)
			}
			r.Count(keyOf(busy), start+h*hour, 720, false)
		}
		if s := r.Stats(); s.Evictions == 0 || s.Used > s.Slots {
			t.Errorf("stats are %+v, want evictions", s)
		}
		if all, _ := r.Peek(keyOf(busy), start+most*hour, 720); all != 2*most {
			t.Errorf("the busy key has %d requests, want all %d", all, 2*most)
		}
		if all, _ := r.Peek(keyOf(1-busy), start+most*hour, 720); all < 1 || all > most/2 {
			t.Errorf("the other key has %d requests of %d, want some of the last", all, most)
		}
	}
}

// A key alone with a memory that others have used up goes on without its past.
func TestRatesFromItsOwnPage(t *testing.T) {
	r := NewRates(1)
	r.Count(keyOf(1), start, 24, true)
	for r.pages.take(0, 0) != 0 {
	}
	later := start + 10*hour
	if all, bad := r.Count(keyOf(1), later, 24, false); all != 1 || bad != 1 {
		t.Errorf("%d of %d before, want 1 of 1", bad, all)
	}
	if all, bad := r.Peek(keyOf(1), later, 24); all != 1 || bad != 0 {
		t.Errorf("%d of %d afterwards, want 0 of 1: the page had to be used anew", bad, all)
	}
	if s := r.Stats(); s.Evictions != 1 || r.stripes[0].used != 1 {
		t.Errorf("stats are %+v with %d cells, want 1 eviction and 1 cell", s, r.stripes[0].used)
	}
}

// What has left its window gives way without being counted as an eviction.
func TestRatesReuseWhatExpired(t *testing.T) {
	r := NewRates(1)
	for i := range 5000 {
		r.Count(keyOf(i), start, 1, false)
	}
	before := r.Stats()
	for i := range r.stripes[0].used / 2 {
		r.Count(keyOf(5000+i), start+2*hour, 1, false)
	}
	if after := r.Stats(); after.Evictions != before.Evictions {
		t.Errorf("cells of expired keys were taken, and %d evictions counted", after.Evictions-before.Evictions)
	}
}

func TestRatesAtTheEndOfTheirRange(t *testing.T) {
	r := NewRates(1)
	r.Count(keyOf(1), start, 2, true)
	s := r.lock(keyOf(1))
	counts := s.current(s.find(hourAt(start)))
	counts[rateAll], counts[rateBad] = math.MaxUint32, math.MaxUint32
	s.Unlock()
	r.Count(keyOf(1), start, 2, true)
	r.Count(keyOf(1), start+hour, 2, true)
	if all, bad := r.Peek(keyOf(1), start+hour, 2); all != math.MaxUint32+1 || bad != all {
		t.Errorf("a full hour and one more request are %d of %d", bad, all)
	}
	if all, bad := r.Peek(keyOf(1), start+3*hour, 2); all != 0 || bad != 0 {
		t.Errorf("after the window %d of %d are left", bad, all)
	}
}

func TestConcurrentRatesAreExact(t *testing.T) {
	const workers, keys, rounds = 8, 20, 100
	r := NewRates(1 << 20)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for round := range rounds {
				for key := range keys {
					r.Count(keyOf(key), start+int64(round), 1, w%2 == 0)
					r.Peek(keyOf(key), start, 1)
				}
				r.Stats()
				r.sweep(start)
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

func TestHolds(t *testing.T) {
	small := NewRates(1 << 20)
	enough := NewRates(small.bytesFor(720))
	for _, tc := range []struct {
		name  string
		r     *Rates
		hours int
		want  string
	}{
		{"nothing known, no window", nil, 0, ""},
		{"nothing known, the longest", nil, 720, ""},
		{"nothing known, too long", nil, 721, "0 to 720 hours, not 721"},
		{"nothing known, negative", nil, -1, "0 to 720 hours, not -1"},
		{"default size, the longest", NewRates(DefaultRateBytes), 720, ""},
		{"default size, too long", NewRates(DefaultRateBytes), 721, "0 to 720 hours, not 721"},
		{"small, a day", small, 24, ""},
		{"small, a month", small, 720, "115 busy keys for 720 hours, and has to hold 1000; it needs 9100100 bytes"},
		{"what the error asked for", enough, 720, ""},
	} {
		err := tc.r.Holds(tc.hours)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: Holds(%d) says %v, want %q", tc.name, tc.hours, err, tc.want)
		}
	}
	if err := new(Memory).Holds(720); err != nil {
		t.Errorf("a zero memory refuses 720 hours: %v", err)
	}
}
