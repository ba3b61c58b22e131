package filtertest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// rounds is how often the ordinary clicks come; an example's limits are
// reached by then.
const rounds = 60

// play checks the ordinary clicks so many times and returns all results.
func play(s subject, plane click.Plane, purpose click.Purpose, n int) []filters.Result {
	var results []filters.Result
	samples := ordinary()
	for round := range n {
		for i := range samples {
			c := &samples[i].click
			c.Plane, c.Purpose = plane, purpose
			c.TimeMS++
			results = append(results, s.Check(c))
			s.record(*c, round)
		}
	}
	return results
}

// record lets a click through and has it convert: always, and rejected, when
// its link was resolved, and else hardly ever.
func (s subject) record(c click.Click, round int) {
	var v click.Verdict
	c.Plane = click.PlaneClick
	filters.Record(&c, &v, s.chains[c.Plane], nil)
	c.Plane = click.PlaneConversion
	if c.Link.OfferID != "" {
		v.Reject(click.Bot, "")
		filters.Record(&c, &v, s.chains[c.Plane], nil)
	} else if round%30 == 0 {
		filters.Record(&c, &v, nil, s.chains[c.Plane])
	}
}

// reachesVerdict asks for an example under which some click passes and some
// click is hit. Without it the manners below would prove nothing.
func reachesVerdict(t filters.Type) error {
	return eachPlane(t, func(f subject, plane click.Plane) error {
		var seen [3]bool
		for _, r := range play(f, plane, click.Visit, rounds) {
			seen[r.Outcome] = true
		}
		if !seen[filters.Pass] || !seen[filters.Hit] {
			return fmt.Errorf("of %d ordinary clicks some pass: %t, some are hit: %t; want both", rounds*len(ordinary()), seen[filters.Pass], seen[filters.Hit])
		}
		return nil
	})
}

// keepsCounts asks that a filter which is built again for the same scope, as
// by a reload, goes on where it was.
func keepsCounts(t filters.Type) error {
	return eachPlane(t, func(steady subject, plane click.Plane) error {
		m := newMemory()
		first, err := build(t, plane, "scope", m)
		if err != nil {
			return err
		}
		got := play(first, plane, click.Visit, rounds)
		second, err := build(t, plane, "scope", m)
		if err != nil {
			return err
		}
		got = append(got, play(second, plane, click.Visit, rounds)...)
		want := append(play(steady, plane, click.Visit, rounds), play(steady, plane, click.Visit, rounds)...)
		return difference(got, want, "with a reload half way", "without")
	})
}

// ownCounts asks that filters of different scopes or planes do not share.
func ownCounts(t filters.Type) error {
	return eachPlane(t, func(alone subject, plane click.Plane) error {
		want := play(alone, plane, click.Visit, rounds)
		m := newMemory()
		for _, other := range t.Planes {
			for _, scope := range []string{"a", "b"} {
				f, err := build(t, other, scope, m)
				if err != nil {
					return err
				}
				if other == plane {
					err = difference(play(f, plane, click.Visit, rounds), want, "beside another scope and plane", "alone")
				}
				if err != nil {
					return err
				}
				play(f, other, click.Visit, rounds)
			}
		}
		return nil
	})
}

// countsOnlyVisits asks that prefetches, previews and HEAD requests leave
// nothing behind.
func countsOnlyVisits(t filters.Type) error {
	return eachPlane(t, func(fresh subject, plane click.Plane) error {
		m := newMemory()
		f, err := build(t, plane, "scope", m)
		if err != nil {
			return err
		}
		if used(m) != 0 {
			return errors.New("building the filter touched the state")
		}
		for _, purpose := range purposes[1:] {
			play(f, plane, purpose, rounds)
		}
		if n := used(m); n != 0 {
			return fmt.Errorf("requests that do not count left %d entries in the state", n)
		}
		few := play(f, plane, click.Visit, 3) // below the limits
		play(f, plane, click.Head, rounds)
		got := append(few, play(f, plane, click.Visit, rounds)...)
		want := slices.Concat(play(fresh, plane, click.Visit, 3), play(fresh, plane, click.Visit, rounds))
		return difference(got, want, "with HEAD requests between the visits", "without")
	})
}

func used(m *state.Memory) (n int) {
	for _, s := range m.Stats() {
		n += s.Used
	}
	return n
}

// difference tells where two runs of one filter part.
func difference(got, want []filters.Result, gotWhat, wantWhat string) error {
	for i := range want {
		if got[i] != want[i] {
			return fmt.Errorf("%s, check %d (%q) gives %s, %s %s", gotWhat, i, ordinary()[i%len(ordinary())].name, got[i].Outcome, wantWhat, want[i].Outcome)
		}
	}
	return nil
}
