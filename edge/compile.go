package edge

import (
	"fmt"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// compiler turns documents into what clicks meet. It has no side effects:
// state is only named here and first touched by clicks after the swap.
type compiler struct {
	state    *state.Memory
	problems config.Problems
}

func (c *compiler) err(version uint64) error {
	if len(c.problems) == 0 {
		return nil
	}
	return fmt.Errorf("compile config version %d: %w", version, c.problems)
}

func (c *compiler) problem(key config.Key, path string, err error) {
	c.problems = append(c.problems, config.Problem{Path: key.String() + ": " + path, Message: err.Error()})
}

func (c *compiler) addProblems(key config.Key, path string, ps config.Problems) {
	for _, p := range ps {
		p.Path = key.String() + ": " + path + p.Path
		c.problems = append(c.problems, p)
	}
}

// template compiles a URL template; nil for an empty one.
func (c *compiler) template(key config.Key, path, raw string) *redirect.Template {
	if raw == "" {
		return nil
	}
	t, err := redirect.Compile(raw)
	if err != nil {
		c.problem(key, path, err)
		return nil
	}
	return t
}

func (c *compiler) newTargeting(doc *config.TargetingGroup) *targeting {
	t := &targeting{id: doc.ID}
	for plane, settings := range map[click.Plane]*config.Targeting{
		click.PlaneClick:      doc.ClickTargetingSettings,
		click.PlaneImpression: doc.ImpressionTargetingSettings,
	} {
		if settings == nil {
			continue
		}
		rules, problems := target.Compile(settings)
		c.addProblems(doc.Key(), string(planes[plane])+"_targeting_settings.", problems)
		t.rules[plane] = rules
	}
	return t
}

func (c *compiler) newGroup(doc *config.FilterGroup) *group {
	g := &group{id: doc.ID, name: doc.Name, monitoring: doc.MonitoringMode}
	for plane, name := range planes {
		var list []config.Filter
		for _, f := range doc.Filters {
			if f.Target == name {
				list = append(list, f)
			}
		}
		g.chains[plane] = c.newChain(doc.Key(), "filters", click.Plane(plane), list)
	}
	return g
}

func (c *compiler) newFraudGroup(doc *config.FraudFilterGroup) *group {
	g := &group{id: doc.ID, name: doc.Name, monitoring: doc.MonitoringMode}
	g.chains[click.PlaneClick] = c.newChain(doc.Key(), "click_filter_settings", click.PlaneClick, doc.ClickFilterSettings.Filters())
	g.chains[click.PlaneImpression] = c.newChain(doc.Key(), "impression_filter_settings", click.PlaneImpression, doc.ImpressionFilterSettings.Filters())
	return g
}

func (c *compiler) newChain(key config.Key, path string, plane click.Plane, list []config.Filter) *filters.Chain {
	chain, problems := filters.Compile(list, filters.Env{Plane: plane, Scope: key.String(), State: c.state})
	c.addProblems(key, path, problems)
	return chain
}
