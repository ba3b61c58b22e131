package edge

import (
	"fmt"
	"strconv"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// Snapshot is one version of the live config, compiled: everything a click
// needs, read by all handlers at once and never changed.
type Snapshot struct {
	version     uint64
	versionText string
	router      *link.Router[*integration]
}

// planes are the planes the edge judges, with their names in config.
var planes = [...]config.Plane{
	click.PlaneClick:      config.PlaneClick,
	click.PlaneImpression: config.PlaneImpression,
}

// chains are the filters of one group, a chain a plane.
type chains [len(planes)]*filters.Chain

// group is a compiled filter group or fraud filter group.
type group struct {
	id         string
	monitoring *bool
	chains     chains
}

// targeting is a compiled targeting group.
type targeting struct {
	id    string
	rules [len(planes)]*target.Rules
}

// compiler turns a set of documents into a Snapshot. It has no side effects:
// state is only named here and first touched by clicks after the swap.
type compiler struct {
	set      *config.Set
	state    *state.Memory
	problems config.Problems
	// The parts that documents refer to, by opaque id.
	integrations map[string]*integration
	targetings   map[string]*targeting
	frauds       map[string]*group
	advertisers  map[int64]*config.Advertiser
	offers       map[string]*offer
	// publishers are shared by the integrations of an organization.
	publishers map[string]*link.Index[*publisher]
}

// compile builds the snapshot of a valid set. Its error lists every document
// that cannot be compiled.
func compile(set *config.Set, version uint64, s Settings, memory *state.Memory) (*Snapshot, error) {
	c := &compiler{
		set: set, state: memory,
		integrations: map[string]*integration{},
		targetings:   map[string]*targeting{},
		frauds:       map[string]*group{},
		advertisers:  map[int64]*config.Advertiser{},
		offers:       map[string]*offer{},
		publishers:   map[string]*link.Index[*publisher]{},
	}
	c.addIntegrations()
	c.addPartners()
	c.addGroups()
	c.addOffers()
	if err := c.problems.Err(); err != nil {
		return nil, fmt.Errorf("compile config version %d: %w", version, err)
	}
	router := newRouter(s)
	for id, in := range c.integrations {
		router.Add(id, in)
		if d := in.doc.CustomDomain; d != nil && d.Host != "" {
			router.AddDomain(d.Host, d.ClickPath, in)
		}
	}
	return &Snapshot{version: version, versionText: strconv.FormatUint(version, 10), router: router}, nil
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

func (c *compiler) addIntegrations() {
	for doc := range c.set.Integrations() {
		c.integrations[doc.ID] = c.newIntegration(doc)
	}
}

func (c *compiler) addPartners() {
	for doc := range c.set.Advertisers() {
		c.advertisers[doc.IncrementalID] = doc
	}
	for doc := range c.set.Publishers() {
		c.publishersOf(doc.Organization).Add(doc.IncrementalID, doc.ExternalID, doc.ID, newPublisher(doc))
	}
}

func (c *compiler) publishersOf(organization string) *link.Index[*publisher] {
	x := c.publishers[organization]
	if x == nil {
		x = link.NewIndex[*publisher](0)
		c.publishers[organization] = x
	}
	return x
}

func (c *compiler) addGroups() {
	for doc := range c.set.TargetingGroups() {
		if doc.Active {
			c.targetings[doc.ID] = c.newTargeting(doc)
		}
	}
	for doc := range c.set.FraudFilterGroups() {
		if doc.Active {
			c.frauds[doc.ID] = c.newFraudGroup(doc)
		}
	}
	for doc := range c.set.FilterGroups() {
		in := c.integrations[doc.Integration]
		if in == nil || !doc.Active {
			continue
		}
		in.groups.add(doc, c.newGroup(doc))
	}
	for _, in := range c.integrations {
		in.groups.sort()
	}
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
	g := &group{id: doc.ID, monitoring: doc.MonitoringMode}
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
	g := &group{id: doc.ID, monitoring: doc.MonitoringMode}
	g.chains[click.PlaneClick] = c.newChain(doc.Key(), "click_filter_settings", click.PlaneClick, doc.ClickFilterSettings.Filters())
	g.chains[click.PlaneImpression] = c.newChain(doc.Key(), "impression_filter_settings", click.PlaneImpression, doc.ImpressionFilterSettings.Filters())
	return g
}

func (c *compiler) newChain(key config.Key, path string, plane click.Plane, list []config.Filter) *filters.Chain {
	chain, problems := filters.Compile(list, filters.Env{Plane: plane, Scope: key.String(), State: c.state})
	c.addProblems(key, path, problems)
	return chain
}

func newRouter(s Settings) *link.Router[*integration] {
	return link.NewRouter[*integration](s.TrackingDomains, s.DefaultIntegration)
}
