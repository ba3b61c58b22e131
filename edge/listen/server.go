package listen

import (
	"errors"
	"fmt"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/internal/metrics"
)

// NewServer returns a server that hands clean requests to handler and answers
// all others itself, with a line of text, and closes their connection.
//
// handler finds the host of an absolute-form target equal to Host, a target
// that begins with exactly one slash, and no trailer fields among the headers.
func NewServer(handler fasthttp.RequestHandler, s Settings) *fasthttp.Server {
	g := &gate{next: handler, maxBody: s.MaxBodyBytes}
	return &fasthttp.Server{
		Handler:        g.serve,
		HeaderReceived: g.headerReceived,
		ExpectHandler:  g.expect,
		ErrorHandler:   refuseError,
		Logger:         silent{},

		ReadTimeout:        s.ReadTimeout,
		WriteTimeout:       s.WriteTimeout,
		IdleTimeout:        s.IdleTimeout,
		ReadBufferSize:     s.MaxHeaderBytes,
		MaxRequestBodySize: s.MaxBodyBytes,
		Concurrency:        s.MaxConnections,

		// Behind a CDN all visitors share a few addresses: MaxConnsPerIP stays off.
		CloseOnShutdown:              true,
		NoDefaultServerHeader:        true,
		SecureErrorLogMessage:        true, // spares quoting the request in errors nobody reads
		DisablePreParseMultipartForm: true, // it writes files
	}
}

// silent drops fasthttp's log: a line per malformed request is a gift to those
// who send them. Refusals are counted instead, and Serve returns what ends it.
type silent struct{}

// Printf implements fasthttp.Logger.
func (silent) Printf(string, ...any) {}

// gate stands between fasthttp's parser and the handler.
type gate struct {
	next    fasthttp.RequestHandler
	maxBody int
}

// headersEnd marks, in the list of a chunked request's headers, where trailer
// fields would begin: fasthttp appends them to the headers, where a trailer
// named CF-Connecting-IP would pass for the CDN's. No request can hold this
// name.
const headersEnd = "\x00"

// headerReceived runs between head and body. It cannot refuse a request, but it
// can take its body away, so that nothing more is read in a framing that is in
// doubt, and have the connection closed; serve sees that and refuses.
func (g *gate) headerReceived(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	m, refusal := readHead(h)
	if refusal != nil {
		h.SetContentLength(0)
		h.SetConnectionClose()
		return fasthttp.RequestConfig{}
	}
	if m.closes { // fasthttp knows only the exact value "close"
		h.SetConnectionClose()
	}
	if m.expects && !h.IsHTTP11() { // RFC 9110, 10.1.1: a 1.0 client knows no 100
		h.Del(fasthttp.HeaderExpect)
	}
	if m.chunked() {
		h.Add(headersEnd, "")
	}
	dropSlashes(h)
	return fasthttp.RequestConfig{}
}

// dropSlashes leaves one slash at the start of a path. Sloppy links have two,
// and fasthttp takes what follows them for a host if "://" comes later on.
func dropSlashes(h *fasthttp.RequestHeader) {
	target := h.RequestURI()
	n := 0
	for n+1 < len(target) && target[n] == '/' && target[n+1] == '/' {
		n++
	}
	if n > 0 {
		h.SetRequestURIBytes(target[n:])
	}
}

// expect answers Expect: 100-continue before the body is sent.
func (g *gate) expect(ctx *fasthttp.RequestCtx) int {
	h := &ctx.Request.Header
	status := fasthttp.StatusContinue
	if refusal := refused(h); refusal != nil {
		status = refusal.Status
	} else if h.ContentLength() > g.maxBody {
		status = fasthttp.StatusRequestEntityTooLarge
	}
	if status != fasthttp.StatusContinue {
		count(status)
		linger(ctx.Conn())
	}
	return status
}

func (g *gate) serve(ctx *fasthttp.RequestCtx) {
	h := &ctx.Request.Header
	if refusal := refused(h); refusal != nil {
		refuse(ctx, refusal.Status, refusal.Why)
		return
	}
	if h.ContentLength() != noBody && takeTrailers(h) {
		refuse(ctx, trailerFields.Status, trailerFields.Why)
		return
	}
	g.next(ctx)
}

// noBody is fasthttp's ContentLength of a GET without any framing header, which
// nearly all requests are.
const noBody = -2

// refused returns what headerReceived found. The check is repeated rather than
// remembered, since fasthttp offers no place to remember it in; only requests
// that close their connection are candidates.
func refused(h *fasthttp.RequestHeader) *Refusal {
	if !h.ConnectionClose() {
		return nil
	}
	return CheckFraming(h)
}

// takeTrailers removes the mark of a chunked request and tells whether fields
// came after it.
func takeTrailers(h *fasthttp.RequestHeader) bool {
	passed, found := false, false
	for name := range h.All() {
		switch {
		case string(name) == headersEnd:
			passed = true
		case passed && string(name) != fasthttp.HeaderConnection: // added by All itself
			found = true
		}
	}
	if passed {
		h.Del(headersEnd)
	}
	return found
}

// refuseError answers what fasthttp's parser refused.
func refuseError(ctx *fasthttp.RequestCtx, err error) {
	switch status := statusOf(err); status {
	case fasthttp.StatusRequestHeaderFieldsTooLarge:
		refuse(ctx, status, "request line and headers are too large")
	case fasthttp.StatusRequestEntityTooLarge:
		refuse(ctx, status, "body is too large")
	case fasthttp.StatusRequestTimeout:
		refuse(ctx, status, "request took too long to arrive")
	default:
		refuse(ctx, status, "malformed request")
	}
}

func statusOf(err error) int {
	var small *fasthttp.ErrSmallBuffer
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &small):
		return fasthttp.StatusRequestHeaderFieldsTooLarge
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		return fasthttp.StatusRequestEntityTooLarge
	case errors.As(err, &timeout) && timeout.Timeout():
		return fasthttp.StatusRequestTimeout
	}
	return fasthttp.StatusBadRequest
}

func refuse(ctx *fasthttp.RequestCtx, status int, why string) {
	count(status)
	ctx.Response.Reset()
	ctx.SetStatusCode(status)
	ctx.SetContentType("text/plain; charset=utf-8")
	ctx.SetBodyString(why)
	ctx.SetConnectionClose()
	linger(ctx.Conn())
}

// refusals counts refused requests by the status of their answer.
var refusals = func() map[int]*metrics.Counter {
	counters := map[int]*metrics.Counter{}
	for _, status := range []int{400, 408, 413, 431, 501, 505} {
		counters[status] = metrics.NewCounter(fmt.Sprintf(`clickgate_listen_refused_total{status="%d"}`, status))
	}
	return counters
}()

func count(status int) { refusals[status].Inc() }
