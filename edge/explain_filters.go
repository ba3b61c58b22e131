package edge

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/explain"
)

// explainFilters judges like filters.Judge and writes down which groups there
// are, which judge, and what each filter says.
func (v *visit) explainFilters(g *group) filters.Block {
	c, r := &v.click, v.report
	r.Groups = append(v.in.groups.explain(c), tellDefaults(g))
	names := [2]string{c.Verdict.FilterGroupID, ""}
	if fraud := v.fraud(); fraud != nil {
		names[1] = fraud.id
		r.Groups = append(r.Groups, explain.Group{
			ID: fraud.id, Name: fraud.name, Kind: string(config.KindFraudFilterGroup), Matches: true, Judges: true,
			Why: "the offer names it; a type that the group above has too is skipped here",
		})
	}
	return filters.Explain(c, &c.Verdict, v.chains[0], v.chains[1], func(s filters.Step) {
		group := names[0]
		if s.Second {
			group = names[1]
		}
		r.Filters = append(r.Filters, tellFilter(s, group))
	})
}

// tellDefaults tells of the integration's own filters; g is the group that won
// over them.
func tellDefaults(g *group) explain.Group {
	d := explain.Group{Name: "the integration's own filters", Kind: "defaults", Matches: true, Judges: g == nil, Why: "no filter group matches"}
	if g != nil {
		d.Why = "a filter group matches"
	}
	return d
}

func tellFilter(s filters.Step, group string) explain.Filter {
	f := explain.Filter{
		Type: s.Type.String(), Group: group, Settings: s.Settings, Invert: s.Invert,
		Verdict: s.Outcome.String(), Suspicious: s.Suspicious, Skipped: s.Skipped, Detail: s.Detail,
	}
	for _, in := range s.Inputs {
		f.Inputs = append(f.Inputs, explain.Value(in))
	}
	for _, n := range s.Counts {
		f.Inputs = append(f.Inputs, explain.Value{Name: n.Name, Value: n.String()})
	}
	for _, reason := range s.Reasons {
		f.Reasons = append(f.Reasons, reason.String())
	}
	return f
}
