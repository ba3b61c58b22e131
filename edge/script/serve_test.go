package script

import (
	"bytes"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// get asks Handler with headers, given as name, value, name, value.
func get(t *testing.T, method string, headers ...string) *fasthttp.Response {
	t.Helper()
	var ctx fasthttp.RequestCtx
	ctx.Request.Header.SetMethod(method)
	ctx.Request.SetRequestURI("/cg.js")
	for i := 0; i < len(headers); i += 2 {
		ctx.Request.Header.Set(headers[i], headers[i+1])
	}
	Handler(&ctx)
	return &ctx.Response
}

func TestHandler(t *testing.T) {
	tests := map[string]struct{ accepted, coding string }{
		"nothing":       {"", ""},
		"browser":       {"gzip, deflate, br, zstd", "br"},
		"gzip":          {"gzip", "gzip"},
		"case":          {"GZIP", "gzip"},
		"weighted":      {"gzip;q=1.0, br;q=0.5", "br"},
		"br refused":    {"br;q=0, gzip", "gzip"},
		"all refused":   {"br; q=0.000, gzip;Q=0", ""},
		"br is a part":  {"brotli, xgzip", ""},
		"identity":      {"identity", ""},
		"bad weight":    {"gzip;q=", "gzip"},
		"star is never": {"*", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := get(t, "GET", "Accept-Encoding", tt.accepted)
			if got := string(r.Header.ContentEncoding()); got != tt.coding {
				t.Fatalf("for Accept-Encoding %q the coding is %q, want %q", tt.accepted, got, tt.coding)
			}
			body, err := r.BodyUncompressed()
			if err != nil || !bytes.Equal(body, lean(source)) {
				t.Errorf("the body is not the script (%v)", err)
			}
			for name, want := range map[string]string{
				"Content-Type": "text/javascript; charset=utf-8", "Vary": "Accept-Encoding",
				"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff",
			} {
				if got := string(r.Header.Peek(name)); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if got := string(r.Header.Peek("Cache-Control")); !strings.Contains(got, "public") || !strings.Contains(got, "max-age=") {
				t.Errorf("Cache-Control: %q", got)
			}
		})
	}
}

func TestNotModified(t *testing.T) {
	brotli := string(get(t, "GET", "Accept-Encoding", "br").Header.Peek("ETag"))
	plain := string(get(t, "GET").Header.Peek("ETag"))
	if brotli == plain || len(plain) < 10 {
		t.Fatalf("ETags are %s and %s, want two", brotli, plain)
	}
	tests := map[string]struct {
		known  string
		status int
	}{
		"same": {brotli, 304}, "weak": {"W/" + brotli, 304}, "in a list": {`"x", ` + brotli, 304}, "any": {"*", 304},
		"older": {`"0000000000000000-br"`, 200}, "other coding": {plain, 200}, "none": {"", 200}, "part": {brotli[:8], 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := get(t, "GET", "Accept-Encoding", "br", "If-None-Match", tt.known)
			if r.StatusCode() != tt.status || (tt.status == 304) != (len(r.Body()) == 0) {
				t.Errorf("If-None-Match %s is answered %d with %d bytes, want %d", tt.known, r.StatusCode(), len(r.Body()), tt.status)
			}
			if got := string(r.Header.Peek("ETag")); got != brotli {
				t.Errorf("ETag: %s, want %s", got, brotli)
			}
		})
	}
}

func TestHandlerMethods(t *testing.T) {
	for method, want := range map[string]int{"GET": 200, "HEAD": 200, "POST": 405, "DELETE": 405} {
		if r := get(t, method); r.StatusCode() != want || want == 405 && string(r.Header.Peek("Allow")) != "GET, HEAD" {
			t.Errorf("%s is answered %d, Allow %q; want %d", method, r.StatusCode(), r.Header.Peek("Allow"), want)
		}
	}
}

// FuzzTakes: whatever Accept-Encoding says, a coding that is not in it is not
// sent.
func FuzzTakes(f *testing.F) {
	for _, s := range []string{"gzip, deflate, br", "br;q=0", "gzip;q=0.5;x=1,br", ",,;=,", "*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, accepted string) {
		c := choose(accepted)
		if !strings.Contains(strings.ToLower(accepted), c.name) {
			t.Errorf("%q is answered in %s", accepted, c.name)
		}
		if c.name != "" && takes(accepted+";q=0", c.name) && !strings.ContainsAny(accepted, ",;") {
			t.Errorf("%q with q=0 is answered in %s", accepted, c.name)
		}
	})
}
