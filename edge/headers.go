package edge

import (
	"bytes"

	"github.com/valyala/fasthttp"

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
}

// readHeaders looks at every header once. Asking for them by name, as is
// usual, takes a pass over all of them for each name.
func readHeaders(h *fasthttp.RequestHeader) (r headers) {
	for name, value := range h.All() {
		switch string(name) {
		case "Referer":
			r.referer = view(value)
		case "Accept-Language":
			r.languages = view(value)
		case "Accept":
			r.json = bytes.HasPrefix(value, []byte("application/json"))
		case "X-Forwarded-Proto":
			r.https = string(value) == "https"
		case "Sec-Purpose", "Purpose", "X-Purpose", "X-Moz":
			r.prefetch = r.prefetch || bytes.HasPrefix(value, []byte("prefetch")) || bytes.HasPrefix(value, []byte("preview"))
		}
	}
	return r
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
