package device

import (
	"testing"

	"github.com/clickgate/clickgate/internal/source"
	"github.com/clickgate/clickgate/internal/testdata"
)

// publicList is crawler-user-agents' list.
func publicList(tb testing.TB) *botList {
	tb.Helper()
	all, err := parsePatterns("patterns.json", testdata.Read(tb, "bots/crawler-user-agents/patterns.json.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	l, err := newBotList(1, []source.State[[]pattern]{{Content: all}})
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// BenchmarkListBrowser is what the public list of 1,498 patterns adds to every
// user agent that nobody has seen before.
func BenchmarkListBrowser(b *testing.B) {
	l := publicList(b)
	b.ReportAllocs()
	for b.Loop() {
		if l.sign(chromeAndroid).class != person {
			b.Fatal("taken for a program")
		}
	}
}

// BenchmarkListOne is the same of a list of one pattern.
func BenchmarkListOne(b *testing.B) {
	l, err := newBotList(1, []source.State[[]pattern]{{Content: []pattern{{"Googlebot", "Googlebot"}}}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if l.sign(chromeAndroid).class != person {
			b.Fatal("taken for a program")
		}
	}
}

func BenchmarkListLoad(b *testing.B) {
	data := testdata.Read(b, "bots/crawler-user-agents/patterns.json.gz")
	read := readPatterns("patterns.json")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(data); err != nil {
			b.Fatal(err)
		}
	}
}
