package redirect

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/valyala/fasthttp"
)

// page is an HTML page that sends a browser on. The URL stands only in
// attributes; the script reads it from the link, so that it never stands in a
// script's text and the policy can name the script by its hash.
type page struct {
	pieces []string // the page, cut where the URL goes
	policy []byte
}

const (
	pageHead = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Redirecting</title>` +
		`<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">`
	pageRefresh = `<meta http-equiv="refresh" content="0;url=` + pageURL + `">`
	pageLink    = `<a id="to" rel="noreferrer" href="` + pageURL + `">Continue</a>`
	pageScript  = `location.replace(document.getElementById("to").href)`
	pageURL     = "\x00"
)

var (
	metaPage   = newPage(pageHead+pageRefresh+`</head><body>`+pageLink+`</body></html>`, "")
	scriptPage = newPage(pageHead+`<noscript>`+pageRefresh+`</noscript></head><body>`+pageLink+
		`<script>`+pageScript+`</script></body></html>`, pageScript)
)

func newPage(html, script string) page {
	policy := "default-src 'none'; base-uri 'none'; form-action 'none'"
	if script != "" {
		hash := sha256.Sum256([]byte(script))
		policy += "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"
	}
	return page{pieces: strings.Split(html, pageURL), policy: []byte(policy)}
}

func (p *page) write(r *fasthttp.Response, url []byte) {
	setPageHeaders(r, p.policy)
	for i, piece := range p.pieces {
		if i > 0 {
			appendAttribute(r, url)
		}
		r.AppendBodyString(piece)
	}
}

// appendAttribute appends s to the body as the text of a quoted HTML attribute.
func appendAttribute(r *fasthttp.Response, s []byte) {
	done := 0
	for i, b := range s {
		entity := ""
		switch b {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '"':
			entity = "&#34;"
		case '\'':
			entity = "&#39;"
		default:
			continue
		}
		r.AppendBody(s[done:i])
		r.AppendBodyString(entity)
		done = i + 1
	}
	r.AppendBody(s[done:])
}

func setPageHeaders(r *fasthttp.Response, policy []byte) {
	r.Header.SetContentTypeBytes(typeHTML)
	r.Header.SetCanonical(headerRobots, noIndex)
	r.Header.SetCanonical(headerSniff, noSniff)
	r.Header.SetCanonical(headerCSP, policy)
}

const blankPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title></title></head><body></body></html>`

var blankPolicy = newPage("", "").policy

// WriteBlockPage answers a rejected click with a blank page. Its status
// is 403: programs that check links learn that the click did not go through,
// and no cache or search engine takes the page for content. It does not say
// why.
func WriteBlockPage(ctx *fasthttp.RequestCtx) {
	ctx.Response.ResetBody()
	ctx.SetStatusCode(fasthttp.StatusForbidden)
	setCache(&ctx.Response.Header, 0)
	setPageHeaders(&ctx.Response, blankPolicy)
	ctx.Response.AppendBodyString(blankPage)
}

// WriteNotFound answers a request that names no link, or a link that leads
// nowhere (D-24).
func WriteNotFound(ctx *fasthttp.RequestCtx) {
	ctx.Response.ResetBody()
	ctx.SetStatusCode(fasthttp.StatusNotFound)
	setCache(&ctx.Response.Header, 0)
	ctx.Response.Header.SetContentTypeBytes(typePlain)
	ctx.Response.Header.SetCanonical(headerRobots, noIndex)
	ctx.Response.AppendBodyString("not found\n")
}
