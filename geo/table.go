package geo

import (
	"maps"
	"math/bits"
	"net/netip"
	"slices"

	"github.com/gaissmai/bart"

	"github.com/clickgate/clickgate/internal/click"
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

func stronger(a, b click.ProxyType) click.ProxyType {
	if a == click.NoProxy || b != click.NoProxy && b < a {
		return b
	}
	return a
}

// mark is what lists say about an address.
type mark struct {
	kinds    kindSet
	crawlers click.CrawlerSet // whose, of the lists of crawlers with a name
}

// mark is what a list says about its members.
func (l List) mark() mark {
	m := mark{kinds: kinds[l.Kind]}
	if c, ok := click.CrawlerNamed(l.Name); ok {
		m.crawlers = m.crawlers.With(c)
	}
	return m
}

func (m mark) with(other mark) mark {
	return mark{kinds: m.kinds | other.kinds, crawlers: m.crawlers | other.crawlers}
}

// apply writes what the lists say about an address over what the databases said.
func (m mark) apply(g *click.Geo) {
	if m.kinds&allowed != 0 {
		// Nor is it a forged crawler, whatever name it goes by.
		g.Proxy, g.ProxyProvider, g.CrawlerLists = click.NoProxy, "", 0
		return
	}
	g.CrawlerListed = m.kinds&crawler != 0
	if m.crawlers != 0 {
		g.Crawler = click.Crawler(bits.TrailingZeros16(uint16(m.crawlers)))
	}
	g.Proxy = stronger(g.Proxy, m.kinds.strongest())
}

// newTable makes one table of all lists. Each prefix carries the marks of the
// prefixes around it as well, so that a single look-up of the longest match
// answers for every list.
func newTable(entries map[netip.Prefix]mark) *bart.Table[mark] {
	widestFirst := slices.SortedFunc(maps.Keys(entries), func(a, b netip.Prefix) int {
		return a.Bits() - b.Bits()
	})
	table := new(bart.Table[mark])
	for _, p := range widestFirst {
		around, _ := table.LookupPrefix(p)
		table.Insert(p, entries[p].with(around))
	}
	return table
}
