package state

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
)

const day = 24 * hour

func TestAdmit(t *testing.T) {
	type step struct {
		space, member int
		at            int64 // ms after start
		most          int64
		counts        bool
		want          bool
	}
	for name, steps := range map[string][]step{
		"members come again, strangers do not": {
			{1, 1, 0, 2, true, true}, {1, 2, 0, 2, true, true}, {1, 3, 0, 2, true, false},
			{1, 1, 1, 2, true, true}, {1, 2, 1, 2, true, true}, {1, 3, 1, 2, true, false},
		},
		"spaces are apart": {
			{1, 1, 0, 1, true, true}, {2, 2, 0, 1, true, true}, {1, 2, 0, 1, true, false}, {2, 1, 0, 1, true, false},
		},
		"what does not count is judged and leaves nothing": {
			{1, 1, 0, 1, false, true}, {1, 2, 0, 1, false, true}, {1, 3, 0, 1, true, true},
			{1, 1, 0, 1, false, false}, {1, 3, 0, 1, false, true},
		},
		"nobody": {
			{1, 1, 0, 0, true, false}, {1, 1, 0, -5, true, false}, {1, 1, 0, 1, true, true},
		},
		"a place is free 24 hours after its member came last": {
			{1, 1, 0, 1, true, true}, {1, 2, 23 * hour, 1, true, false}, {1, 2, 24 * hour, 1, true, true}, {1, 1, 24 * hour, 1, true, false},
		},
		"who comes again keeps its place": {
			{1, 1, 0, 1, true, true}, {1, 1, 20 * hour, 1, true, true}, {1, 2, 30 * hour, 1, true, false},
			{1, 1, 43 * hour, 1, true, true}, {1, 2, 66 * hour, 1, true, false}, {1, 2, 67 * hour, 1, true, true},
		},
		"asking does not keep a place": {
			{1, 1, 0, 1, true, true}, {1, 1, 20 * hour, 1, false, true}, {1, 2, 30 * hour, 1, true, true},
		},
		"a lower limit keeps the members there are": {
			{1, 1, 0, 3, true, true}, {1, 2, 0, 3, true, true}, {1, 3, 0, 1, true, false}, {1, 2, 0, 1, true, true},
		},
		"a clock that steps back": {
			{1, 1, 2 * hour, 1, true, true}, {1, 1, 0, 1, true, true}, {1, 2, 0, 1, true, false}, {1, 2, 26 * hour, 1, true, true},
		},
		"a clock that leaps back": {
			{1, 1, 90 * day, 1, true, true}, {1, 2, 0, 1, true, true}, {1, 1, 0, 1, true, false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			u := NewUniques(100)
			for i, s := range steps {
				if got := u.Admit(keyOf(s.space), keyOf(s.member), start+s.at, day, s.most, s.counts); got != s.want {
					t.Fatalf("step %d: member %d of space %d at %d ms is admitted: %t, want %t", i, s.member, s.space, s.at, got, s.want)
				}
			}
		})
	}
}

func TestUniquesAgainstModel(t *testing.T) {
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 1))
	for _, hours := range []int64{1, 24, 720} {
		u := NewUniques(2000)
		last := map[[2]int]int64{} // the hour of a member of a space
		now := start
		for i := range 5000 {
			now += rnd.Int64N(hour * hours / 50)
			space, member, counts := rnd.IntN(3), rnd.IntN(60), rnd.IntN(5) > 0
			if rnd.IntN(20) == 0 {
				u.spaces.sweep(now)
				u.members.Sweep(now)
			}
			others := 0
			for id, h := range last {
				if id[0] == space && h > now/hour-hours {
					others++
				}
			}
			h, known := last[[2]int{space, member}]
			want := known && h > now/hour-hours || others < 20
			if got := u.Admit(keyOf(space), keyOf(member), now, hours*hour-7, 20, counts); got != want {
				t.Fatalf("seed %d, %d h, step %d: admitted %t beside %d others, want %t", seed, hours, i, got, others, want)
			}
			if want && counts {
				last[[2]int{space, member}] = now / hour
			}
		}
	}
}

func TestConcurrentUniquesAreExact(t *testing.T) {
	const workers, spaces, members, most = 8, 20, 100, 30
	u := NewUniques(10_000)
	var admitted [spaces][members]atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range spaces * members {
				space, member := i%spaces, (i/spaces*7+w*13)%members
				if u.Admit(keyOf(space), keyOf(member), start, day, most, true) {
					admitted[space][member].Add(1)
				}
				u.spaces.sweep(start)
				u.members.Stats()
			}
		})
	}
	wg.Wait()
	for space := range admitted {
		n := 0
		for member := range admitted[space] {
			if admitted[space][member].Load() == 0 {
				continue
			}
			n++
			if !u.Admit(keyOf(space), keyOf(member), start, day, most, false) {
				t.Errorf("member %d of space %d was admitted and is not any more", member, space)
			}
		}
		if n != most {
			t.Errorf("space %d admitted %d members, want %d", space, n, most)
		}
	}
}
