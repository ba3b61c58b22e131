package schema

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// brokenText finds what encoding/json would silently replace: bytes that are
// no UTF-8, and halves of surrogate pairs. what is empty when there is nothing.
func brokenText(raw []byte) (offset int, what string) {
	if !utf8.Valid(raw) {
		for size := 1; offset < len(raw); offset += size {
			var r rune
			if r, size = utf8.DecodeRune(raw[offset:]); r == utf8.RuneError && size == 1 {
				return offset, "the text is not valid UTF-8"
			}
		}
	}
	if offset := loneSurrogate(raw); offset >= 0 {
		return offset, `\u escapes from d800 to dfff must come in pairs`
	}
	return 0, ""
}

// loneSurrogate is the offset of the first half of a pair without the other
// half; -1 when there is none. In JSON only strings hold backslashes.
func loneSurrogate(raw []byte) int {
	for i := 0; ; {
		next := bytes.IndexByte(raw[i:], '\\')
		if next < 0 {
			return -1
		}
		i += next
		r, ok := escape(raw[i:])
		switch {
		case !ok:
			i += 2 // another escape: \\ is one, not two
		case !utf16.IsSurrogate(r):
			i += 6
		default:
			low, _ := escape(raw[i+6:])
			if utf16.DecodeRune(r, low) == utf8.RuneError {
				return i
			}
			i += 12
		}
		if i > len(raw) {
			return -1
		}
	}
}

// escape reads a \uXXXX at the start of text.
func escape(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	r, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(r), err == nil
}
