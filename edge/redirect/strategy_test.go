package redirect

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
)

func TestParseStrategy(t *testing.T) {
	for name, want := range map[string]Strategy{
		"": Found, "301": Moved, "302": Found, "303": SeeOther, "307": Temporary, "308": Permanent,
		"http302": Found, "http302hidden": FoundHidden, "js": Script, "meta": Meta,
	} {
		if got, err := ParseStrategy(name); err != nil || got != want {
			t.Errorf("ParseStrategy(%q) = %v, %v, want %v", name, got, err, want)
		}
	}
	for _, name := range []string{"300", "JS", "refresh", " 302"} {
		if _, err := ParseStrategy(name); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) {
			t.Errorf("ParseStrategy(%q) says %v, want an error that names it", name, err)
		}
	}
}

// serve answers one request by handler and returns the answer's bytes,
// without the lines every answer has.
func serve(t *testing.T, method string, handler fasthttp.RequestHandler) string {
	t.Helper()
	listener := fasthttputil.NewInmemoryListener()
	server := &fasthttp.Server{Handler: handler, NoDefaultServerHeader: true, NoDefaultDate: true}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	defer func() {
		listener.Close()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	}()
	conn, err := listener.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "%s / HTTP/1.1\r\nHost: t.example\r\nConnection: close\r\n\r\n", method)
	var answer strings.Builder
	if _, err := bufio.NewReader(conn).WriteTo(&answer); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(answer.String(), "Connection: close\r\n", "", 1)
}

const odd = "HTTPS://Shop.Example/a/../b//c?x=%7e&y=\"<>'ü#/f?"

func TestWriteHeaders(t *testing.T) {
	for _, test := range []struct {
		strategy Strategy
		cache    int64
		want     string
	}{
		{Found, 0, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nCache-Control: no-store\r\nLocation: " + odd + "\r\n\r\n"},
		{Moved, 0, "HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\nCache-Control: no-store\r\nLocation: " + odd + "\r\n\r\n"},
		{Moved, 600, "HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\nCache-Control: private, max-age=600\r\nLocation: " + odd + "\r\n\r\n"},
		{Found, -1, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nCache-Control: no-store\r\nLocation: " + odd + "\r\n\r\n"},
		{SeeOther, 0, "HTTP/1.1 303 See Other\r\nContent-Length: 0\r\nCache-Control: no-store\r\nLocation: " + odd + "\r\n\r\n"},
		{Temporary, 0, "HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nCache-Control: no-store\r\nLocation: " + odd + "\r\n\r\n"},
		{Permanent, 0, "HTTP/1.1 308 Permanent Redirect\r\nContent-Length: 0\r\nCache-Control: no-store\r\nLocation: " + odd + "\r\n\r\n"},
		{FoundHidden, 0, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nLocation: " + odd + "\r\n\r\n"},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := serve(t, method, func(ctx *fasthttp.RequestCtx) {
				ctx.SetBodyString("left over")
				test.strategy.Write(ctx, []byte(odd), test.cache)
			})
			if got != test.want {
				t.Errorf("strategy %d, cache %d, %s:\n got %q\nwant %q", test.strategy, test.cache, method, got, test.want)
			}
		}
	}
}

func TestWriteKeepsHeaders(t *testing.T) {
	got := serve(t, "GET", func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.Set("Set-Cookie", "id=1")
		Found.Write(ctx, []byte("https://shop.example/"), 0)
	})
	if !strings.Contains(got, "\r\nSet-Cookie: id=1\r\n") {
		t.Errorf("the cookie set before is lost: %q", got)
	}
}

func TestWritePages(t *testing.T) {
	for _, test := range []struct {
		name     string
		strategy Strategy
		scripts  int
		urls     int
	}{{"js", Script, 1, 2}, {"meta", Meta, 0, 2}} {
		for _, url := range []string{odd, "https://shop.example/?a=1&b=</script><script>alert(1)</script>&amp;\u2028\"';`"} {
			head := serve(t, "HEAD", func(ctx *fasthttp.RequestCtx) { test.strategy.Write(ctx, []byte(url), 60) })
			full := serve(t, "GET", func(ctx *fasthttp.RequestCtx) { test.strategy.Write(ctx, []byte(url), 60) })
			if !strings.HasSuffix(head, "\r\n\r\n") || !strings.HasPrefix(full, head) || full == head {
				t.Errorf("%s: HEAD answers\n%q, want the head of\n%q", test.name, head, full)
			}
			body := full[len(head):]
			for _, header := range []string{
				"HTTP/1.1 200 OK\r\n", "\r\nContent-Type: text/html; charset=utf-8\r\n", fmt.Sprintf("\r\nContent-Length: %d\r\n", len(body)),
				"\r\nCache-Control: private, max-age=60\r\n", "\r\nReferrer-Policy: no-referrer\r\n",
				"\r\nX-Robots-Tag: noindex\r\n", "\r\nX-Content-Type-Options: nosniff\r\n", "\r\nContent-Security-Policy: default-src 'none'; ",
			} {
				if !strings.Contains(head, header) {
					t.Errorf("%s: head lacks %q: %q", test.name, header, head)
				}
			}
			if n := strings.Count(body, "<script"); n != test.scripts {
				t.Errorf("%s: %d scripts in the page, want %d: %s", test.name, n, test.scripts, body)
			}
			found := attributeURLs(body)
			if len(found) != test.urls {
				t.Errorf("%s: URLs %q in the page, want %d: %s", test.name, found, test.urls, body)
			}
			for _, got := range found {
				if got != url {
					t.Errorf("%s: a browser reads %q in the page, want %q", test.name, got, url)
				}
			}
		}
	}
}

// attributeURLs are the targets of a page's link and refresh, as a browser
// reads them.
func attributeURLs(body string) (urls []string) {
	for _, m := range regexp.MustCompile(`href="([^"]*)"|content="0;url=([^"]*)"`).FindAllStringSubmatch(body, -1) {
		urls = append(urls, html.UnescapeString(m[1]+m[2]))
	}
	return urls
}

// The policy lets the page's own script run, and no other.
func TestScriptPolicy(t *testing.T) {
	answer := serve(t, "GET", func(ctx *fasthttp.RequestCtx) { Script.Write(ctx, []byte("https://shop.example/"), 0) })
	script := regexp.MustCompile(`<script>(.*?)</script>`).FindStringSubmatch(answer)
	if script == nil {
		t.Fatalf("no script in %q", answer)
	}
	hash := sha256.Sum256([]byte(script[1]))
	want := "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'\r\n"
	if !strings.Contains(answer, want) {
		t.Errorf("the policy lacks %q: %q", want, answer)
	}
	if strings.Contains(answer, "unsafe-inline") {
		t.Errorf("the policy lets any script run: %q", answer)
	}
}

// Bytes that would end the header never leave, whoever calls.
func TestWriteRefusesUnsafe(t *testing.T) {
	for _, url := range []string{"", "https://shop.example/\r\nX: y", "https://shop.example/\n", "https://shop.example/ a", "https://shop.example/\x00", "https://shop.example/\x7f"} {
		for s := range strategyCount {
			got := serve(t, "GET", func(ctx *fasthttp.RequestCtx) { s.Write(ctx, []byte(url), 60) })
			if !strings.HasPrefix(got, "HTTP/1.1 404 ") || strings.Contains(got, "shop.example") || strings.Contains(got, "max-age") {
				t.Errorf("strategy %d, URL %q: answer %q, want a plain 404", s, url, got)
			}
		}
	}
}

func TestPlainPages(t *testing.T) {
	for _, test := range []struct {
		name    string
		write   func(*fasthttp.RequestCtx)
		want    string
		visible string
	}{
		{"block page", WriteBlockPage, "HTTP/1.1 403 Forbidden\r\n", ""},
		{"not found", WriteNotFound, "HTTP/1.1 404 Not Found\r\n", "not found\n"},
	} {
		got := serve(t, "GET", func(ctx *fasthttp.RequestCtx) {
			ctx.SetBodyString("left over")
			test.write(ctx)
		})
		head, body, _ := strings.Cut(got, "\r\n\r\n")
		if !strings.HasPrefix(head, test.want) || !strings.Contains(head, "\r\nCache-Control: no-store") || !strings.Contains(head, "\r\nX-Robots-Tag: noindex") {
			t.Errorf("%s: head %q, want %q, no-store and noindex", test.name, head, test.want)
		}
		if visible := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, ""); visible != test.visible {
			t.Errorf("%s: shows %q, want %q", test.name, visible, test.visible)
		}
	}
}

func TestSecure(t *testing.T) {
	for url, want := range map[string]string{
		"http://shop.example":           "https://shop.example",
		"http://shop.example/a?b=http:": "https://shop.example/a?b=http:",
		"HTTP://shop.example:80/a":      "https://shop.example/a",
		"http://shop.example:80":        "https://shop.example",
		"http://shop.example:8080/:80":  "https://shop.example:8080/:80",
		"http://[::80]/":                "https://[::80]/",
		"http://shop.example:80?a#b":    "https://shop.example?a#b",
		"https://shop.example:80/":      "https://shop.example:80/",
		"":                              "",
	} {
		if got := string(Secure([]byte(url))); got != want {
			t.Errorf("Secure(%q) = %q, want %q", url, got, want)
		}
	}
}
