package site

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkLookup measures look-ups in a list of 100,000 domains.
func BenchmarkLookup(b *testing.B) {
	var list strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&list, "spam-%d.example.com\n", i)
	}
	s := serviceOf(b, list.String())
	for _, c := range []struct{ name, url string }{
		{"not listed", "https://www.news.example/politics/2026/11/21/an-article.html?utm_source=x"},
		{"listed", "https://www.spam-777.example.com/"},
		{"upper case", "https://WWW.Spam-777.Example.COM/"},
		{"other script", "https://www.купить.рф/"},
		{"many labels", "https://" + strings.Repeat("a.", 120) + "example.com/"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Lookup(c.url)
			}
		})
	}
}
