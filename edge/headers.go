package edge

import (
	"bytes"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/hints"
	"github.com/clickgate/clickgate/edge/signal"
	"github.com/clickgate/clickgate/internal/click"
)

// headers is what the edge reads from a request's headers beside the visitor's
// address and cookie. Values are views into the request.
type headers struct {
	referer, languages string
	// prefetch tells that a browser fetches ahead: nobody has clicked yet.
	prefetch bool
	// json asks for API mode, https says that the visitor came by TLS.
	json, https bool
	// hints and marks are what tells browsers and programs apart.
	hints hints.Headers
	marks signal.Marks
}

// readHeaders looks at every header once. Asking for them by name, as is
// usual, takes a pass over all of them for each name. fasthttp has put names
// into its own case (Sec-Ch-Ua) and keeps the order of those that matter here.
func readHeaders(h *fasthttp.RequestHeader) (r headers) {
	for name, value := range h.All() {
		r.read(name, value)
	}
	return r
}

// sec begins the names of headers that no script can set.
const sec = "Sec-"

func (r *headers) read(name, value []byte) {
	if len(name) > len(sec) && string(name[:len(sec)]) == sec { // bytes.HasPrefix takes four times as long
		r.readSec(name[len(sec):], value)
		return
	}
	switch string(name) {
	case "Referer":
		r.referer = view(value)
	case "Accept":
		r.json = bytes.HasPrefix(value, []byte("application/json"))
		r.marks.Accept(value)
	case "Accept-Encoding":
		r.marks.AcceptEncoding(value)
	case "Accept-Language":
		r.languages = view(value)
		r.marks.AcceptLanguage(value)
	case "Purpose", "X-Purpose", "X-Moz":
		r.readPurpose(value)
	case "X-Requested-With":
		r.marks.RequestedWith(value)
	case "From", "Accept-Charset":
		r.marks.Program()
	case "X-Forwarded-Proto":
		r.https = string(value) == "https"
		r.marks.Forwarded()
	case "Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Real-Ip", "X-Client-Ip",
		"X-Cluster-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "Cf-Ray", "Cdn-Loop", "Fastly-Client-Ip",
		"X-Amz-Cf-Id", "X-Amzn-Trace-Id", "X-Azure-Fdid", "X-Cloud-Trace-Context", "X-Varnish", "X-Envoy-External-Address":
		r.marks.Forwarded()
	}
}

func (r *headers) readPurpose(value []byte) {
	r.prefetch = r.prefetch || bytes.HasPrefix(value, []byte("prefetch")) || bytes.HasPrefix(value, []byte("preview"))
}

// readSec reads a header by its name after sec.
func (r *headers) readSec(name, value []byte) {
	switch string(name) {
	case "Purpose":
		r.readPurpose(value)
	case "Fetch-Site":
		r.marks.FetchSite()
	case "Fetch-Mode":
		r.marks.FetchMode(value)
	case "Fetch-User":
		r.marks.FetchUser(value)
	case "Fetch-Dest":
		r.marks.FetchDest(value)
	case "Ch-Ua":
		r.hints.Brands = view(value)
	case "Ch-Ua-Mobile":
		r.hints.Mobile = view(value)
	case "Ch-Ua-Platform":
		r.hints.Platform = view(value)
	case "Ch-Ua-Platform-Version":
		r.hints.PlatformVersion = view(value)
	case "Ch-Ua-Model":
		r.hints.Model = view(value)
	case "Ch-Ua-Full-Version-List":
		r.hints.FullVersions = view(value)
	case "Ch-Ua-Form-Factors":
		r.hints.FormFactors = view(value)
	}
}

// purpose is why the request came, as far as its method and headers tell.
func (v *visit) purpose() click.Purpose {
	switch {
	case v.ctx.IsHead():
		return click.Head
	case v.headers.prefetch:
		return click.Prefetch
	}
	return click.Visit
}
