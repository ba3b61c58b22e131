package geo

import (
	"net/netip"

	"github.com/gaissmai/bart"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/source"
)

// generation is everything a look-up needs. It is replaced as a whole and
// never closed: who still reads the old one keeps it alive.
type generation struct {
	databases []*database
	lists     *bart.Table[mark]
	asns      map[uint32]mark
	v4, v6    scope
}

// scope is what could be known of the addresses of one family.
type scope struct {
	offers   offers
	crawlers click.CrawlerSet // whose addresses are listed
}

// newGeneration puts together what the files hold.
func newGeneration(files []source.State[content]) *generation {
	g := &generation{asns: make(map[uint32]mark)}
	for _, f := range files {
		if db := f.Content.db; db != nil {
			g.addDatabase(db)
		}
	}
	entries := make(map[netip.Prefix]mark)
	for _, f := range files {
		if f.Content.db == nil && f.Loaded() {
			g.addList(f.Content, entries)
		}
	}
	g.lists = newTable(entries)
	return g
}

func (g *generation) addDatabase(db *database) {
	g.databases = append(g.databases, db)
	g.v4.offers |= db.offers
	if db.reader.Metadata.IPVersion == 6 {
		g.v6.offers |= db.offers
	}
}

// addList adds the AS numbers of a list, and its prefixes to entries.
func (g *generation) addList(c content, entries map[netip.Prefix]mark) {
	m := c.list.mark()
	var has4, has6 bool
	for _, p := range c.members.prefixes {
		entries[p] = entries[p].with(m)
		has4, has6 = has4 || p.Addr().Is4(), has6 || p.Addr().Is6()
	}
	for _, asn := range c.members.asns {
		g.asns[asn] = g.asns[asn].with(m)
	}
	g.v4.covered(c.members, m, has4)
	g.v6.covered(c.members, m, has6)
}

// covered notes that a list speaks of the family. An AS list does where a
// database tells the AS of an address. A list of prefixes says of every other
// address that it is no proxy; but that an engine's list without IPv6 holds
// none of its IPv6 addresses does not make them forged.
func (s *scope) covered(list members, m mark, hasPrefixes bool) {
	byASN := len(list.asns) > 0
	if byASN && s.offers&offersASN == 0 {
		return
	}
	if m.kinds&proxyBits != 0 {
		s.offers |= offersProxy
	}
	if byASN || hasPrefixes {
		s.crawlers |= m.crawlers
	}
}

// flag tells what could be known of an address of this family.
func (g *generation) flag(addr netip.Addr, out *click.Geo) {
	known := &g.v6
	if addr.Is4() {
		known = &g.v4
	}
	out.PlaceKnown = known.offers&offersPlace != 0
	out.ISPKnown = known.offers&offersISP != 0
	out.ProxyKnown = known.offers&offersProxy != 0
	out.CrawlerLists = known.crawlers
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

func (g *generation) askLists(addr netip.Addr, out *click.Geo) {
	found, _ := g.lists.Lookup(addr)
	if len(g.asns) > 0 && out.ASN != 0 {
		found = found.with(g.asns[out.ASN])
	}
	if found != (mark{}) {
		found.apply(out)
	}
}
