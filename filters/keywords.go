package filters

import (
	"unicode"
	"unicode/utf8"
)

// maxFolded is how much of a text is looked at, in bytes. Names of providers
// have less than 100; user agents are cut to this length when they arrive.
const maxFolded = 512

// keywords finds words in texts, whatever the case of either. One pass over
// the text looks for all words: each is filed under its first byte, and nearly
// all places of a text are passed over by a look at two bytes. A nil keywords
// finds nothing: the tables would be 8 KiB for nothing in thousands of filters.
type keywords struct {
	byFirst [256][]keyword
	// seconds has, for a first byte, a bit for the lower six bits of each
	// second byte.
	seconds [256]uint64
}

type keyword struct {
	folded string
	index  int
}

func newKeywords(words ...string) *keywords {
	if len(words) == 0 {
		return nil
	}
	k := new(keywords)
	for i, w := range words {
		k.add(string(appendFolded(make([]byte, 0, 3*len(w)+utf8.UTFMax), w)), i)
	}
	return k
}

func (k *keywords) add(folded string, index int) {
	if folded == "" {
		return
	}
	first := folded[0]
	k.byFirst[first] = append(k.byFirst[first], keyword{folded, index})
	if len(folded) == 1 {
		k.seconds[first] = ^uint64(0)
		return
	}
	k.seconds[first] |= 1 << (folded[1] & 63)
}

// find returns the index of a word that stands in text, or -1.
func (k *keywords) find(text string) int {
	if k == nil {
		return -1
	}
	var buf [maxFolded]byte // stays on the stack
	folded := appendFolded(buf[:0], text)
	for i, first := range folded {
		var second byte
		if i+1 < len(folded) {
			second = folded[i+1]
		}
		if k.seconds[first]&(1<<(second&63)) == 0 {
			continue
		}
		if index := k.at(folded[i:]); index >= 0 {
			return index
		}
	}
	return -1
}

// at returns the index of a word that text begins with, or -1.
func (k *keywords) at(text []byte) int {
	for _, w := range k.byFirst[text[0]] {
		if len(w.folded) <= len(text) && string(text[:len(w.folded)]) == w.folded {
			return w.index
		}
	}
	return -1
}

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
