package state

import (
	"math/rand/v2"
	"testing"
)

// Windows of any length are asked of the same counts.
func TestLedgerAgainstModel(t *testing.T) {
	type event struct {
		hour int64
		Traffic
	}
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 1))
	l := NewLedger(1 << 20)
	seen := map[int][]event{}
	now := start
	for i := range 3000 {
		now += rnd.Int64N(hour)
		if rnd.IntN(100) == 0 {
			now += rnd.Int64N(800 * hour)
		}
		key := rnd.IntN(3)
		e := event{hour: now / hour}
		switch rnd.IntN(4) {
		case 0:
			rejected := rnd.IntN(2) == 0
			l.Conversion(keyOf(key), now, rejected)
			if e.Conversions = 1; rejected {
				e.Rejected = 1
			}
		case 1:
			l.sweep(now)
		default:
			l.Click(keyOf(key), now)
			e.Clicks = 1
		}
		seen[key] = append(seen[key], e)
		for _, hours := range []int{1, 24, 168, 720, 1 + rnd.IntN(720), 2} {
			var want Traffic
			for _, e := range seen[key] {
				if e.hour > now/hour-int64(hours) {
					want.Clicks += e.Clicks
					want.Conversions += e.Conversions
					want.Rejected += e.Rejected
				}
			}
			if got := l.Sum(keyOf(key), now, hours); got != want {
				t.Fatalf("seed %d, step %d: %+v in %d h, want %+v", seed, i, got, hours, want)
			}
		}
	}
}

func TestLedgerOfUnknownKeys(t *testing.T) {
	l := NewLedger(1)
	if got := l.Sum(keyOf(1), start, 24); got != (Traffic{}) {
		t.Errorf("a key that never came has %+v", got)
	}
	if s := l.Stats(); s.Used != 0 {
		t.Errorf("asking left %d cells used", s.Used)
	}
	l.Conversion(keyOf(1), start, true)
	if got, want := l.Sum(keyOf(1), start, 0), (Traffic{0, 1, 1}); got != want {
		t.Errorf("no window counts as one hour: %+v, want %+v", got, want)
	}
	if got, want := l.Sum(keyOf(1), start, 1<<40), (Traffic{0, 1, 1}); got != want {
		t.Errorf("too long a window counts as the longest: %+v, want %+v", got, want)
	}
}

// The longest window fits into the smallest memory.
func TestLedgerInTheSmallestMemory(t *testing.T) {
	l := NewLedger(1)
	for h := range int64(3000) {
		l.Click(keyOf(1), start+h*hour)
		if got, want := l.Sum(keyOf(1), start+h*hour, 720).Clicks, min(h+1, 720); got != want {
			t.Fatalf("hour %d: %d clicks in 720 h, want %d", h, got, want)
		}
	}
	if s := l.Stats(); s.Evictions != 0 {
		t.Errorf("%d evictions with one key", s.Evictions)
	}
	if n := l.pages.inUse(); n > pagesFor(720) {
		t.Errorf("one key has %d pages, want at most %d", n, pagesFor(720))
	}
}
