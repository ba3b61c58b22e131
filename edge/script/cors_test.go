package script

import (
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

const shop = "https://shop.example"

func TestCORS(t *testing.T) {
	tests := map[string]struct {
		method, path, origin, asks string
		preflight                  bool
		allowed                    string // Access-Control-Allow-Origin
		credentials                string
		methods                    string
	}{
		"click":              {method: "GET", path: "/click", origin: shop, allowed: shop, credentials: "true"},
		"click below /i":     {method: "GET", path: "/i/int1/click", origin: shop, allowed: shop, credentials: "true"},
		"conversion":         {method: "POST", path: "/conversion", origin: shop, allowed: shop},
		"conversion by GET":  {method: "GET", path: "/i/int1/conversion", origin: "http://localhost:8080", allowed: "http://localhost:8080"},
		"odd host":           {method: "GET", path: "/conversion", origin: "app+x://my_shop-1", allowed: "app+x://my_shop-1"},
		"IPv6":               {method: "GET", path: "/conversion", origin: "https://[::1]:8443", allowed: "https://[::1]:8443"},
		"sandbox":            {method: "GET", path: "/click", origin: "null", allowed: "null", credentials: "true"},
		"no origin":          {method: "GET", path: "/click"},
		"no origin, asks":    {method: "OPTIONS", path: "/click", asks: "GET"},
		"impression":         {method: "GET", path: "/impression", origin: shop},
		"pixel":              {method: "GET", path: "/pixel.gif", origin: shop},
		"batch":              {method: "POST", path: "/conversions", origin: shop},
		"start page":         {method: "GET", path: "/", origin: shop},
		"only an id":         {method: "GET", path: "/i/click", origin: shop},
		"deeper":             {method: "GET", path: "/i/a/b/click", origin: shop},
		"prefix":             {method: "GET", path: "/clicks", origin: shop},
		"not an origin":      {method: "GET", path: "/click", origin: "shop.example"},
		"empty scheme":       {method: "GET", path: "/click", origin: "://shop"},
		"empty host":         {method: "GET", path: "/click", origin: "https://"},
		"with path":          {method: "GET", path: "/click", origin: shop + "/page"},
		"two origins":        {method: "GET", path: "/click", origin: shop + ", https://evil.example"},
		"too long":           {method: "GET", path: "/click", origin: "https://" + strings.Repeat("a", maxOrigin)},
		"preflight":          {method: "OPTIONS", path: "/conversion", origin: shop, asks: "POST", preflight: true, allowed: shop, methods: "GET, POST"},
		"preflight of click": {method: "OPTIONS", path: "/i/a/click", origin: shop, asks: "GET", preflight: true, allowed: shop, credentials: "true", methods: "GET"},
		"preflight of batch": {method: "OPTIONS", path: "/conversions", origin: shop, asks: "POST"},
		"OPTIONS":            {method: "OPTIONS", path: "/click", origin: shop, allowed: shop, credentials: "true"},
		"asks by GET":        {method: "GET", path: "/click", origin: shop, asks: "GET", allowed: shop, credentials: "true"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var ctx fasthttp.RequestCtx
			ctx.Request.Header.SetMethod(tt.method)
			ctx.Request.SetRequestURI(tt.path)
			for header, value := range map[string]string{"Origin": tt.origin, "Access-Control-Request-Method": tt.asks} {
				if value != "" {
					ctx.Request.Header.Set(header, value)
				}
			}
			if got := CORS(&ctx); got != tt.preflight {
				t.Errorf("CORS says preflight %v, want %v", got, tt.preflight)
			}
			status, age, headers, vary := 200, "", "", ""
			if tt.preflight {
				status, age, headers = 204, preflightSeconds, "Content-Type"
			}
			if tt.allowed != "" {
				vary = "Origin"
			}
			if got := ctx.Response.StatusCode(); got != status {
				t.Errorf("status %d, want %d", got, status)
			}
			for header, want := range map[string]string{
				"Access-Control-Allow-Origin": tt.allowed, "Access-Control-Allow-Credentials": tt.credentials,
				"Access-Control-Allow-Methods": tt.methods, "Access-Control-Allow-Headers": headers,
				"Access-Control-Max-Age": age, "Vary": vary,
			} {
				if got := string(ctx.Response.Header.Peek(header)); got != want {
					t.Errorf("%s: %q, want %q", header, got, want)
				}
			}
		})
	}
}

// TestCORSKeepsVary: the edge may have said that other headers matter.
func TestCORSKeepsVary(t *testing.T) {
	var ctx fasthttp.RequestCtx
	ctx.Request.SetRequestURI("/click")
	ctx.Request.Header.Set("Origin", shop)
	ctx.Response.Header.Set("Vary", "Accept")
	CORS(&ctx)
	if head := ctx.Response.Header.String(); !strings.Contains(head, "Vary: Accept\r\n") || !strings.Contains(head, "Vary: Origin\r\n") {
		t.Errorf("the head is %q", head)
	}
}

// FuzzOrigin: what is repeated to the client has nothing in it that could end a
// header or name two origins.
func FuzzOrigin(f *testing.F) {
	for _, s := range []string{"null", shop, "https://[::1]:8443", "app+x://a_b", "https://a\r\nX: y", "https://a, b"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		if isOrigin(s) && (strings.ContainsAny(string(s), "\r\n\t ,;\"'<>\\\x00*") || len(s) > maxOrigin) {
			t.Errorf("%q is taken for an origin", s)
		}
	})
}

// BenchmarkCORS is what a click without an Origin pays.
func BenchmarkCORS(b *testing.B) {
	var ctx fasthttp.RequestCtx
	ctx.Request.SetRequestURI("/click?offer_id=1")
	for _, h := range []string{"Host", "Accept", "Accept-Encoding", "Accept-Language", "Referer", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile"} {
		ctx.Request.Header.Set(h, "some value")
	}
	b.ReportAllocs()
	for b.Loop() {
		CORS(&ctx)
	}
}
