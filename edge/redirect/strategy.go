package redirect

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"github.com/valyala/fasthttp"
)

// Strategy is a technique of sending a browser on (R-17, R-41, D-8).
type Strategy uint8

// The strategies. The zero Strategy is 302.
const (
	Found       Strategy = iota // 302, the default
	Moved                       // 301
	SeeOther                    // 303
	Temporary                   // 307
	Permanent                   // 308
	FoundHidden                 // 302 that withholds the referer
	Script                      // a page with a script; withholds the referer
	Meta                        // a page with a meta refresh; withholds the referer
	strategyCount
)

var strategyNames = map[string]Strategy{
	"":              Found,
	"301":           Moved,
	"302":           Found,
	"303":           SeeOther,
	"307":           Temporary,
	"308":           Permanent,
	"http302":       Found,
	"http302hidden": FoundHidden,
	"js":            Script,
	"meta":          Meta,
}

// ParseStrategy reads redirect_strategy; empty is 302.
func ParseStrategy(name string) (Strategy, error) {
	s, ok := strategyNames[name]
	if !ok {
		return Found, fmt.Errorf("redirect strategy %q: allowed are 301, 302, 303, 307, 308, http302, http302hidden, js and meta", name)
	}
	return s, nil
}

var statusOf = [strategyCount]int{
	Found:       fasthttp.StatusFound,
	Moved:       fasthttp.StatusMovedPermanently,
	SeeOther:    fasthttp.StatusSeeOther,
	Temporary:   fasthttp.StatusTemporaryRedirect,
	Permanent:   fasthttp.StatusPermanentRedirect,
	FoundHidden: fasthttp.StatusFound,
	Script:      fasthttp.StatusOK,
	Meta:        fasthttp.StatusOK,
}

// Header names and values, as bytes so that setting them allocates nothing.
var (
	headerLocation = []byte("Location")
	headerCache    = []byte("Cache-Control")
	headerReferrer = []byte("Referrer-Policy")
	headerRobots   = []byte("X-Robots-Tag")
	headerCSP      = []byte("Content-Security-Policy")
	headerSniff    = []byte("X-Content-Type-Options")

	noStore    = []byte("no-store")
	noReferrer = []byte("no-referrer")
	noIndex    = []byte("noindex")
	noSniff    = []byte("nosniff")
	typeHTML   = []byte("text/html; charset=utf-8")
	typePlain  = []byte("text/plain; charset=utf-8")
)

// Write answers with a redirect to url, whose bytes go out as they are. A
// browser may keep the redirect for cacheSeconds; at 0 and below it may not,
// whatever the status (R-17, D-6). Headers that are already set stay, a body
// goes. The server leaves out the body of an answer to HEAD.
//
// A url with a control character or a space, which no function of this package
// makes, is answered with WriteNotFound.
func (s Strategy) Write(ctx *fasthttp.RequestCtx, url []byte, cacheSeconds int64) {
	if !fitsHeader(url) {
		WriteNotFound(ctx)
		return
	}
	h := &ctx.Response.Header
	ctx.Response.ResetBody()
	ctx.SetStatusCode(statusOf[s])
	setCache(h, cacheSeconds)
	if s >= FoundHidden {
		h.SetCanonical(headerReferrer, noReferrer)
	}
	switch s {
	case Script:
		scriptPage.write(&ctx.Response, url)
	case Meta:
		metaPage.write(&ctx.Response, url)
	default:
		h.SetCanonical(headerLocation, url)
		h.SetContentLength(0)
	}
}

func fitsHeader(url []byte) bool {
	for _, b := range url {
		if classes[b]&inTemplate == 0 {
			return false
		}
	}
	return len(url) > 0
}

func setCache(h *fasthttp.ResponseHeader, seconds int64) {
	if seconds <= 0 {
		h.SetCanonical(headerCache, noStore)
		return
	}
	var buf [40]byte
	h.SetCanonical(headerCache, strconv.AppendInt(append(buf[:0], "private, max-age="...), seconds, 10))
}

// Secure turns an http URL into an https one in place (D-7), and leaves out an
// explicit port 80. It returns url, which may have moved to larger memory.
func Secure(url []byte) []byte {
	if len(url) < len("http://") || !bytes.EqualFold(url[:len("http://")], []byte("http://")) {
		return url
	}
	end := len(url)
	if i := bytes.IndexAny(url[len("http://"):], "/?#"); i >= 0 {
		end = i + len("http://")
	}
	if bytes.HasSuffix(url[:end], []byte(":80")) {
		url = slices.Delete(url, end-len(":80"), end)
	}
	url = slices.Insert(url, len("http"), 's')
	copy(url, "https")
	return url
}
