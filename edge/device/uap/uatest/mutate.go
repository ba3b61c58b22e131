package uatest

import (
	"math/rand/v2"
	"strings"
)

// foreign are bytes that parsers trip over: NUL, runes that fold to ASCII
// letters, wide runes, and bytes that are no UTF-8.
var foreign = []string{"\x00", "\u017f", "\u212a", "é", "中文", "\U0001f600", "\xff", "\xc5", "\xe2\x84", "\ufffd", "\n", "İ", "\xed\xa0\x80"}

// Mutant makes of a, and sometimes of b, what nobody would send.
func Mutant(r *rand.Rand, a, b string) string {
	for range 1 + r.IntN(3) {
		a = mutate(r, a, b)
	}
	return a
}

func mutate(r *rand.Rand, a, b string) string {
	if a == "" {
		return b
	}
	i := r.IntN(len(a))
	switch r.IntN(9) {
	case 0:
		return flip(r, a)
	case 1: // splice
		return a[:i] + b[r.IntN(len(b)+1):]
	case 2:
		return a[:i] + foreign[r.IntN(len(foreign))] + a[i:]
	case 3:
		return a[:i] + foreign[r.IntN(len(foreign))] + a[i+1:]
	case 4:
		return a[:i]
	case 5:
		return a[i:]
	case 6: // repeat a part
		j := min(len(a), i+1+r.IntN(20))
		return a[:j] + strings.Repeat(a[i:j], 1+r.IntN(5)) + a[j:]
	case 7:
		return strings.NewReplacer("s", "\u017f", "k", "\u212a").Replace(a)
	}
	return a[:i] + string(rune(r.IntN(128))) + a[i+1:]
}

// flip changes the case of some letters, or of all.
func flip(r *rand.Rand, a string) string {
	switch r.IntN(3) {
	case 0:
		return strings.ToUpper(a)
	case 1:
		return strings.ToLower(a)
	}
	b := []byte(a)
	for i, c := range b {
		if r.IntN(4) == 0 && (c|0x20 >= 'a' && c|0x20 <= 'z') {
			b[i] ^= 0x20
		}
	}
	return string(b)
}
