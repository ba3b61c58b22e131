package events

import (
	"strconv"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/money"
)

// appendText appends prefix and s as a JSON string, and nothing when s is
// empty. Of s at most limit bytes are kept. prefix is the comma and the key,
// with its quotes and colon, so that a field costs one copy.
func appendText(dst []byte, prefix, s string, limit int) []byte {
	if s == "" {
		return dst
	}
	return appendString(append(dst, prefix...), cut(s, limit))
}

// appendString appends s as a JSON string. Bytes that are no UTF-8 become
// U+FFFD, one each.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := plainPrefix(s); i < len(s); {
		b := s[i]
		if plain[b] {
			i++
			continue
		}
		if b < utf8.RuneSelf {
			dst = appendEscaped(append(dst, s[start:i]...), b)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(append(dst, s[start:i]...), "\uFFFD"...)
			start = i + 1
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}

// plain marks the bytes that stand for themselves in a JSON string.
var plain = func() (t [256]bool) {
	for b := ' '; b < utf8.RuneSelf; b++ {
		t[b] = b != '"' && b != '\\'
	}
	return t
}()

// plainPrefix returns the length of a beginning of s that is all plain. It
// looks at eight bytes at a time and stops before the eight that have others:
// most values are plain to the end, and rows are mostly values.
func plainPrefix(s string) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, slash := w^'"'*ones, w^'\\'*ones
		// A high bit stands for a byte from 0x80 up, below a space, a quote, a
		// backslash. A borrow may set one too many, never one too few.
		if (w|(w-' '*ones)|(quote-ones)|(slash-ones))&high != 0 {
			break
		}
	}
	return i
}

func appendEscaped(dst []byte, b byte) []byte {
	const hex = "0123456789abcdef"
	switch b {
	case '"', '\\':
		return append(dst, '\\', b)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
}

// cut returns the first limit bytes of s, or up to three fewer so that no rune
// is split.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for end := limit; end > limit-utf8.UTFMax && end > 0; end-- {
		if utf8.RuneStart(s[end]) {
			return s[:end]
		}
	}
	return s[:limit] // no text anyway: nothing but continuation bytes
}

func appendFlag(dst []byte, prefix string, on bool) []byte {
	if on {
		return append(append(dst, prefix...), '1')
	}
	return append(append(dst, prefix...), '0')
}

// appendMoney appends an amount other than 0, as a number.
func appendMoney(dst []byte, prefix string, v money.Amount) []byte {
	if v.IsZero() {
		return dst
	}
	return v.AppendTo(append(dst, prefix...))
}

// appendNumber appends a number in its shortest form. JSON has no word for
// infinity or not-a-number, so such values are left out.
func appendNumber(dst []byte, prefix string, v float64) []byte {
	if v-v != 0 { // infinite or not a number
		return dst
	}
	return strconv.AppendFloat(append(dst, prefix...), v, 'f', -1, 64)
}
