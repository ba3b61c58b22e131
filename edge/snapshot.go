package edge

import (
	"strconv"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/cow"
)

// Snapshot is one version of the live config, compiled: everything a click
// needs, read by all handlers at once and never changed. The next version
// shares with it what stays the same.
type Snapshot struct {
	version uint64
	caps    *caps.Rules
	// matchesAny tells whether any integration finds clicks without their id.
	matchesAny  bool
	versionText string
	router      *link.Router[*integration]
	parts       parts
}

// parts are what a snapshot is made of, and what the next one is made from.
type parts struct {
	// set is what was compiled; nil before the first config.
	set  *config.Set
	caps *caps.Rules
	// The parts that others refer to, by opaque id.
	integrations cow.Map[string, *integration]
	targetings   cow.Map[string, *targeting]
	frauds       cow.Map[string, *group]
	// publishers of an organization are shared by its integrations.
	publishers cow.Map[string, *publishers]
}

// publishers are those of one organization.
type publishers = link.Index[*publisher]

// planes are the planes the edge judges, with their names in config.
var planes = [...]config.Plane{
	click.PlaneClick:      config.PlaneClick,
	click.PlaneImpression: config.PlaneImpression,
	click.PlaneConversion: config.PlaneConversion,
}

// group is a compiled filter group or fraud filter group.
type group struct {
	id, name   string
	monitoring *bool
	chains     filters.Chains
}

// targeting is a compiled targeting group.
type targeting struct {
	id    string
	rules [len(planes)]*target.Rules
}

// newSnapshot makes a version of its parts.
func newSnapshot(p parts, version uint64, s Settings) *Snapshot {
	router := newRouter(s)
	matchesAny := false
	for id, in := range p.integrations.All() {
		matchesAny = matchesAny || in.doc.ConversionsConfig.FallbackMatching != nil
		router.Add(id, in, in.doc.ClickPaths, in.doc.ConversionPaths)
		if d := in.doc.CustomDomain; d != nil && d.Host != "" {
			router.AddDomain(d.Host, d.ClickPath, d.ConversionPath, in)
		}
	}
	return &Snapshot{version: version, caps: p.caps, matchesAny: matchesAny, versionText: strconv.FormatUint(version, 10), router: router, parts: p}
}

func newRouter(s Settings) *link.Router[*integration] {
	return link.NewRouter[*integration](s.TrackingDomains, s.DefaultIntegration)
}
