package config

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// The shapes of values. A function that returns an error says what is allowed.

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLower(c byte) bool  { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isLetter(c byte) bool { return isLower(c) || isUpper(c) }

// madeOf tells whether s has from least to most bytes and all are allowed.
func madeOf(s string, least, most int, allowed func(byte) bool) bool {
	if len(s) < least || len(s) > most {
		return false
	}
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isID(s string) bool {
	return madeOf(s, 1, 64, func(c byte) bool { return isLetter(c) || isDigit(c) || c == '-' || c == '_' })
}

// isLabelOfFiles tells whether s can mark documents (Meta.Label).
func isLabelOfFiles(s string) bool {
	return madeOf(s, 1, 64, func(c byte) bool { return isLetter(c) || isDigit(c) || c == '-' || c == '_' || c == '.' })
}

// isLabel tells whether s is a DNS label in lower case.
func isLabel(s string) bool {
	return madeOf(s, 1, 63, func(c byte) bool { return isLower(c) || isDigit(c) || c == '-' }) &&
		s[0] != '-' && s[len(s)-1] != '-'
}

// isHost tells whether s is a host name in lower case, without a port.
func isHost(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

// isCode tells whether s looks like a filter type: CLICK_FLOODING.
func isCode(s string) bool {
	return madeOf(s, 1, 64, func(c byte) bool { return isUpper(c) || isDigit(c) || c == '_' }) && isUpper(s[0])
}

func checkCountry(s string) error {
	if s == "UK" {
		return errors.New("the ISO code of the United Kingdom is GB, not UK")
	}
	if !madeOf(s, 2, 2, isUpper) {
		return fmt.Errorf("must be an ISO 3166 country code of two upper-case letters such as DE, found %q", shorten(s))
	}
	return nil
}

// checkLanguage accepts tags as browsers send them: "de", "pt-BR".
func checkLanguage(s string) error {
	primary, rest, subtags := strings.Cut(s, "-")
	ok := madeOf(primary, 2, 3, isLetter)
	for subtags && ok {
		var tag string
		tag, rest, subtags = strings.Cut(rest, "-")
		ok = madeOf(tag, 1, 8, func(c byte) bool { return isLetter(c) || isDigit(c) })
	}
	if !ok {
		return fmt.Errorf("must be a language tag such as de or pt-BR, found %q", shorten(s))
	}
	return nil
}

// parseVersion reads "14" or "14.4.1".
func parseVersion(s string) ([]uint32, error) {
	var version []uint32
	for part := range strings.SplitSeq(s, ".") {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("must be a version such as 14 or 14.4.1, found %q", shorten(s))
		}
		version = append(version, uint32(n))
	}
	return version, nil
}

// checkAddress accepts an address only as it is usually written, so that two
// spellings of one address cannot contradict each other.
func checkAddress(s string) error {
	_, err := parseAddress(s)
	return err
}

func parseAddress(s string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Zone() != "" {
		return addr, fmt.Errorf("must be an IP address such as 192.0.2.1 or 2001:db8::1, found %q", shorten(s))
	}
	if usual := addr.Unmap().String(); usual != s {
		return addr, fmt.Errorf("address %s must be written as %s", s, usual)
	}
	return addr, nil
}

// checkRange accepts "first-last".
func checkRange(s string) error {
	from, to, found := strings.Cut(s, "-")
	if !found {
		return fmt.Errorf("must be a range of addresses such as 192.0.2.1-192.0.2.255, found %q", shorten(s))
	}
	first, err := parseAddress(from)
	if err != nil {
		return err
	}
	last, err := parseAddress(to)
	if err != nil {
		return err
	}
	if first.Is4() != last.Is4() {
		return errors.New("both ends of a range must be IPv4 or both IPv6")
	}
	if last.Less(first) {
		return fmt.Errorf("first address %s must not come after the last one, %s", first, last)
	}
	return nil
}

// checkURL accepts an absolute http or https URL with macros whose host is
// written out: a macro there would let a visitor choose where traffic goes.
func checkURL(s string) error {
	if i := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }); i >= 0 {
		return fmt.Errorf("must not hold spaces or control characters, found %q at byte %d", s[i], i)
	}
	scheme, rest, found := strings.Cut(s, "://")
	if lower := strings.ToLower(scheme); !found || lower != "http" && lower != "https" {
		return fmt.Errorf("must be an absolute URL that begins with http:// or https://, found %q", shorten(s))
	}
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	if strings.ContainsAny(authority, "{}") {
		return fmt.Errorf("the host must be written out, without macros, found %q", shorten(authority))
	}
	if strings.Contains(authority, "@") {
		return errors.New("must not hold a user name or password before the host")
	}
	return checkAuthority(authority)
}

// checkAuthority accepts host, host:port, [IPv6] and [IPv6]:port.
func checkAuthority(s string) error {
	host, port, found := s, "", false
	if end := strings.LastIndexByte(s, ':'); end > strings.LastIndexByte(s, ']') {
		host, port, found = s[:end], s[end+1:], true
	}
	if n, err := strconv.ParseUint(port, 10, 16); found && (err != nil || n == 0) {
		return fmt.Errorf("port must be from 1 to 65535, found %q", shorten(port))
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, closed := strings.CutSuffix(inner, "]")
		if addr, err := netip.ParseAddr(inner); closed && err == nil && addr.Is6() && addr.Zone() == "" {
			return nil
		}
	} else if isHost(strings.ToLower(host)) {
		return nil
	}
	return fmt.Errorf("host must be a name such as example.com (international ones as xn--...) or an address, found %q", shorten(host))
}
