package clientip

import (
	"bytes"
	"net/netip"
	"unsafe"
)

// parseNode reads one hop: an address, perhaps in brackets, with a port and a
// zone. The port may be obfuscated (RFC 7239, 6.1: "_" and a name).
func parseNode(b []byte) (netip.Addr, bool) {
	host, port, ok := splitPort(b)
	if !ok || !validPort(port) {
		return netip.Addr{}, false
	}
	return parseAddr(host)
}

// splitPort takes "a.b.c.d:port", "[v6]:port", "[v6]" and bare addresses apart.
// Without brackets more than one colon is an IPv6 address without a port.
func splitPort(b []byte) (host, port []byte, ok bool) {
	if len(b) > 0 && b[0] == '[' {
		end := bytes.IndexByte(b, ']')
		if end < 0 || bytes.IndexByte(b[1:end], ':') < 0 {
			return nil, nil, false
		}
		return b[1:end], b[end+1:], true
	}
	first := bytes.IndexByte(b, ':')
	if first < 0 || bytes.IndexByte(b[first+1:], ':') >= 0 {
		return b, nil, true
	}
	return b[:first], b[first:], true
}

// validPort accepts nothing, ":1" to ":65535", ":0" and ":_name".
func validPort(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if len(b) < 2 || b[0] != ':' {
		return false
	}
	if b = b[1:]; b[0] == '_' {
		return isToken(b)
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
		if n = n*10 + int(c-'0'); n > 65535 {
			return false
		}
	}
	return true
}

// maxAddrLen is the longest text of an address: IPv6 with an IPv4 tail.
const maxAddrLen = 45

// parseAddr reads an address and drops its zone. The zone is cut off before
// netip sees it, because netip keeps every zone it ever saw in memory.
func parseAddr(b []byte) (netip.Addr, bool) {
	zone := bytes.IndexByte(b, '%')
	if zone >= 0 {
		if zone == len(b)-1 {
			return netip.Addr{}, false
		}
		b = b[:zone]
	}
	// Most garbage is recognised here: the error that netip makes of it is an
	// allocation an attacker should not have for free.
	if len(b) > maxAddrLen || !addrBytes(b) {
		return netip.Addr{}, false
	}
	// A view spares a copy; neither the address nor the dropped error keeps it.
	addr, err := netip.ParseAddr(unsafe.String(unsafe.SliceData(b), len(b)))
	if err != nil || zone >= 0 && addr.Is4() {
		return netip.Addr{}, false
	}
	return addr.Unmap(), true
}

// addrBytes tells whether b holds only bytes that addresses are made of.
func addrBytes(b []byte) bool {
	for _, c := range b {
		digit := '0' <= c && c <= '9'
		hex := 'a' <= c|0x20 && c|0x20 <= 'f'
		if !digit && !hex && c != ':' && c != '.' {
			return false
		}
	}
	return len(b) >= 2
}

// parseForwarded reads the "for" of one element of a Forwarded header
// (RFC 7239). An element without one, with two, with "unknown" or with an
// obfuscated identifier names no address.
func parseForwarded(b []byte) (addr netip.Addr, ok bool) {
	seen := false
	for more := true; more; {
		var pair []byte
		if pair, b, more, ok = cutPair(b); !ok {
			return netip.Addr{}, false
		}
		name, value, found := bytes.Cut(pair, []byte{'='})
		if !found || !bytes.EqualFold(name, []byte("for")) {
			continue
		}
		if seen {
			return netip.Addr{}, false
		}
		seen = true
		if addr, ok = parseNode(unquote(value)); !ok {
			return netip.Addr{}, false
		}
	}
	return addr, seen
}

// cutPair splits the first "name=value" off an element. Semicolons in quotes
// do not separate; ok is false when a quote stays open.
func cutPair(b []byte) (pair, rest []byte, more, ok bool) {
	quoted := false
	for i := 0; i < len(b); i++ {
		switch {
		case quoted && b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case b[i] == ';' && !quoted:
			return trim(b[:i]), b[i+1:], true, true
		}
	}
	return trim(b), nil, false, !quoted
}

// unquote takes the quotes off a quoted string. Escapes stay: no address needs
// one, so a value with an escape is garbage.
func unquote(b []byte) []byte {
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		return b[1 : len(b)-1]
	}
	return b
}

func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
