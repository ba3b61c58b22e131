package uap

import (
	"testing"
	"time"

	"github.com/ua-parser/uap-go/uaparser"
)

// Keeps the compiler from leaving out what a benchmark measures.
var sink Result

// BenchmarkParse is an unseen modern user agent.
func BenchmarkParse(b *testing.B) {
	p := defaultPair()
	uas := generated(10, 4096)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		sink = p.ours.Parse(uas[i%len(uas)])
		i++
	}
}

// BenchmarkPackage is the same for the package, whose cache is too small to
// know any.
func BenchmarkPackage(b *testing.B) {
	p := defaultPair()
	uas := generated(10, 4096)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		p.pkg.Parse(uas[i%len(uas)])
		i++
	}
}

// BenchmarkRatio lets both parse unseen user agents in turn, in batches that
// take them about as long, and reports how many times as long the package takes
// for one: by its Parse, which uses up to three processors at once, and by its
// three parts one after the other.
func BenchmarkRatio(b *testing.B) {
	p := defaultPair()
	uas := generated(11, 1<<16)
	next := 0
	timed := func(n int, parse func(ua string)) float64 {
		start := time.Now()
		for range n {
			parse(uas[next%len(uas)])
			next++
		}
		return float64(time.Since(start)) / float64(n)
	}
	var ours, together, parts float64
	for b.Loop() {
		ours += timed(2000, func(ua string) { sink = p.ours.Parse(ua) })
		together += timed(10, func(ua string) { p.pkg.Parse(ua) })
		parts += timed(10, func(ua string) { sink = pkgParse(p.pkg, ua) })
	}
	b.ReportMetric(together/ours, "x-package")
	b.ReportMetric(parts/ours, "x-package-serial")
	b.ReportMetric(ours/float64(b.N), "ns-ours")
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(uaparser.DefinitionYaml); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHostile is the worst text that a search has found.
func BenchmarkHostile(b *testing.B) {
	p := defaultPair()
	ua := hostile[0].text()
	for b.Loop() {
		sink = p.ours.Parse(ua)
	}
}
