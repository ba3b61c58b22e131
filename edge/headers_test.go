package edge

import (
	"bufio"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/hints"
)

// chromeRequest is what Chrome on Windows sends over HTTP/1.1 for a link that is
// clicked, with the high-entropy hints it was asked for.
const chromeRequest = "GET /click?offer_id=1 HTTP/1.1\r\n" +
	"Host: track.example\r\n" +
	"Connection: keep-alive\r\n" +
	`sec-ch-ua: "Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"` + "\r\n" +
	"sec-ch-ua-mobile: ?0\r\n" +
	`sec-ch-ua-platform: "Windows"` + "\r\n" +
	"Upgrade-Insecure-Requests: 1\r\n" +
	"User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7\r\n" +
	"Sec-Fetch-Site: cross-site\r\n" +
	"Sec-Fetch-Mode: navigate\r\n" +
	"Sec-Fetch-User: ?1\r\n" +
	"Sec-Fetch-Dest: document\r\n" +
	"Referer: https://blog.example/\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
	"Accept-Language: en-US,en;q=0.9\r\n\r\n"

func parseHead(t testing.TB, text string) *fasthttp.RequestHeader {
	t.Helper()
	var h fasthttp.RequestHeader
	if err := h.Read(bufio.NewReader(strings.NewReader(text))); err != nil {
		t.Fatalf("read %q: %v", text, err)
	}
	return &h
}

func BenchmarkReadHeaders(b *testing.B) {
	h := parseHead(b, chromeRequest)
	b.ReportAllocs()
	for b.Loop() {
		r := readHeaders(h)
		if r.marks == 0 {
			b.Fatal("no marks")
		}
		_ = hints.Parse(&r.hints)
	}
}
