package state

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
)

// raceEnabled is set in builds with the race detector.
var raceEnabled bool

// start is some day in 2026, on the boundary of a tick.
const start = int64(1_780_000_000_000)

func keyOf(i int) Key { return testKey.String(strconv.Itoa(i)) }

func TestWindow(t *testing.T) {
	const second, day = 1000, 86_400_000
	type step struct {
		op   string // add, peek, extend
		at   int64  // ms after start
		span int64  // window or prolongation
		want int64  // count
	}
	for name, steps := range map[string][]step{
		"counts within the window and starts again after it": {
			{"add", 0, second, 1}, {"add", 500, second, 2}, {"add", 999, second, 3},
			{"add", 1000, second, 1}, {"add", 1999, second, 2}, {"add", 2000, second, 1},
		},
		"events do not prolong it": {
			{"add", 0, second, 1}, {"add", 900, second, 2}, {"add", 1100, second, 1},
		},
		"is never shorter than asked": {
			{"add", 124, second, 1}, {"add", 1123, second, 2}, {"add", 1250, second, 1},
		},
		"peek neither opens nor counts": {
			{"peek", 0, 0, 0}, {"add", 1, second, 1}, {"peek", 2, 0, 1}, {"peek", 3, 0, 1}, {"add", 4, second, 2}, {"peek", 1125, 0, 0},
		},
		"extend keeps the count": {
			{"add", 0, second, 1}, {"extend", 500, 2 * second, 0}, {"add", 2999, second, 2}, {"add", 3000, second, 1},
		},
		"extend of nothing is nothing": {
			{"extend", 0, 5 * second, 0}, {"peek", 0, 0, 0}, {"add", 0, second, 1}, {"extend", 1000, 5 * second, 0}, {"add", 1001, second, 1},
		},
		"extend ends at 90 days": {
			{"add", 0, second, 1}, {"extend", 0, 1 << 62, 0}, {"extend", 0, 80 * day, 0}, {"extend", 0, 80 * day, 0},
			{"peek", 90*day - 1, 0, 1}, {"peek", 90 * day, 0, 0},
		},
		"extend never shortens": {
			{"add", 0, 90 * day, 1}, {"extend", -day, second, 0}, {"peek", 90*day - 1, 0, 1},
		},
		"the longest window": {
			{"add", 0, 1 << 62, 1}, {"add", 90*day - 1, second, 2}, {"add", 90 * day, second, 1},
		},
		"the shortest window": {
			{"add", 0, 0, 1}, {"add", 124, -5, 2}, {"add", 125, 0, 1},
		},
		"a clock that steps back": {
			{"add", 10 * second, second, 1}, {"add", 0, second, 2}, {"add", -3600 * second, second, 3},
			{"add", 10 * second, second, 4}, {"add", 11 * second, second, 1},
		},
		"a clock before 1970": {
			{"add", -start - 1, second, 1}, {"add", -start, second, 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			table := NewTable(100)
			for i, s := range steps {
				var got int64
				switch s.op {
				case "add":
					got = table.Add(keyOf(1), start+s.at, s.span)
				case "peek":
					got = table.Peek(keyOf(1), start+s.at)
				case "extend":
					table.Extend(keyOf(1), start+s.at, s.span)
				}
				if got != s.want {
					t.Fatalf("step %d: %s at %d ms counts %d, want %d", i, s.op, s.at, got, s.want)
				}
			}
		})
	}
}

// model is the table as a map.
type model map[int]*modelWindow

type modelWindow struct{ expiry, n int64 }

func (m model) open(key int, nowMS int64) *modelWindow {
	if w := m[key]; w != nil && nowMS/tickMS < w.expiry {
		return w
	}
	return nil
}

func (m model) add(key int, nowMS, windowMS int64) int64 {
	w := m.open(key, nowMS)
	if w == nil {
		w = &modelWindow{expiry: (nowMS + windowMS + tickMS - 1) / tickMS}
		m[key] = w
	}
	w.n++
	return w.n
}

func (m model) peek(key int, nowMS int64) int64 {
	if w := m.open(key, nowMS); w != nil {
		return w.n
	}
	return 0
}

func (m model) extend(key int, nowMS, extraMS int64) {
	if w := m.open(key, nowMS); w != nil {
		w.expiry += (extraMS + tickMS - 1) / tickMS
	}
}

func TestTableAgainstModel(t *testing.T) {
	const keys = 2000
	steps := 1_000_000
	if raceEnabled || testing.Short() {
		steps = 200_000
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	table, m := NewTable(4*keys), model{}
	now := start
	for i := range steps {
		now += r.Int64N(20) - 2
		key := int(min(r.ExpFloat64()*keys/20, keys-1)) // a few keys come very often
		window := 1 + r.Int64N(300_000)
		var what string
		var got, want int64
		switch r.IntN(20) {
		case 0:
			what = "Peek"
			got, want = table.Peek(keyOf(key), now), m.peek(key, now)
		case 1:
			table.Extend(keyOf(key), now, window/10+1)
			m.extend(key, now, window/10+1)
		case 2:
			if i%500 == 0 {
				table.Sweep(now - 10_000)
			}
		default:
			what = "Add"
			got, want = table.Add(keyOf(key), now, window), m.add(key, now, window)
		}
		if got != want {
			t.Fatalf("seed %d, step %d: %s of key %d is %d, want %d", seed, i, what, key, got, want)
		}
	}
	if s := table.Stats(); s.Evictions != 0 {
		t.Errorf("seed %d: %d evictions at a load of %.2f, want none", seed, s.Evictions, s.Load())
	}
}

func TestConcurrentCountsAreExact(t *testing.T) {
	const workers, keys, rounds = 8, 50, 200
	table := NewTable(1000)
	var sum [keys]int64 // of all counts that Add returned
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			var mine [keys]int64
			for round := range rounds {
				for key := range keys {
					mine[key] += table.Add(keyOf(key), start+int64(round), 3_600_000)
				}
				table.Extend(keyOf(w), start, 1000)
				table.Sweep(start)
				table.Stats()
			}
			mu.Lock()
			defer mu.Unlock()
			for key := range keys {
				sum[key] += mine[key]
			}
		})
	}
	wg.Wait()
	const n = workers * rounds
	for key := range keys {
		if got := table.Peek(keyOf(key), start); got != n {
			t.Errorf("key %d counts %d after %d events", key, got, n)
		}
		if want := int64(n * (n + 1) / 2); sum[key] != want {
			t.Errorf("the counts that Add returned for key %d add up to %d, want %d: some event was told a wrong number", key, sum[key], want)
		}
	}
}

func TestSweep(t *testing.T) {
	const day = 86_400_000
	wrapped := start + tickMS<<expiryBits // an expiry looks ahead again
	unswept, swept := NewTable(100), NewTable(100)
	for _, table := range []*Table{unswept, swept} {
		table.Add(keyOf(1), start, 1000)
		table.Add(keyOf(2), start, 60*day)
	}
	swept.Sweep(start + 1000)
	if got := swept.Stats().Used; got != 1 {
		t.Errorf("%d slots are used after the sweep, want the live one", got)
	}
	if got := swept.Peek(keyOf(2), start+1000); got != 1 {
		t.Errorf("a live key counts %d after the sweep", got)
	}
	if got := unswept.Peek(keyOf(1), wrapped); got != 1 {
		t.Fatalf("without a sweep, an expired key counts %d after the wrap-around; the test is to show that it would be revived", got)
	}
	if got := swept.Peek(keyOf(1), wrapped); got != 0 {
		t.Errorf("an expired and swept key counts %d after the wrap-around", got)
	}
	swept.Sweep(start + 61*day)
	if got := swept.Stats(); got.Used != 0 || got.Evictions != 0 {
		t.Errorf("stats are %+v after everything expired and was swept", got)
	}
}

func TestTableAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	table, rates := NewTable(1000), NewRates(1<<20)
	ledger, uniques := NewLedger(1<<20), NewUniques(1000)
	var i int
	names := [...]string{"a", "b", "c", "d"}
	allocs := testing.AllocsPerRun(1000, func() {
		i++
		k := testKey.Mark(2).String(names[i%len(names)])
		table.Add(k, start+int64(i), 1000)
		table.Peek(k, start)
		table.Extend(k, start, 10)
		rates.Count(k, start, 1, i%2 == 0)
		rates.Peek(k, start, 1)
		ledger.Click(k, start)
		ledger.Conversion(k, start, i%2 == 0)
		ledger.Sum(k, start, 24)
		uniques.Admit(k, k, start, 3_600_000, 10, i%2 == 0)
	})
	if allocs != 0 {
		t.Errorf("a round of all calls allocates %.1f times, want 0", allocs)
	}
}

func TestStatsBeforeUse(t *testing.T) {
	for _, keys := range []int{-1, 1, 100, 100_000} {
		t.Run(fmt.Sprint(keys), func(t *testing.T) {
			s := NewTable(keys).Stats()
			if s.Used != 0 || s.Evictions != 0 || s.Load() != 0 {
				t.Errorf("a new table has the figures %+v", s)
			}
			if float64(keys) > maxLoad*float64(s.Slots) {
				t.Errorf("%d slots for %d keys are a load of %.2f, want at most %.2f", s.Slots, keys, float64(keys)/float64(s.Slots), maxLoad)
			}
		})
	}
}
