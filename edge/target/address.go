package target

import (
	"net/netip"
	"slices"
	"unsafe"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// addresses are the address rules. The closest statement wins: an address on
// its own before ranges, and of ranges that overlap the refusing one.
type addresses struct {
	single  map[netip.Addr]bool
	refused ranges
	allowed ranges
	admits  bool // some address is admitted, so unlisted ones are not
}

func (a *addresses) empty() bool {
	return len(a.single) == 0 && len(a.refused) == 0 && len(a.allowed) == 0
}

var aboutIP = about{click.TargetingIP, "ip", func(t *config.Targeting) string { return wantsOf(t.IP.IPAddresses, t.IP.IPRanges) }}

func (a *addresses) fits(c *click.Click) bool    { return a.admit(c.IP) }
func (a *addresses) value(c *click.Click) string { return AddressText(c) }

func (a *addresses) admit(addr netip.Addr) bool {
	if a.empty() {
		return true
	}
	if verdict, listed := a.single[addr]; listed {
		return verdict
	}
	if a.refused.hold(addr) {
		return false
	}
	return a.allowed.hold(addr) || !a.admits
}

// addrRange is first to last, both included and of the same family.
type addrRange struct{ first, last netip.Addr }

// ranges are sorted and do not overlap.
type ranges []addrRange

func (rs ranges) hold(addr netip.Addr) bool {
	_, found := slices.BinarySearchFunc(rs, addr, func(r addrRange, addr netip.Addr) int {
		switch {
		case r.last.Less(addr):
			return -1
		case addr.Less(r.first):
			return 1
		}
		return 0
	})
	return found
}

// sorted puts rs in order and joins what overlaps, as hold needs it.
func (rs ranges) sorted() ranges {
	slices.SortFunc(rs, func(a, b addrRange) int { return a.first.Compare(b.first) })
	joined := rs[:0]
	for _, r := range rs {
		n := len(joined)
		if n == 0 || joined[n-1].last.Less(r.first) {
			joined = append(joined, r)
			continue
		}
		if joined[n-1].last.Less(r.last) {
			joined[n-1].last = r.last
		}
	}
	return joined
}

// AddressText is the click's address as text, written behind what the click
// keeps in Scratch already. Views into an older Scratch stay valid.
func AddressText(c *click.Click) string {
	n := len(c.Scratch)
	c.Scratch = c.IP.AppendTo(c.Scratch)
	text := c.Scratch[n:]
	return unsafe.String(unsafe.SliceData(text), len(text))
}
