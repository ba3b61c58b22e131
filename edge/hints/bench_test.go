package hints

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

var everyHint = Headers{Brands: listChrome, FullVersions: fullChrome, Mobile: "?1", Platform: `"Android"`, PlatformVersion: `"15.0.0"`, Model: `"Pixel 8"`, FormFactors: `"Mobile"`}

// BenchmarkUsual is what Chrome sends unasked: parsed, held against the user
// agent, nothing to refine.
func BenchmarkUsual(b *testing.B) {
	x := Headers{Brands: listChrome, Mobile: "?0", Platform: `"Windows"`}
	benchmark(b, &x, &onWindows)
}

// BenchmarkEvery is the same of all hints.
func BenchmarkEvery(b *testing.B) { benchmark(b, &everyHint, &onPhone) }

func benchmark(b *testing.B, x *Headers, d *click.Device) {
	var into click.Device
	b.ReportAllocs()
	for b.Loop() {
		h := Parse(x)
		if h.Contradict(d) {
			b.Fatal("contradiction")
		}
		h.Refine(d, &into)
	}
}
