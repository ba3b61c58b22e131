//go:build !race

package redirect

import (
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/config"
)

func TestAllocatesNothing(t *testing.T) {
	tpl, err := Compile(typicalTemplate)
	if err != nil {
		t.Fatal(err)
	}
	c, hosts := sample(), NewHosts("shop.example")
	everything := NewPass(&config.LimitedURLParameters{Advertiser: true, DeviceID: true, ExtraParameters: true, Offer: true, Publisher: true, SubID: true}, config.ClickParameters{})
	const link = "https://www.shop.example/a b?c=d#e"
	var ctx fasthttp.RequestCtx
	var buf []byte

	steps := map[string]func(){
		"Append":                      func() { buf = tpl.Append(buf[:0], c, Pass{}) },
		"Append with mapped values":   func() { buf = tpl.Append(buf[:0], c, everything) },
		"Admit":                       func() { hosts.Admit(link) },
		"Admit of a stranger":         func() { hosts.Admit("https://evil.example/") },
		"AppendRequested":             func() { buf = tpl.AppendRequested(buf[:0], link, c, everything) },
		"Secure":                      func() { buf = Secure(append(buf[:0], "http://shop.example/"...)) },
		"WriteBlockPage":              func() { ctx.Response.Reset(); WriteBlockPage(&ctx) },
		"WriteNotFound":               func() { ctx.Response.Reset(); WriteNotFound(&ctx) },
		"Write, every strategy":       func() { writeAll(&ctx, []byte(odd), 0) },
		"Write, every strategy, kept": func() { writeAll(&ctx, []byte(odd), 3600) },
	}
	for name, step := range steps {
		if n := testing.AllocsPerRun(100, step); n != 0 {
			t.Errorf("%s: %v allocations once warm, want 0", name, n)
		}
	}
}

func writeAll(ctx *fasthttp.RequestCtx, url []byte, cacheSeconds int64) {
	for s := range strategyCount {
		ctx.Response.Reset()
		s.Write(ctx, url, cacheSeconds)
	}
}
