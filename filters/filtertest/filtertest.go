// Package filtertest holds the manners that every filter type must have: it
// survives whatever a visitor sends, allocates nothing, leaves the click
// alone, keeps its counts across reloads and to itself. A filter in the
// registry is tested with the settings of its example.
package filtertest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// manner is one thing asked of a type; check says what is amiss.
type manner struct {
	name  string
	check func(t filters.Type) error
}

var manners = []manner{
	{"description", description},
	{"settings", settings},
	{"survives hostile clicks", survives},
	{"leaves the click alone", leavesClickAlone},
	{"allocates nothing", allocatesNothing},
	{"is used from many goroutines", concurrent},
	{"its example reaches a verdict", reachesVerdict},
	{"keeps its counts across a reload", keepsCounts},
	{"keeps its counts to itself", ownCounts},
	{"counts only visits", countsOnlyVisits},
	{"explains itself", explains},
}

// Run tests a filter type for all manners, each in a subtest.
func Run(t *testing.T, typ filters.Type) {
	for _, m := range manners {
		t.Run(m.name, func(t *testing.T) {
			if err := m.check(typ); err != nil {
				t.Error(err)
			}
		})
	}
}

// subject is a filter under test, with the chains of a group that has it and
// nothing else: they count the traffic that some filters measure.
type subject struct {
	filters.Filter
	chains filters.Chains
}

// build makes a filter from the type's example.
func build(t filters.Type, plane click.Plane, scope string, m *state.Memory) (subject, error) {
	env := filters.Env{Plane: plane, Scope: scope, State: m}
	f, problems := t.New(config.Raw(t.Example), env)
	if len(problems) > 0 {
		return subject{}, fmt.Errorf("the example is refused: %w", problems)
	}
	s := subject{Filter: f}
	if !slices.ContainsFunc(filters.Types(), func(there filters.Type) bool { return there.Code == t.Code }) {
		return s, nil
	}
	var lists filters.Lists
	lists[plane] = []config.Filter{{Type: t.Code, Settings: config.Raw(t.Example)}}
	var wrong filters.Problems
	if s.chains, wrong = filters.CompileGroup(lists, env); wrong.Any() {
		return subject{}, fmt.Errorf("the group is refused: %v", wrong)
	}
	return s, nil
}

func newMemory() *state.Memory { return state.NewMemory(state.Options{Keys: 5000}) }

// eachPlane runs check with a new filter for every plane of the type.
func eachPlane(t filters.Type, check func(s subject, plane click.Plane) error) error {
	for _, plane := range t.Planes {
		s, err := build(t, plane, "scope", newMemory())
		if err == nil {
			err = check(s, plane)
		}
		if err != nil {
			return fmt.Errorf("plane %d: %w", plane, err)
		}
	}
	return nil
}
