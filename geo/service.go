// Package geo answers what is known about an address: its place, its network,
// and whether an anonymiser stands behind it. The facts come from MaxMind DB
// files and address lists, which are replaced while visitors are served.
package geo

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/gaissmai/bart"
)

// Service answers look-ups. All its methods may be called at the same time.
type Service struct {
	current atomic.Pointer[generation]
	poll    time.Duration

	mu      sync.Mutex // one reload at a time; guards the sources
	sources []*source
}

// generation is everything a look-up needs. It is replaced as a whole and
// never closed: who still reads the old one keeps it alive.
type generation struct {
	databases []*database
	lists     *bart.Table[kindSet]
	known4    offers // what is known of IPv4 addresses
	known6    offers // what is known of IPv6 addresses
}

// Open loads the files. Where options are wrong it returns no Service. Where
// files are missing or broken, the Service is returned together with the error
// that names each of them: it answers from the other files, and takes the
// broken ones over when they have been repaired (see Reload, Watch).
func Open(o Options) (*Service, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	s := &Service{poll: o.Poll}
	if s.poll == 0 {
		s.poll = DefaultPoll
	}
	for _, path := range o.Databases {
		s.sources = append(s.sources, &source{path: path})
	}
	for _, l := range o.Lists {
		s.sources = append(s.sources, &source{path: l.File, list: l.Kind})
	}
	s.current.Store(newGeneration(nil))
	return s, s.Reload()
}

// newGeneration puts together what the sources have loaded.
func newGeneration(sources []*source) *generation {
	g := &generation{}
	entries := make(map[netip.Prefix]kindSet)
	for _, s := range sources {
		if db := s.loaded.db; db != nil {
			g.add(db)
		}
		if s.list == "" || s.loadedAt.IsZero() {
			continue
		}
		kind := kinds[s.list]
		if kind&proxyBits != 0 {
			g.known4 |= offersProxy
			g.known6 |= offersProxy
		}
		for _, p := range s.loaded.prefixes {
			entries[p] |= kind
		}
	}
	g.lists = newTable(entries)
	return g
}

func (g *generation) add(db *database) {
	g.databases = append(g.databases, db)
	g.known4 |= db.offers
	if db.reader.Metadata.IPVersion == 6 {
		g.known6 |= db.offers
	}
}

// Lookup overwrites out with what is known about addr: nothing for the zero
// address. Network is the widest one for which all of it holds, by the
// databases that know the address. It does not block, and does not allocate
// once a record has been seen.
func (s *Service) Lookup(addr netip.Addr, out *click.Geo) {
	*out = click.Geo{}
	if !addr.IsValid() {
		return
	}
	g := s.current.Load()
	addr = addr.Unmap()
	g.flag(addr, out)
	g.askDatabases(addr, out)
	if set, ok := g.lists.Lookup(addr); ok {
		set.apply(out)
	}
}

// flag tells what could be known of an address of this family.
func (g *generation) flag(addr netip.Addr, out *click.Geo) {
	known := g.known6
	if addr.Is4() {
		known = g.known4
	}
	out.PlaceKnown = known&offersPlace != 0
	out.ISPKnown = known&offersISP != 0
	out.ProxyKnown = known&offersProxy != 0
}

func (g *generation) askDatabases(addr netip.Addr, out *click.Geo) {
	org := ""
	for _, db := range g.databases {
		r, network := db.find(addr)
		if r == nil {
			continue
		}
		r.fill(out, network)
		org = either(org, r.org)
	}
	// Who announces the network stands in for the provider only when no
	// database names the provider itself.
	out.ISP = either(out.ISP, org)
}
