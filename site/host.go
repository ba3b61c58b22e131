package site

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// hostOf returns the host of a URL as it is written there, without user, port
// and final dots; empty if it is an IPv6 address or there is none. It reads
// what visitors' programs send, so it takes "//host/x", "host/x" and backslashes
// too, as browsers do.
func hostOf(url string) string {
	for url != "" && url[0] <= ' ' {
		url = url[1:]
	}
	url = afterScheme(url)
	if i := strings.IndexAny(url, "/\\?#"); i >= 0 {
		url = url[:i]
	}
	if i := strings.LastIndexByte(url, '@'); i >= 0 {
		url = url[i+1:]
	}
	if url != "" && url[0] == '[' {
		return ""
	}
	if i := strings.IndexByte(url, ':'); i >= 0 {
		url = url[:i]
	}
	for url != "" && (url[len(url)-1] == '.' || url[len(url)-1] <= ' ') {
		url = url[:len(url)-1]
	}
	return url
}

// afterScheme returns what follows "scheme://", or "//", or all of url.
func afterScheme(url string) string {
	i := 0
	for i < len(url) && isSchemeByte(url[i]) {
		i++
	}
	rest := url
	if i > 0 && i < len(url) && url[i] == ':' {
		rest = url[i+1:]
	}
	if len(rest) >= 2 && isSlash(rest[0]) && isSlash(rest[1]) {
		for rest != "" && isSlash(rest[0]) {
			rest = rest[1:]
		}
		return rest
	}
	return url
}

func isSchemeByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'
}

func isSlash(c byte) bool { return c == '/' || c == '\\' }

// isLower tells whether a host is in the form of the lists already.
func isLower(host string) bool {
	for i := range len(host) {
		if c := host[i]; 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lower writes a host in lower case to dst, which has room for any host, with
// the dots of other scripts made dots. It returns nothing for a host that is
// too long to be one.
func lower(dst *[maxHost + utf8.UTFMax]byte, host string) []byte {
	b := dst[:0]
	for _, r := range host {
		switch r {
		case '\u3002', '\uff0e', '\uff61': // UTS 46, section 2.3
			r = '.'
		}
		if b = utf8.AppendRune(b, unicode.ToLower(r)); len(b) > maxHost {
			return nil
		}
	}
	return b
}
