package filtertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

func TestBuiltinFilters(t *testing.T) {
	seen := map[string]bool{}
	for _, typ := range filters.Types() {
		if seen[typ.Code] {
			t.Errorf("%s stands twice in the registry", typ.Code)
		}
		seen[typ.Code] = true
		t.Run(typ.Code, func(t *testing.T) { Run(t, typ) })
	}
	if len(seen) > 64 {
		t.Errorf("%d types do not fit the bit set of a chain", len(seen))
	}
}

func TestJudgeAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	var few, all filters.Lists
	for plane := range all {
		all[plane] = examples(click.Plane(plane))
		few[plane] = all[plane][:3]
	}
	env := filters.Env{Scope: "scope", State: newMemory()}
	first, problems := filters.CompileGroup(few, env)
	if problems.Any() {
		t.Fatal(problems)
	}
	second, problems := filters.CompileGroup(all, env)
	if problems.Any() {
		t.Fatal(problems)
	}
	for plane := range all {
		for _, s := range ordinary() {
			c := &s.click
			c.Plane = click.Plane(plane)
			if n := testing.AllocsPerRun(100, func() {
				c.Verdict = click.Verdict{}
				filters.Judge(c, &c.Verdict, first[plane], second[plane])
				filters.Record(c, &c.Verdict, first[plane], second[plane])
			}); n != 0 {
				t.Errorf("judging %q on plane %d costs %.0f allocations, want 0", s.name, plane, n)
			}
		}
	}
}

// examples are all filters of a plane under their examples.
func examples(plane click.Plane) (list []config.Filter) {
	for _, typ := range filters.Types() {
		twin := plane == click.PlaneImpression && typ.Code == "DUPLICATE_USER"
		if slices.Contains(typ.Planes, plane) && !twin {
			list = append(list, config.Filter{Type: typ.Code, Settings: config.Raw(typ.Example)})
		}
	}
	return list
}

// filterFunc is a filter that is a function.
type filterFunc func(c *click.Click) filters.Result

func (f filterFunc) Check(c *click.Click) filters.Result { return f(c) }

func (f filterFunc) Explain(c *click.Click, e *filters.Explanation) {
	e.Settings = struct{}{}
	e.Input("ip", c.IP)
}

// rude returns a type that would be fine but for what the functions do.
func rude(check func(c *click.Click, m *state.Memory, scope state.Key) filters.Result) filters.Type {
	return filters.Type{
		Code: "RUDE", Name: "rude", Doc: "Rejects.", Example: `{}`,
		Planes: []click.Plane{click.PlaneClick, click.PlaneImpression}, Reasons: []click.Reason{click.Bot},
		New: func(raw config.Raw, env filters.Env) (filters.Filter, config.Problems) {
			var s struct{}
			scope := env.State.Namespace(env.Scope, string(rune('0'+env.Plane)), "RUDE", "")
			return filterFunc(func(c *click.Click) filters.Result { return check(c, env.State, scope) }), config.DecodeSettings(raw, &s)
		},
	}
}

// limit lets ten clicks of a key pass.
func limit(n int64) filters.Result {
	if n <= 10 {
		return filters.Result{}
	}
	return filters.Result{Outcome: filters.Hit, Reasons: click.SetOf(click.Bot)}
}

func polite(c *click.Click, m *state.Memory, scope state.Key) filters.Result {
	if k := scope.Addr(c.IP); c.Counts() {
		return limit(m.Counts.Add(k, c.TimeMS, 60_000))
	} else {
		return limit(m.Counts.Peek(k, c.TimeMS))
	}
}

var garbage []byte

// Every manner notices the filter that lacks it.
func TestMannersNotice(t *testing.T) {
	for _, tc := range []struct {
		manner, want string
		change       func(*filters.Type)
		check        func(c *click.Click, m *state.Memory, scope state.Key) filters.Result
	}{
		{manner: "description", want: "upper snake", change: func(t *filters.Type) { t.Code = "Rude" }},
		{manner: "description", want: "lower case", change: func(t *filters.Type) { t.Name = "other" }},
		{manner: "description", want: "one sentence", change: func(t *filters.Type) { t.Doc = "" }},
		{manner: "description", want: "no plane", change: func(t *filters.Type) { t.Planes = nil }},
		{manner: "description", want: "reasons", change: func(t *filters.Type) { t.Reasons = nil }},
		{manner: "settings", want: "refused", change: func(t *filters.Type) { t.Example = `{"x": 1}` }},
		{manner: "settings", want: "are accepted", change: func(t *filters.Type) {
			t.New = func(config.Raw, filters.Env) (filters.Filter, config.Problems) { return nil, nil }
		}},
		{manner: "survives hostile clicks", want: "panics", check: func(c *click.Click, _ *state.Memory, _ state.Key) filters.Result {
			return filters.Result{Detail: c.Device.BotName}
		}},
		{manner: "survives hostile clicks", want: "does not declare", check: func(*click.Click, *state.Memory, state.Key) filters.Result {
			return filters.Result{Outcome: filters.Hit, Reasons: click.SetOf(click.ISP)}
		}},
		{manner: "survives hostile clicks", want: "pass, with reasons", check: func(*click.Click, *state.Memory, state.Key) filters.Result {
			return filters.Result{Reasons: click.SetOf(click.Bot)}
		}},
		{manner: "survives hostile clicks", want: "outcome is 9", check: func(*click.Click, *state.Memory, state.Key) filters.Result {
			return filters.Result{Outcome: 9}
		}},
		{manner: "leaves the click alone", want: "was changed", check: func(c *click.Click, _ *state.Memory, _ state.Key) filters.Result {
			c.Verdict.Blocked = true
			return filters.Result{}
		}},
		{manner: "leaves the click alone", want: "was changed", check: func(c *click.Click, _ *state.Memory, _ state.Key) filters.Result {
			c.Device.Bot = true
			return filters.Result{}
		}},
		{manner: "allocates nothing", want: "allocations", check: func(*click.Click, *state.Memory, state.Key) filters.Result {
			garbage = make([]byte, 100)
			return filters.Result{}
		}},
		{manner: "its example reaches a verdict", want: "want both", check: func(*click.Click, *state.Memory, state.Key) filters.Result {
			return filters.Result{}
		}},
		{manner: "keeps its counts across a reload", want: "reload", change: func(t *filters.Type) {
			t.New = func(config.Raw, filters.Env) (filters.Filter, config.Problems) {
				var n int64
				return filterFunc(func(*click.Click) filters.Result { n++; return limit(n / 10) }), nil
			}
		}},
		{manner: "keeps its counts to itself", want: "another scope", check: func(c *click.Click, m *state.Memory, _ state.Key) filters.Result {
			return polite(c, m, m.Namespace("", "", "RUDE", ""))
		}},
		{manner: "counts only visits", want: "left", check: func(c *click.Click, m *state.Memory, scope state.Key) filters.Result {
			return limit(m.Counts.Add(scope.Addr(c.IP), c.TimeMS, 60_000))
		}},
		{manner: "counts only visits", want: "HEAD", check: func(c *click.Click, m *state.Memory, scope state.Key) filters.Result {
			if !c.Counts() && m.Counts.Stats().Used > 0 {
				m.Counts.Add(scope.Addr(c.IP), c.TimeMS, 60_000)
			}
			return polite(c, m, scope)
		}},
	} {
		t.Run(tc.manner+", "+tc.want, func(t *testing.T) {
			if raceEnabled && tc.manner == "allocates nothing" {
				t.Skip("not asked under the race detector")
			}
			check := tc.check
			if check == nil {
				check = polite
			}
			typ := rude(check)
			if tc.change != nil {
				tc.change(&typ)
			}
			err := named(t, tc.manner).check(typ)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the manner says %v, want an error with %q", err, tc.want)
			}
		})
	}
}

// The type that the cases above spoil is a good one.
func TestPoliteFilter(t *testing.T) { Run(t, rude(polite)) }

func named(t *testing.T, name string) manner {
	for _, m := range manners {
		if m.name == name {
			return m
		}
	}
	t.Fatalf("there is no manner %q", name)
	return manner{}
}
