package script

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// grant is what pages of other sites may do at an endpoint.
type grant struct {
	methods string
	// credentials: the visitor's cookie goes along.
	credentials bool
}

// grants are the endpoints that the script calls. A click is judged by the
// visitor's cookie, too. A conversion names its click; if the cookie could find
// one, a page would be told of clicks that have nothing to do with it.
var grants = map[string]grant{
	"/click":      {methods: "GET", credentials: true},
	"/conversion": {methods: "GET, POST"},
}

// preflightSeconds is how long a browser may keep what a preflight allowed. No
// browser keeps it longer than a day.
const preflightSeconds = "86400"

// maxOrigin bounds the Origin that is repeated to the client: a host name has
// 253 bytes at the most.
const maxOrigin = 300

// CORS lets the page that a request comes from read the answer, if the script
// calls that endpoint, and does nothing otherwise. With preflight true it has
// written the whole answer, to a browser's question what it may send.
//
// Call it before anything else, so that refusals can be read, too: a script that
// cannot read one takes it for a broken connection and tries again. What resets
// the response has to call it again.
//
// Without an Origin it adds no Vary, either: answers at these endpoints are kept
// by no shared cache, and no browser asks for one address both ways, since the
// script's bear json=1.
func CORS(ctx *fasthttp.RequestCtx) (preflight bool) {
	g, ok := grants[string(endpoint(ctx.Path()))]
	if !ok {
		return false
	}
	origin := ctx.Request.Header.Peek("Origin")
	if !isOrigin(origin) {
		return false
	}
	h := &ctx.Response.Header
	h.Add("Vary", "Origin")
	h.SetBytesV("Access-Control-Allow-Origin", origin)
	if g.credentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if !ctx.IsOptions() || len(ctx.Request.Header.Peek("Access-Control-Request-Method")) == 0 {
		return false
	}
	h.Set("Access-Control-Allow-Methods", g.methods)
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", preflightSeconds)
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return true
}

// endpoint is a path without the integration in front: /i/{id}/click is /click.
func endpoint(path []byte) []byte {
	tail, ok := bytes.CutPrefix(path, []byte("/i/"))
	if !ok {
		return path
	}
	slash := bytes.IndexByte(tail, '/')
	if slash < 0 {
		return nil
	}
	return tail[slash:]
}

// isOrigin tells whether s has the form of an origin: null, or scheme, host and
// perhaps port.
func isOrigin(s []byte) bool {
	if string(s) == "null" { // a page in a sandbox
		return true
	}
	scheme, host, ok := bytes.Cut(s, []byte("://"))
	if !ok || len(scheme) == 0 || len(host) == 0 || len(s) > maxOrigin {
		return false
	}
	return isOriginText(scheme) && isOriginText(host)
}

func isOriginText(s []byte) bool {
	for _, c := range s {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		digit := '0' <= c && c <= '9'
		if !letter && !digit && !bytes.ContainsRune([]byte("-._:[]+"), rune(c)) {
			return false
		}
	}
	return true
}
