// Package filtertest holds the manners that every filter type must have: it
// survives whatever a visitor sends, allocates nothing, leaves the click
// alone, keeps its counts across reloads and to itself. A filter in the
// registry is tested with the settings of its example.
package filtertest

import (
	"fmt"
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

// build makes a filter from the type's example.
func build(t filters.Type, plane click.Plane, scope string, m *state.Memory) (filters.Filter, error) {
	f, problems := t.New(config.Raw(t.Example), filters.Env{Plane: plane, Scope: scope, State: m})
	if len(problems) > 0 {
		return nil, fmt.Errorf("the example is refused: %w", problems)
	}
	return f, nil
}

func newMemory() *state.Memory { return state.NewMemory(state.Options{Keys: 5000}) }

// eachPlane runs check with a new filter for every plane of the type.
func eachPlane(t filters.Type, check func(f filters.Filter, plane click.Plane) error) error {
	for _, plane := range t.Planes {
		f, err := build(t, plane, "scope", newMemory())
		if err == nil {
			err = check(f, plane)
		}
		if err != nil {
			return fmt.Errorf("plane %d: %w", plane, err)
		}
	}
	return nil
}
