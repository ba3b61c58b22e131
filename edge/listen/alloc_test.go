package listen

import (
	"bufio"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// browser is the head of a usual request behind a CDN.
var browser = lines(
	"GET /click?offer_id=1&publisher_id=2&sub_id=abc HTTP/1.1",
	"Host: trk.example.com",
	"Connection: Keep-Alive",
	"Accept-Encoding: gzip, br",
	"X-Forwarded-For: 203.0.113.7",
	"CF-Ray: 8f0a1b2c3d4e5f60-FRA",
	"X-Forwarded-Proto: https",
	"CF-Visitor: {\"scheme\":\"https\"}",
	"Upgrade-Insecure-Requests: 1",
	"User-Agent: Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
	"Sec-Fetch-Site: cross-site",
	"Sec-Fetch-Mode: navigate",
	"Referer: https://publisher.example/page",
	"Accept-Language: de-AT,de;q=0.9,en;q=0.8",
	"CF-Connecting-IP: 203.0.113.7",
	"CDN-Loop: cloudflare",
	"CF-IPCountry: AT",
)

func readHeader(tb testing.TB, raw string) *fasthttp.RequestHeader {
	tb.Helper()
	h := new(fasthttp.RequestHeader)
	if err := h.Read(bufio.NewReaderSize(strings.NewReader(raw), 16<<10)); err != nil {
		tb.Fatal(err)
	}
	return h
}

func TestCheckFramingAllocatesNothing(t *testing.T) {
	for name, raw := range map[string]string{
		"browser": browser,
		"refused": lines("POST / HTTP/1.1", "Host: a", "Content-Length: 1", "Transfer-Encoding: chunked"),
	} {
		h := readHeader(t, raw)
		if n := testing.AllocsPerRun(100, func() { CheckFraming(h) }); n != 0 {
			t.Errorf("%s: %v allocations, want 0", name, n)
		}
	}
}

func BenchmarkCheckFraming(b *testing.B) {
	h := readHeader(b, browser)
	b.ReportAllocs()
	for b.Loop() {
		if refusal := CheckFraming(h); refusal != nil {
			b.Fatal(refusal)
		}
	}
}
