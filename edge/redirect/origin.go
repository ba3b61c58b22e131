package redirect

import (
	"errors"
	"net/netip"
	"strings"
)

// What can be wrong with the beginning of a URL.
var (
	errScheme   = errors.New("does not begin with http:// or https://")
	errUserinfo = errors.New("has a user name or password before the host; none is allowed")
	errHost     = errors.New("has no valid host: allowed are an ASCII domain name (punycode for others), an IPv4 address, or an IPv6 address in brackets")
	errPort     = errors.New("has no valid port: allowed are 1 to 65535")
)

// origin is the beginning of an absolute http or https URL.
type origin struct {
	secure     bool
	host, port string // as written; port without colon, empty if none
	end        int    // where the host and port end in the URL
}

// parseOrigin reads the beginning of url. It takes only what all browsers read
// alike: no user name, no backslash, no escaped, non-ASCII or numeric host. It
// does not look beyond the origin.
func parseOrigin(url string) (o origin, err error) {
	rest, secure := cutFold(url, "https://")
	if !secure {
		var plain bool
		if rest, plain = cutFold(url, "http://"); !plain {
			return o, errScheme
		}
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	if strings.IndexByte(authority, '@') >= 0 {
		return o, errUserinfo
	}
	o = origin{secure: secure, end: len(url) - len(rest) + len(authority)}
	o.host, o.port, err = splitAuthority(authority)
	return o, err
}

// authority is the host and port in lower case; the port that goes without
// saying is left out.
func (o origin) authority() string {
	host := strings.ToLower(o.host)
	if o.hasDefaultPort() {
		return host
	}
	return host + ":" + o.port
}

func (o origin) hasDefaultPort() bool {
	return o.port == "" || o.secure && o.port == "443" || !o.secure && o.port == "80"
}

func splitAuthority(authority string) (host, port string, err error) {
	at := strings.IndexByte(authority, ':')
	if strings.HasPrefix(authority, "[") {
		at = strings.LastIndex(authority, "]:")
		if at >= 0 {
			at++
		}
	}
	if at < 0 {
		host = authority
	} else {
		host, port = authority[:at], authority[at+1:]
	}
	switch {
	case !isHost(host):
		return "", "", errHost
	case at >= 0 && !isPort(port):
		return "", "", errPort
	}
	return host, port, nil
}

func isPort(port string) bool {
	n := 0
	for i := range len(port) {
		if !isDigit(port[i]) || n > 65535 {
			return false
		}
		n = 10*n + int(port[i]-'0')
	}
	return 0 < n && n <= 65535 && port[0] != '0'
}

func isHost(host string) bool {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, closed := strings.CutSuffix(inner, "]")
		ip, err := netip.ParseAddr(inner)
		return closed && err == nil && ip.Is6() && ip.Zone() == ""
	}
	if !isDomain(host) {
		return false
	}
	// Browsers read a host whose last label is a number as an IPv4 address,
	// in octal, hexadecimal and shortened forms too. Only the plain form is
	// taken; no top-level domain begins with a digit.
	if last := host[strings.LastIndexByte(host, '.')+1:]; !isDigit(last[0]) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Is4()
}

// isDomain tells whether s is written like a domain name: labels of 1 to 63
// letters, digits, '-' and '_', 253 bytes in all.
func isDomain(s string) bool {
	if len(s) > 253 {
		return false
	}
	label := 0
	for i := range len(s) {
		b := s[i]
		switch {
		case b == '.' && label > 0:
			label = 0
			continue
		case !isLetter(b) && !isDigit(b) && b != '-' && b != '_':
			return false
		}
		if label++; label > 63 {
			return false
		}
	}
	return label > 0
}

func isDigit(b byte) bool  { return '0' <= b && b <= '9' }
func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// cutFold is strings.CutPrefix that takes ASCII letters in either case.
func cutFold(s, prefix string) (after string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
