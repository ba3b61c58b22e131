package geo

import "net/netip"

// lastAddr returns the highest address of a prefix.
func lastAddr(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for bit := p.Bits(); bit < 8*len(b); bit++ {
		b[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(b)
	return last
}

// spanPrefixes appends to dst the fewest prefixes that cover first to last,
// both included: at most 254. The addresses are of one family and in order.
func spanPrefixes(dst []netip.Prefix, first, last netip.Addr) []netip.Prefix {
	for {
		p := widestAt(first, last)
		dst = append(dst, p)
		end := lastAddr(p)
		if end == last {
			return dst
		}
		first = end.Next()
	}
}

// widestAt returns the widest prefix that starts at first and ends by last.
func widestAt(first, last netip.Addr) netip.Prefix {
	best := netip.PrefixFrom(first, first.BitLen())
	for bits := first.BitLen() - 1; bits >= 0; bits-- {
		p := netip.PrefixFrom(first, bits)
		if p.Masked() != p || lastAddr(p).Compare(last) > 0 {
			break
		}
		best = p
	}
	return best
}
