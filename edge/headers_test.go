package edge

import (
	"bufio"
	"slices"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/hints"
	"github.com/clickgate/clickgate/edge/signal"
	"github.com/clickgate/clickgate/internal/click"
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

// TestReadHeaders: every header that is read goes where it belongs, whatever the
// case of its name.
func TestReadHeaders(t *testing.T) {
	for line, want := range map[string]headers{
		"referer: https://a.example/":              {referer: "https://a.example/"},
		"X-FORWARDED-PROTO: https":                 {https: true},
		"Sec-Purpose: prefetch;prerender":          {prefetch: true},
		"Purpose: prefetch":                        {prefetch: true},
		"X-Purpose: preview":                       {prefetch: true},
		"X-Moz: prefetch":                          {prefetch: true},
		"Sec-Purpose: other":                       {},
		`Sec-CH-UA: "Chromium";v="142"`:            {hints: hints.Headers{Brands: `"Chromium";v="142"`}},
		`Sec-CH-UA-Full-Version-List: "A";v="1.2"`: {hints: hints.Headers{FullVersions: `"A";v="1.2"`}},
		"Sec-CH-UA-Mobile: ?1":                     {hints: hints.Headers{Mobile: "?1"}},
		`Sec-CH-UA-Platform: "Linux"`:              {hints: hints.Headers{Platform: `"Linux"`}},
		`Sec-CH-UA-Platform-Version: "6.1"`:        {hints: hints.Headers{PlatformVersion: `"6.1"`}},
		`Sec-CH-UA-Model: "Pixel 8"`:               {hints: hints.Headers{Model: `"Pixel 8"`}},
		`Sec-CH-UA-Form-Factors: "Tablet"`:         {hints: hints.Headers{FormFactors: `"Tablet"`}},
		"Sec-":                                     {}, "Sec-Unknown: 1": {}, "Cookie: a=b": {},
	} {
		if !strings.Contains(line, ":") {
			line += ": 1"
		}
		got := readHeaders(parseHead(t, "GET / HTTP/1.1\r\nHost: a\r\n"+line+"\r\n\r\n"))
		if got.marks = 0; got != want {
			t.Errorf("%s: read %+v, want %+v", line, got, want)
		}
	}
}

// chromeDevice is what its user agent says.
var chromeDevice = click.Device{BrowserName: "Chrome", BrowserVersion: "142.0.0", OSName: "Windows", OSVersion: "10", Type: "Computer"}

// judged is what of a visit the search for automation works on, pooled as it is.
type judged struct {
	headers headers
	click   click.Click
	device  click.Device
}

// judge takes the headers of a request to its signals and refined device.
func (j *judged) judge(h *fasthttp.RequestHeader) {
	j.headers = readHeaders(h)
	parsed := hints.Parse(&j.headers.hints)
	j.click.Device = &chromeDevice
	j.click.Signals = signal.Find(&j.click, &signal.Request{Marks: j.headers.marks, Hints: &parsed, HTTPS: true})
	if !j.click.Signals.Has(click.SignalClientHintContradiction) {
		j.click.Device = parsed.Refine(j.click.Device, &j.device)
	}
}

// BenchmarkReadHeaders is the pass over Chrome's headers alone; BenchmarkSignals
// adds the hints and all rules. The pass took 41 ns before there were any.
func BenchmarkReadHeaders(b *testing.B) {
	h := parseHead(b, chromeRequest)
	b.ReportAllocs()
	for b.Loop() {
		if r := readHeaders(h); r.marks == 0 {
			b.Fatal("no marks")
		}
	}
}

func BenchmarkSignals(b *testing.B) {
	h, j := parseHead(b, chromeRequest), new(judged)
	b.ReportAllocs()
	for b.Loop() {
		if j.judge(h); !j.click.Signals.Empty() {
			b.Fatalf("signals %q of a person", names(j.click.Signals))
		}
	}
}

// FuzzReadHeaders: whatever heads fasthttp lets through, they are read within
// bounds, and headers are called missing that are.
func FuzzReadHeaders(f *testing.F) {
	f.Add(chromeRequest)
	f.Add("GET / HTTP/1.0\r\n\r\n")
	for _, p := range programs {
		f.Add("GET / HTTP/1.1\r\nHost: a\r\n" + p.head + "\r\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		var h fasthttp.RequestHeader
		if h.Read(bufio.NewReader(strings.NewReader(text))) != nil {
			t.Skip("no HTTP")
		}
		var j judged
		j.judge(&h)
		for name, missing := range map[string]click.Signal{"Accept": click.SignalMissingAccept, "Accept-Language": click.SignalMissingAcceptLanguage, "Accept-Encoding": click.SignalMissingAcceptEncoding} {
			sent := slices.ContainsFunc(h.PeekAll(name), func(v []byte) bool { return len(v) > 0 })
			if j.click.Signals.Has(missing) == sent {
				t.Errorf("%s sent: %v, signals %q", name, sent, names(j.click.Signals))
			}
		}
	})
}
