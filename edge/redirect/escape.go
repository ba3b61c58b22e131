package redirect

import "strings"

// class is a set of bytes that stand for themselves in some part of a URL.
type class uint8

const (
	inValue    class = 1 << iota // a value: RFC 3986 unreserved
	inPath                       // a raw value in the path: nothing that ends it
	inQuery                      // a raw value in the query or fragment
	inURL                        // a whole URL
	inTemplate                   // what an operator may write in a template
)

// classes never let pass, in any class but inTemplate, what could break a
// header, an HTML attribute or a browser's reading of the URL: controls, space,
// quotes, angle brackets, backslash, braces and bytes outside ASCII.
var classes = func() (t [256]class) {
	add := func(c class, bytes string) {
		for i := range len(bytes) {
			t[bytes[i]] |= c
		}
	}
	add(inValue|inPath|inQuery|inURL, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
	add(inPath|inQuery|inURL, "!$&()*+,;=:@/[]")
	add(inQuery|inURL, "?")
	add(inURL, "#")
	for b := range 256 {
		if b > ' ' && b != 0x7f {
			t[b] |= inTemplate
		}
	}
	return t
}()

const hexDigits = "0123456789ABCDEF"

// appendEscaped appends s and percent-encodes every byte that is not in c. In
// all classes but inValue a percent sign that begins an escape stays.
func appendEscaped(dst []byte, s string, c class) []byte {
	done := 0
	for i := range len(s) {
		if stands(s, i, c) {
			continue
		}
		dst = append(dst, s[done:i]...)
		dst = append(dst, '%', hexDigits[s[i]>>4], hexDigits[s[i]&15])
		done = i + 1
	}
	return append(dst, s[done:]...)
}

// escapedLen is the number of bytes that appendEscaped appends.
func escapedLen(s string, c class) int {
	size := len(s)
	for i := range len(s) {
		if !stands(s, i, c) {
			size += len("%20") - 1
		}
	}
	return size
}

// stands tells whether s[i] stands for itself in c.
func stands(s string, i int, c class) bool {
	return classes[s[i]]&c != 0 || s[i] == '%' && c != inValue && isEscape(s[i:])
}

// escapeTail percent-encodes dst[from:] in place, as a value.
func escapeTail(dst []byte, from int) []byte {
	bad := 0
	for _, b := range dst[from:] {
		if classes[b]&inValue == 0 {
			bad++
		}
	}
	if bad == 0 {
		return dst
	}
	read := len(dst) - 1
	for range 2 * bad {
		dst = append(dst, 0)
	}
	for write := len(dst) - 1; write > read; read-- {
		b := dst[read]
		if classes[b]&inValue != 0 {
			dst[write] = b
			write--
			continue
		}
		dst[write-2], dst[write-1], dst[write] = '%', hexDigits[b>>4], hexDigits[b&15]
		write -= 3
	}
	return dst
}

func isEscape(s string) bool {
	return len(s) >= 3 && s[0] == '%' && isHex(s[1]) && isHex(s[2])
}

func isHex(b byte) bool { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }

// firstNotIn returns the index of the first byte of s outside c, or -1.
func firstNotIn(s string, c class) int {
	for i := range len(s) {
		if classes[s[i]]&c == 0 {
			return i
		}
	}
	return -1
}

// hasDotSegment tells whether a path segment of s is "." or "..", which
// browsers resolve, in escaped form too.
func hasDotSegment(s string) bool {
	for segment := range strings.SplitSeq(s, "/") {
		if isDotSegment(segment) {
			return true
		}
	}
	return false
}

func isDotSegment(s string) bool {
	dots := 0
	for s != "" {
		switch {
		case s[0] == '.':
			s = s[1:]
		case len(s) >= 3 && strings.EqualFold(s[:3], "%2e"):
			s = s[3:]
		default:
			return false
		}
		dots++
	}
	return dots == 1 || dots == 2
}
