package uap

import (
	"unicode/utf8"
	"unsafe"
)

// The matcher works on one byte for each rune, so that no step of it needs to
// decode. ASCII stands for itself. Of all other runes the rules can tell apart
// only the two that fold to ASCII letters; the rest, and bytes that are no UTF-8,
// are one class. A rule that could tell more is left to package regexp.
const (
	longS    = 0x80 // U+017F, which (?i) takes for an s
	kelvin   = 0x81 // U+212A, which (?i) takes for a k
	anyOther = 0x82 // any other rune beyond ASCII
	atEnd    = 0x83 // no rune: where the text ends
	alphabet = 0x84
)

// folded maps the matcher's bytes to lower case.
var folded = func() (t [256]byte) {
	for i := range t {
		t[i] = byte(i)
		if 'A' <= i && i <= 'Z' {
			t[i] = byte(i) + 'a' - 'A'
		}
	}
	t[longS], t[kelvin] = 's', 'k'
	return t
}()

// text is a user agent as the matcher reads it. Its memory is reused.
type text struct {
	raw  string // the user agent itself
	s    string // one byte for each rune; raw, or the content of buf
	buf  []byte
	wide []wide // the runes of more than one byte
}

// wide says that from a place of the text on, places in the user agent are by
// so much higher.
type wide struct{ from, by int32 }

// set makes t the text of raw.
func (t *text) set(raw string) {
	t.raw, t.s, t.wide = raw, raw, t.wide[:0]
	if ascii(raw) < len(raw) {
		t.encode()
	}
}

// ascii is how many bytes of ASCII s begins with.
func ascii(s string) int {
	n := 0
	for n < len(s) && s[n] < utf8.RuneSelf {
		n++
	}
	return n
}

// encode translates the user agent.
func (t *text) encode() {
	t.buf = t.buf[:0]
	for i := 0; i < len(t.raw); {
		if n := ascii(t.raw[i:]); n > 0 {
			t.buf = append(t.buf, t.raw[i:i+n]...)
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(t.raw[i:]) // U+FFFD of size 1 for a bad byte, as for package regexp
		t.buf = append(t.buf, encode(r))
		i += size
		if size > 1 {
			t.wide = append(t.wide, wide{int32(len(t.buf)), int32(i - len(t.buf))})
		}
	}
	t.s = unsafe.String(unsafe.SliceData(t.buf), len(t.buf))
}

// place is the place in the user agent of a place in the text.
func (t *text) place(at int32) int32 {
	for i := len(t.wide) - 1; i >= 0; i-- {
		if at >= t.wide[i].from {
			return at + t.wide[i].by
		}
	}
	return at
}

// slice is the part of the user agent between two places of the text.
func (t *text) slice(from, to int32) string { return t.raw[t.place(from):t.place(to)] }

func encode(r rune) byte {
	switch {
	case r < utf8.RuneSelf:
		return byte(r)
	case r == '\u017f':
		return longS
	case r == '\u212a':
		return kelvin
	}
	return anyOther
}
