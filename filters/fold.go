package filters

import (
	"unicode"
	"unicode/utf8"
)

// maxFolded is how much of a text is kept without case, in bytes.
const maxFolded = 512

// lower maps ASCII letters to their lower case and other bytes to themselves.
var lower = func() (t [256]byte) {
	for i := range t {
		t[i] = byte(i)
	}
	for c := byte('A'); c <= 'Z'; c++ {
		t[c] = c + 'a' - 'A'
	}
	return t
}()

// appendFolded appends s without case to dst, as far as its capacity goes.
func appendFolded(dst []byte, s string) []byte {
	ascii := asciiPrefix(s[:min(len(s), cap(dst)-len(dst))])
	to := dst[len(dst) : len(dst)+len(ascii)]
	for i := range to {
		to[i] = lower[ascii[i]]
	}
	dst = dst[:len(dst)+len(ascii)]
	for _, r := range s[len(ascii):] {
		if len(dst)+utf8.UTFMax > cap(dst) {
			break
		}
		dst = utf8.AppendRune(dst, foldRune(r))
	}
	return dst
}

// asciiPrefix returns what stands before the first byte that is not ASCII.
func asciiPrefix(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return s[:i]
		}
	}
	return s
}

// foldRune maps all forms of a letter to one: by way of the upper case,
// because some letters have two lower ones (σ and ς).
func foldRune(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }
