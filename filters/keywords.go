package filters

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// maxFolded is how much of a text is looked at, in bytes. Names of providers
// have less than 100; user agents are cut to this length when they arrive.
const maxFolded = 512

// keywords finds words in texts, whatever the case of either.
type keywords [][]byte

func newKeywords(words ...string) keywords {
	k := make(keywords, len(words))
	for i, w := range words {
		k[i] = appendFolded(make([]byte, 0, 2*len(w)+utf8.UTFMax), w)
	}
	return k
}

// find returns the index of the first word that stands in text, or -1.
func (k keywords) find(text string) int {
	var buf [maxFolded]byte // stays on the stack
	folded := appendFolded(buf[:0], text)
	for i := range k {
		if bytes.Contains(folded, k[i]) {
			return i
		}
	}
	return -1
}

// appendFolded appends s without case to dst, as far as its capacity goes.
func appendFolded(dst []byte, s string) []byte {
	for i := 0; i < len(s) && len(dst)+utf8.UTFMax <= cap(dst); {
		if c := s[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = utf8.AppendRune(dst, foldRune(r))
		i += size
	}
	return dst
}

// foldRune maps all forms of a letter to one: by way of the upper case,
// because some letters have two lower ones (σ and ς).
func foldRune(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }
