package geo

import (
	"maps"
	"math/bits"
	"net/netip"
	"slices"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/gaissmai/bart"
)

// kindSet is a set of kinds of list. The bit of an anonymiser is its
// click.ProxyType, so the strongest one is the lowest bit that is set.
type kindSet uint8

const (
	allowed   kindSet = 1 << 0
	crawler   kindSet = 1 << 7
	proxyBits         = ^(allowed | crawler)
)

var kinds = map[Kind]kindSet{
	KindDatacenter:  1 << click.Datacenter,
	KindVPN:         1 << click.VPN,
	KindTor:         1 << click.Tor,
	KindProxy:       1 << click.PublicProxy,
	KindResidential: 1 << click.ResidentialProxy,
	KindOperator:    1 << click.OperatorListed,
	KindCrawler:     crawler,
	KindAllow:       allowed,
}

// strongest returns the strongest anonymiser of the set.
func (s kindSet) strongest() click.ProxyType {
	s &= proxyBits
	if s == 0 {
		return click.NoProxy
	}
	return click.ProxyType(bits.TrailingZeros8(uint8(s)))
}

// apply writes what the lists say about an address over what the databases said.
func (s kindSet) apply(g *click.Geo) {
	if s&allowed != 0 {
		g.Proxy = click.NoProxy
		return
	}
	g.CrawlerListed = s&crawler != 0
	g.Proxy = stronger(g.Proxy, s.strongest())
}

func stronger(a, b click.ProxyType) click.ProxyType {
	if a == click.NoProxy || b != click.NoProxy && b < a {
		return b
	}
	return a
}

// newTable makes one table of all lists. Each prefix carries the kinds of the
// prefixes around it as well, so that a single look-up of the longest match
// answers for every list.
func newTable(entries map[netip.Prefix]kindSet) *bart.Table[kindSet] {
	widestFirst := slices.SortedFunc(maps.Keys(entries), func(a, b netip.Prefix) int {
		return a.Bits() - b.Bits()
	})
	table := new(bart.Table[kindSet])
	for _, p := range widestFirst {
		around, _ := table.LookupPrefix(p)
		table.Insert(p, entries[p]|around)
	}
	return table
}
