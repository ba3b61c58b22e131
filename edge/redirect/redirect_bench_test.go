package redirect

import (
	"testing"

	"github.com/valyala/fasthttp"
)

const typicalTemplate = "https://shop.example/land/{offer_id}?click_id={tx_id}&src={publisher_id}&sub={sub_id}&city={geo_city}&ip={click_ip}"

func BenchmarkAppend(b *testing.B) {
	tpl, err := Compile(typicalTemplate)
	if err != nil {
		b.Fatal(err)
	}
	c := sample()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = tpl.Append(buf[:0], c, Pass{})
	}
}

func BenchmarkDeepLink(b *testing.B) {
	tpl, err := Compile(typicalTemplate)
	if err != nil {
		b.Fatal(err)
	}
	c, hosts := sample(), NewHosts("shop.example")
	const link = "https://www.shop.example/women/shoes?color=red#reviews"
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := hosts.Admit(link); ok {
			buf = tpl.AppendRequested(buf[:0], link, c, Pass{})
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, bench := range []struct {
		name     string
		strategy Strategy
	}{{"302", Found}, {"js", Script}} {
		b.Run(bench.name, func(b *testing.B) {
			var ctx fasthttp.RequestCtx
			url := []byte("https://shop.example/land/1?click_id=0123456789abcdef0123456789abcdef&src=2")
			b.ReportAllocs()
			for b.Loop() {
				ctx.Response.Reset()
				bench.strategy.Write(&ctx, url, 0)
			}
		})
	}
}
