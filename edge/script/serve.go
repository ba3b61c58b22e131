package script

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"

	"github.com/valyala/fasthttp"
)

// cacheControl: a new version reaches every page within an hour, and no page
// waits for the question whether there is one.
const cacheControl = "public, max-age=3600, stale-while-revalidate=86400"

// coding is the file in one content coding.
type coding struct {
	name string // "" is the file as it is
	etag string
	body []byte
}

// codings are the file's forms, the shortest first. They are made at the first
// request.
var codings = sync.OnceValue(func() []coding {
	js := lean(source)
	sum := sha256.Sum256(js)
	version := hex.EncodeToString(sum[:8])
	return []coding{
		{"br", `"` + version + `-br"`, fasthttp.AppendBrotliBytesLevel(nil, js, fasthttp.CompressBrotliBestCompression)},
		{"gzip", `"` + version + `-gzip"`, fasthttp.AppendGzipBytesLevel(nil, js, fasthttp.CompressBestCompression)},
		{"", `"` + version + `"`, js},
	}
})

// Handler answers GET and HEAD of /cg.js.
func Handler(ctx *fasthttp.RequestCtx) {
	if !ctx.IsGet() && !ctx.IsHead() {
		ctx.Error("only GET and HEAD are served here\n", fasthttp.StatusMethodNotAllowed)
		ctx.Response.Header.Set("Allow", "GET, HEAD")
		return
	}
	c := choose(string(ctx.Request.Header.Peek("Accept-Encoding")))
	h := &ctx.Response.Header
	h.Set("Cache-Control", cacheControl)
	h.Set("ETag", c.etag)
	h.Set("Vary", "Accept-Encoding")
	// Pages of any site may load it, those among them that isolate themselves
	// or that check its digest (crossorigin).
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*")
	if matches(string(ctx.Request.Header.Peek("If-None-Match")), c.etag) {
		ctx.SetStatusCode(fasthttp.StatusNotModified)
		return
	}
	h.Set("X-Content-Type-Options", "nosniff")
	ctx.SetContentType("text/javascript; charset=utf-8")
	if c.name != "" {
		h.Set("Content-Encoding", c.name)
	}
	ctx.Response.SetBodyRaw(c.body)
}

// choose is the shortest form that a client takes, by its Accept-Encoding.
func choose(accepted string) coding {
	all := codings()
	for _, c := range all {
		if c.name == "" || takes(accepted, c.name) {
			return c
		}
	}
	return all[len(all)-1]
}

// takes tells whether an Accept-Encoding names a coding and does not refuse it
// (q=0). "*" is not taken for a name: who means it can do without.
func takes(accepted, name string) bool {
	for item := range strings.SplitSeq(accepted, ",") {
		got, weight, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(got), name) {
			return !refused(weight)
		}
	}
	return false
}

// refused tells whether a weight is zero: "q=0", "q=0.000".
func refused(weight string) bool {
	weight = strings.ToLower(strings.ReplaceAll(weight, " ", ""))
	q, ok := strings.CutPrefix(weight, "q=")
	return ok && q != "" && strings.Trim(q, "0.") == ""
}

// matches tells whether an If-None-Match names etag. A CDN may have made it a
// weak one.
func matches(list, etag string) bool {
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		if item == "*" || strings.TrimPrefix(item, "W/") == etag {
			return true
		}
	}
	return false
}
