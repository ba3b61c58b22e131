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
		click.PlaneConversion: doc.ConversionTargetingSettings,
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

// simpleTargeting compiles the targeting that stands in the offer itself. It is
// for clicks and impressions: a conversion's click has met it.
func (c *compiler) simpleTargeting(doc *config.Offer) *targeting {
	rules, problems := target.Compile(doc.TargetingSimple)
	c.addProblems(doc.Key(), "targeting_simple.", problems)
	t := new(targeting)
	t.rules[click.PlaneClick], t.rules[click.PlaneImpression] = rules, rules
	return t
}

func (c *compiler) newGroup(doc *config.FilterGroup) *group {
	g := &group{id: doc.ID, name: doc.Name, monitoring: doc.MonitoringMode}
	g.chains = c.newChains(doc.Key(), "filters", filters.ByPlane(doc.Filters))
	return g
}

func (c *compiler) newFraudGroup(doc *config.FraudFilterGroup) *group {
	g := &group{id: doc.ID, name: doc.Name, monitoring: doc.MonitoringMode}
	g.chains = c.newChains(doc.Key(), "filter settings", filters.Lists{
		click.PlaneClick:      doc.ClickFilterSettings.Filters(),
		click.PlaneImpression: doc.ImpressionFilterSettings.Filters(),
		click.PlaneConversion: doc.ConversionFilterSettings.Filters(),
	})
	return g
}

// newChains compiles the filters of a group. What validation could not know is
// told by the plane and the place among the filters there.
func (c *compiler) newChains(key config.Key, path string, lists filters.Lists) filters.Chains {
	chains, problems := filters.CompileGroup(lists, filters.Env{Scope: key.String(), State: c.state})
	for plane := range problems {
		c.addProblems(key, fmt.Sprintf("%s of %ss", path, click.Plane(plane)), problems[plane])
	}
	return chains
}
