package filters

import (
	"fmt"
	"maps"
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

const (
	// maxParameters bounds the parameters that are checked: they are bits of a
	// word.
	maxParameters = 50
	// Of the lists of a parameter.
	maxParameterValues  = 1000
	maxParameterName    = 100 // bytes
	maxParameterContent = 500 // bytes of a value
)

var parameter = Type{
	Code: "PARAMETER", Name: "parameter",
	Doc:     "Rejects requests by the values of their parameters.",
	Example: `{"configs": {"sub_id": {"blocked_values": ["test"], "reject_empty_value": true}, "source": {"valid_values": ["news", "blog"]}}}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: []click.Reason{click.ParameterInvalid},
	New:     newParameter,
}

type parameterSettings struct {
	// Configs are the checks by parameter: by the name of a field (offer,
	// sub_id_2), whatever the request calls it, or else by a name of the query.
	Configs map[string]parameterConfig `json:"configs"`
}

type parameterConfig struct {
	// ValidValues are the only ones that pass, unless there are none of them.
	// Values are compared exactly.
	ValidValues []string `json:"valid_values,omitempty"`
	// BlockedValues are rejected, valid or not.
	BlockedValues []string `json:"blocked_values,omitempty"`
	// RejectEmptyValue rejects requests where the parameter is empty or
	// missing, of which the lists say nothing.
	RejectEmptyValue bool `json:"reject_empty_value"`
}

// parameterFilter holds the checks of fields and those of other parameters,
// whose bits in a set are their places in extra.
type parameterFilter struct {
	settings parameterSettings
	fields   []fieldCheck
	extra    []valueCheck
	byName   map[string]int
}

type fieldCheck struct {
	of func(c *click.Click) string
	valueCheck
}

func newParameter(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := &parameterFilter{byName: map[string]int{}}
	m := decode(settings, &f.settings)
	configs := f.settings.Configs
	if len(configs) == 0 || len(configs) > maxParameters {
		m.add("configs", "must have 1 to %d parameters, not %d", maxParameters, len(configs))
	}
	for _, name := range slices.Sorted(maps.Keys(configs)) {
		s := configs[name]
		s.validate(m, fmt.Sprintf("configs[%q]", name), name)
		f.add(name, newValueCheck(name, &s))
	}
	return f, m.problems
}

func (s *parameterConfig) validate(m *mistakes, path, name string) {
	if name == "" || len(name) > maxParameterName {
		m.add(path, "the name must have 1 to %d bytes, not %d", maxParameterName, len(name))
	}
	if len(s.ValidValues) == 0 && len(s.BlockedValues) == 0 && !s.RejectEmptyValue {
		m.add(path, "asks nothing; give valid_values, blocked_values or reject_empty_value")
	}
	m.values(path+".valid_values", s.ValidValues)
	m.values(path+".blocked_values", s.BlockedValues)
}

func (f *parameterFilter) add(name string, check valueCheck) {
	if of, ok := clickFields[name]; ok {
		f.fields = append(f.fields, fieldCheck{of, check})
		return
	}
	f.byName[name] = len(f.extra)
	f.extra = append(f.extra, check)
}

// Check implements Filter. A parameter that comes several times is checked each
// time.
func (f *parameterFilter) Check(c *click.Click) Result {
	for i := range f.fields {
		p := &f.fields[i]
		if wrong := p.wrong(p.of(c)); wrong != "" {
			return Result{Outcome: Hit, Reasons: click.SetOf(click.ParameterInvalid), Detail: wrong}
		}
	}
	if len(f.extra) == 0 {
		return Result{}
	}
	if wrong := f.wrongExtra(c); wrong != "" {
		return Result{Outcome: Hit, Reasons: click.SetOf(click.ParameterInvalid), Detail: wrong}
	}
	return Result{}
}

func (f *parameterFilter) wrongExtra(c *click.Click) string {
	var seen uint64 // the parameters that came with a value
	for i := range c.Params {
		p := &c.Params[i]
		if p.Value == "" {
			continue
		}
		at, ok := f.byName[p.Name]
		if !ok {
			continue
		}
		if wrong := f.extra[at].wrong(p.Value); wrong != "" {
			return wrong
		}
		seen |= 1 << at
	}
	for i := range f.extra {
		if f.extra[i].rejectEmpty && seen&(1<<i) == 0 {
			return f.extra[i].isEmpty
		}
	}
	return ""
}

// Explain implements Explainer.
func (f *parameterFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	for _, name := range slices.Sorted(maps.Keys(f.settings.Configs)) {
		if of, ok := clickFields[name]; ok {
			e.Input(name, of(c))
		}
	}
	for i := range c.Params {
		if _, ok := f.byName[c.Params[i].Name]; ok {
			e.Input(c.Params[i].Name, c.Params[i].Value)
		}
	}
}
