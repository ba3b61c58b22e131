package geo

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"

	"github.com/clickgate/clickgate/internal/source"
)

// members is what a list holds: prefixes in normal form, or AS numbers.
type members struct {
	prefixes []netip.Prefix
	asns     []uint32
}

// parseList reads a list. One bad entry refuses it, so that half a list is
// never taken for a whole one. The list is one of
//   - text, an entry a line: an address, a CIDR or a range "a-b", with a comment
//     after # or ;, or further columns after a comma (RFC 8805),
//   - text, an AS number a line, with the same comments and columns: "AS64500",
//     or "64500" where asn is set or the first entry looks like that,
//   - JSON as the search engines and clouds publish it, see parseJSONList.
func parseList(name string, asn bool, data []byte) (members, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	switch {
	case !asn && isJSON(data):
		prefixes, err := parseJSONList(data)
		return members{prefixes: prefixes}, err
	case asn || namesASNs(data):
		asns, err := source.ParseLines(name, data, parseASNLine)
		return members{asns: asns}, err
	}
	prefixes, err := source.ParseLines(name, data, parseLine)
	return members{prefixes: prefixes}, err
}

// Check tells why data is no such list; nil if it is one.
func (l List) Check(data []byte) error {
	_, err := parseList("list", l.ASN, data)
	return err
}

func isJSON(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{"))
}

// parseLine appends the prefixes of one entry to dst.
func parseLine(dst []netip.Prefix, entry string) ([]netip.Prefix, error) {
	entry, columns, _ := strings.Cut(entry, ",")
	if second, _, _ := strings.Cut(columns, ","); startsLikeEntry(second) {
		return nil, fmt.Errorf("%q follows in one line: put each entry on a line of its own", source.Shorten(strings.TrimSpace(second)))
	}
	entry = strings.TrimSpace(entry)
	if first, last, ok := strings.Cut(entry, "-"); ok {
		return parseRange(dst, entry, strings.TrimSpace(first), strings.TrimSpace(last))
	}
	if strings.Contains(entry, "/") {
		p, err := parsePrefix(entry)
		return append(dst, p), err
	}
	addr, err := parseAddr(entry)
	return append(dst, netip.PrefixFrom(addr, addr.BitLen())), err
}

// startsLikeEntry tells whether a column begins with an address.
func startsLikeEntry(column string) bool {
	column = strings.TrimSpace(column)
	if i := strings.IndexAny(column, "/-"); i >= 0 {
		column = column[:i]
	}
	_, err := netip.ParseAddr(strings.TrimSpace(column))
	return err == nil
}

func parseRange(dst []netip.Prefix, entry, from, to string) ([]netip.Prefix, error) {
	first, err := parseAddr(from)
	if err != nil {
		return nil, err
	}
	last, err := parseAddr(to)
	if err != nil {
		return nil, err
	}
	if first.BitLen() != last.BitLen() {
		return nil, fmt.Errorf("range %q mixes IPv4 and IPv6", entry)
	}
	if last.Less(first) {
		return nil, fmt.Errorf("range %q ends before it begins", entry)
	}
	return spanPrefixes(dst, first, last), nil
}

// parsePrefix reads a CIDR. Bits behind the mask are cleared, since published
// lists are careless with them; IPv4 in IPv6 form becomes IPv4.
func parsePrefix(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, notAnEntry(s)
	}
	if !p.Addr().Is4In6() {
		return p.Masked(), nil
	}
	if p.Bits() < 96 {
		return p, fmt.Errorf("%q is wider than the IPv4 addresses in IPv6 form, which begin at /96", s)
	}
	return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96).Masked(), nil
}

func parseAddr(s string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Zone() != "" {
		return netip.Addr{}, notAnEntry(s)
	}
	return addr.Unmap(), nil
}

func notAnEntry(s string) error {
	return fmt.Errorf("%q is not an address, a CIDR or a range a-b", source.Shorten(s))
}
