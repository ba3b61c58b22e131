package config

import (
	"fmt"
	"iter"
	"net/netip"
	"strings"
)

// mostAddresses bounds a list of addresses.
const mostAddresses = 10_000

// AddressRange are the addresses from First to Last, both included and of one
// family. IPv4 addresses are never mapped into IPv6.
type AddressRange struct{ First, Last netip.Addr }

// AddressLines are the lines of an address list that hold something, trimmed,
// and their numbers from 1.
func AddressLines(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(text) {
			n++
			if line = strings.TrimSpace(line); line != "" && !yield(n, line) {
				return
			}
		}
	}
}

// ParseAddresses reads a line of an address list: an address, a range
// with a dash or a network such as 192.0.2.0/24. Spaces around the dash do not
// count.
func ParseAddresses(line string) (AddressRange, error) {
	if first, last, isRange := strings.Cut(line, "-"); isRange {
		return parseRange(first, last)
	}
	if strings.Contains(line, "/") {
		return parseNetwork(line)
	}
	addr, err := anyAddress(line)
	return AddressRange{addr, addr}, err
}

func parseRange(from, to string) (AddressRange, error) {
	first, err := anyAddress(from)
	if err != nil {
		return AddressRange{}, err
	}
	last, err := anyAddress(to)
	switch {
	case err != nil:
		return AddressRange{}, err
	case first.Is4() != last.Is4():
		return AddressRange{}, fmt.Errorf("both ends of a range must be IPv4 or both IPv6, found %s and %s", first, last)
	case last.Less(first):
		return AddressRange{}, fmt.Errorf("first address %s must not come after the last one, %s", first, last)
	}
	return AddressRange{first, last}, nil
}

func parseNetwork(s string) (AddressRange, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil || p.Addr().Is4In6() {
		return AddressRange{}, fmt.Errorf("must be a network such as 192.0.2.0/24 or 2001:db8::/32, found %q", shorten(s))
	}
	if p != p.Masked() {
		return AddressRange{}, fmt.Errorf("network %s begins at %s; write %s", s, p.Masked().Addr(), p.Masked())
	}
	return AddressRange{p.Addr(), lastOf(p)}, nil
}

// lastOf is the last address of a network.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(b)*8; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	last, _ := netip.AddrFromSlice(b)
	return last
}

// anyAddress accepts every spelling of an address.
func anyAddress(s string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil || addr.Zone() != "" {
		return netip.Addr{}, fmt.Errorf("must be an address such as 192.0.2.1 or 2001:db8::1, a range such as 192.0.2.1-192.0.2.9 or a network such as 192.0.2.0/24, found %q", shorten(s))
	}
	return addr.Unmap(), nil
}
