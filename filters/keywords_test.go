package filters

import (
	"strings"
	"testing"
	"unicode"
)

func TestKeywords(t *testing.T) {
	for _, tc := range []struct {
		words string // separated by a bar
		text  string
		want  int
	}{
		{"", "anything", -1},
		{"a", "", -1},
		{"a", "a", 0},
		{"a", "bA", 0},
		{"ab", "a", -1},
		{"ab", "xxab", 0},
		{"ab", "aab", 0},
		{"ab|ba", "xBAx", 1},
		{"aaab", "aaaab", 0},
		{"abc|ab", "xabx", 1},
		{"b", "B", 0},
		{"é", "CAFÉ", 0},
		{"É", "café", 0},
		{"a\x00", "xa\x00", 0},
		{"!", "a", -1}, // '!' and 'a' share the lower six bits
		{"xa", "x!", -1},
		{"end", strings.Repeat("x", maxFolded-3) + "END", 0},
		{"end", strings.Repeat("x", 10_000) + "END", 0},
		{"end", strings.Repeat("é", maxFolded) + "end", 0},
		{"abcd|bc", "abce", 1}, // a word within the beginning of another
		{"abab|bb", "ababb", 0},
		{"aab", "aaaab", 0},
		{"same|SAME", "xsame", 0},
	} {
		var words []string
		if tc.words != "" {
			words = strings.Split(tc.words, "|")
		}
		if got := newKeywords(words...).find(tc.text); got != tc.want {
			t.Errorf("keywords %q in %q: word %d, want %d", tc.words, tc.text, got, tc.want)
		}
	}
}

// FuzzKeywords compares with the plain way of doing it.
func FuzzKeywords(f *testing.F) {
	f.Add("telekom", "Deutsche TELEKOM")
	f.Add("σ", "Σς")
	f.Add("\xff", "a\xfe")
	f.Add("K", "\u212a")
	fold := func(s string) string {
		return strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, s)
	}
	f.Fuzz(func(t *testing.T, word, text string) {
		if word == "" || len(word) > 100 || len(text) > maxFolded/4 {
			return
		}
		got := newKeywords("\x01never", word).find(text) == 1
		if want := strings.Contains(fold(text), fold(word)); got != want {
			t.Errorf("%q in %q: %t, want %t", word, text, got, want)
		}
	})
}
