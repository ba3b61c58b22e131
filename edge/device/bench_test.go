package device

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/clickgate/clickgate/edge/device/uap/uatest"
	"github.com/clickgate/clickgate/internal/click"
)

// Keeps the compiler from leaving out what a benchmark measures.
var sink *click.Device

func BenchmarkHit(b *testing.B) {
	p := newParser(b, Options{})
	p.known(chromeAndroid)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			p.Parse(chromeAndroid)
		}
	})
}

func BenchmarkUnseenBot(b *testing.B) {
	p := newParser(b, Options{CacheBytes: 1 << 20})
	uas := make([]string, b.N)
	for i := range uas {
		uas[i] = fmt.Sprintf("Mozilla/5.0 (compatible; Acmebot/%d.0; +https://acme.example/bot)", i)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for _, ua := range uas {
		sink = p.Parse(ua)
	}
}

func BenchmarkUnseenBrowser(b *testing.B) {
	p := newParser(b, Options{CacheBytes: 1 << 20})
	uas := unseenBrowsers(b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for _, ua := range uas {
		sink = p.Parse(ua)
	}
}

func BenchmarkClassifyBrowser(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if classify(chromeAndroid).class != person {
			b.Fatal("taken for a program")
		}
	}
}

func unseenBrowsers(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	uas := make([]string, n)
	for i := range uas {
		uas[i] = uatest.Modern(r)
	}
	return uas
}
