package filtertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

var codeForm = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)

// description asks for names in their form and for everything people read.
func description(t filters.Type) error {
	switch {
	case !codeForm.MatchString(t.Code):
		return fmt.Errorf("code %q is not in upper snake case", t.Code)
	case t.Name != strings.ToLower(t.Code):
		return fmt.Errorf("name is %q, want the code in lower case", t.Name)
	case !strings.HasSuffix(t.Doc, ".") || strings.Count(t.Doc, ". ") > 0:
		return fmt.Errorf("doc %q is not one sentence", t.Doc)
	case len(t.Planes) == 0:
		return errors.New("judges no plane")
	case len(t.Reasons) == 0 || slices.Contains(t.Reasons, click.None):
		return fmt.Errorf("reasons are %v, want at least one and not the empty one", t.Reasons)
	}
	return nil
}

// settings asks for strict decoding with problems instead of panics.
func settings(t filters.Type) error {
	for _, raw := range []string{
		`{"no_such_setting": true}`, `[{"no_such_setting": true}]`, `"text"`, `7`, `{`, `[[]]`, `{"properties": 1}`,
	} {
		_, problems := t.New(config.Raw(raw), filters.Env{Plane: t.Planes[0], State: new(state.Memory)})
		if len(problems) == 0 {
			return fmt.Errorf("settings %s are accepted", raw)
		}
	}
	t.New(nil, filters.Env{Plane: t.Planes[0], State: new(state.Memory)})
	return eachPlane(t, func(subject, click.Plane) error { return nil })
}

// survives asks for a well-formed answer to any click.
func survives(t filters.Type) error {
	return eachPlane(t, func(f subject, plane click.Plane) error {
		for _, s := range slices.Concat(ordinary(), hostile()) {
			for _, purpose := range purposes {
				s.click.Plane, s.click.Purpose = plane, purpose
				if err := ask(t, f, &s.click); err != nil {
					return fmt.Errorf("click %q: %w", s.name, err)
				}
			}
		}
		return nil
	})
}

var purposes = []click.Purpose{click.Visit, click.Prefetch, click.Unfurl, click.Head}

// ask checks one click and its result.
func ask(t filters.Type, f filters.Filter, c *click.Click) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panics: %v", p)
		}
	}()
	r := f.Check(c)
	if r.Outcome > filters.Unknown {
		return fmt.Errorf("outcome is %d", r.Outcome)
	}
	if r.Outcome != filters.Hit && !r.Reasons.Empty() {
		return fmt.Errorf("outcome is %s, with reasons", r.Outcome)
	}
	for reason, rest := r.Reasons.Next(); reason != click.None; reason, rest = rest.Next() {
		if !slices.Contains(t.Reasons, reason) {
			return fmt.Errorf("gives the reason %s, which the type does not declare", reason)
		}
	}
	return nil
}

// leavesClickAlone asks that Check does not write to the click.
func leavesClickAlone(t filters.Type) error {
	return eachPlane(t, func(f subject, plane click.Plane) error {
		for _, s := range ordinary() {
			s.click.Plane = plane
			before, device := s.click, *s.click.Device
			f.Check(&s.click)
			if !reflect.DeepEqual(s.click, before) || *s.click.Device != device {
				return fmt.Errorf("click %q was changed", s.name)
			}
		}
		return nil
	})
}

// allocatesNothing asks for no garbage, however odd the click.
func allocatesNothing(t filters.Type) error {
	if raceEnabled {
		return nil // the race detector allocates
	}
	return eachPlane(t, func(f subject, plane click.Plane) error {
		for _, s := range slices.Concat(ordinary(), hostile()) {
			s.click.Plane = plane
			if n := testing.AllocsPerRun(10, func() { f.Check(&s.click) }); n != 0 {
				return fmt.Errorf("click %q costs %.0f allocations, want 0", s.name, n)
			}
		}
		return nil
	})
}

// concurrent gives the race detector something to see.
func concurrent(t filters.Type) error {
	return eachPlane(t, func(f subject, plane click.Plane) error {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { play(f, plane, click.Visit, 20) })
		}
		wg.Wait()
		return nil
	})
}

// explains asks for an explanation that touches nothing, whose settings are
// good ones and which has something to look at.
func explains(t filters.Type) error {
	for _, plane := range t.Planes {
		m := newMemory()
		s, err := build(t, plane, "scope", m)
		if err != nil {
			return err
		}
		for _, sample := range slices.Concat(ordinary(), hostile()) {
			if err := explain(t, s, &sample.click, plane); err != nil {
				return fmt.Errorf("click %q: %w", sample.name, err)
			}
		}
		if n := used(m); n != 0 {
			return fmt.Errorf("explaining left %d entries in the state", n)
		}
	}
	return nil
}

func explain(t filters.Type, s subject, c *click.Click, plane click.Plane) error {
	f, ok := s.Filter.(filters.Explainer)
	if !ok {
		return errors.New("does not explain itself")
	}
	var e filters.Explanation
	c.Plane = plane
	f.Explain(c, &e)
	settings, err := json.Marshal(e.Settings)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if _, problems := t.New(settings, filters.Env{Plane: plane, State: new(state.Memory)}); len(problems) > 0 {
		return fmt.Errorf("the settings it tells, %s, are refused: %w", settings, problems)
	}
	if len(e.Inputs) == 0 && c.TimeMS != 0 {
		return errors.New("tells of no input")
	}
	return nil
}
