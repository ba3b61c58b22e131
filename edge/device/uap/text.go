package uap

import "unicode/utf8"

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

// text is a user agent as the matcher reads it.
type text struct {
	s string // one byte for each rune
	// raw is the user agent itself, and from tells where in it each rune
	// begins, and where the last ends; nil when raw is all ASCII.
	raw  string
	from []int32
}

// set makes t the text of raw, reusing its memory.
func (t *text) set(raw string) {
	t.raw, t.s = raw, raw
	for i := range len(raw) {
		if raw[i] >= utf8.RuneSelf {
			t.encode()
			return
		}
	}
	t.from = t.from[:0]
}

func (t *text) encode() {
	b := make([]byte, 0, len(t.raw))
	t.from = t.from[:0]
	for i, r := range t.raw { // yields U+FFFD for each bad byte, as package regexp does
		b = append(b, encode(r))
		t.from = append(t.from, int32(i))
	}
	t.from = append(t.from, int32(len(t.raw)))
	t.s = string(b)
}

// slice is the part of the user agent between two places of the text.
func (t *text) slice(from, to int32) string {
	if len(t.from) > 0 {
		from, to = t.from[from], t.from[to]
	}
	return t.raw[from:to]
}

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
