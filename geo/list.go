package geo

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// badLinesShown is how many bad lines of a list an error spells out.
const badLinesShown = 20

// parseList reads the prefixes of a list. One bad line refuses the list, so
// that half a list is never taken for a whole one; the error names the first
// bad lines as name:line and counts the others.
func parseList(name string, data []byte) ([]netip.Prefix, error) {
	if len(data) == 0 {
		// Whoever replaces a file in place empties it first.
		return nil, errors.New("the file is empty: a list without entries needs a comment line")
	}
	var prefixes []netip.Prefix
	var errs []error
	bad, number := 0, 0
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		number++
		more, err := parseLine(prefixes, entryOf(line))
		if err == nil {
			prefixes = more
			continue
		}
		if bad++; bad <= badLinesShown {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, number, err))
		}
	}
	if bad > badLinesShown {
		errs = append(errs, fmt.Errorf("%s: %d more bad lines", name, bad-badLinesShown))
	}
	return prefixes, errors.Join(errs...)
}

// entryOf returns a line without its comment and surrounding blanks.
func entryOf(line []byte) string {
	if i := bytes.IndexAny(line, "#;"); i >= 0 {
		line = line[:i]
	}
	return string(bytes.TrimSpace(line))
}

// parseLine appends the prefixes of one entry to dst.
func parseLine(dst []netip.Prefix, entry string) ([]netip.Prefix, error) {
	if entry == "" {
		return dst, nil
	}
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
	const longest = 60 // a line of another sort of file may be a megabyte
	if len(s) > longest {
		s = s[:longest] + "..."
	}
	return fmt.Errorf("%q is not an address, a CIDR or a range a-b", s)
}
