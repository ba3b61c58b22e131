package edge

import (
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/edge/script"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
)

// serve is the path of a request. Its steps are those of a click.
func (v *visit) serve() {
	if v.servePlain() {
		return
	}
	// A page's script must be able to read refusals, too.
	if len(v.ctx.Request.Header.Peek("Origin")) > 0 && script.CORS(v.ctx) {
		return
	}
	endpoint, why := v.find()
	switch {
	case why != notRefused:
		v.refuse(why)
	case !v.takesMethod(endpoint):
		return
	case endpoint == link.Script:
		script.Handler(v.ctx)
	case endpoint != link.Click && endpoint != link.Impression:
		v.serveConversions(endpoint)
	default:
		v.serveClick()
	}
}

// serveClick is the rest of the path of a click or an impression.
func (v *visit) serveClick() {
	if why := v.decide(); why != notRefused {
		v.refuse(why)
		return
	}
	v.record()
}

// find settles which integration a request is for, and what it wants there.
func (v *visit) find() (link.Endpoint, refusal) {
	v.readHost()
	in, endpoint, ok := v.snap.router.Route(v.click.Host, view(v.ctx.Path()))
	if !ok {
		return endpoint, refusedIntegration
	}
	v.in = in
	switch endpoint {
	case link.NoEndpoint:
		return endpoint, refusedPath
	case link.Impression:
		v.click.Plane = click.PlaneImpression
	}
	if !in.doc.Active {
		return endpoint, refusedInactive
	}
	return endpoint, notRefused
}

// methods are those that an endpoint takes. Clicks and impressions take POST
// for pages' beacons, whose body is not read.
var methods = map[link.Endpoint]string{
	link.Click:      "GET, HEAD, POST",
	link.Impression: "GET, HEAD, POST",
	link.Script:     "GET, HEAD",
	link.Conversion: "GET, POST",
	link.Pixel:      "GET, POST",
	link.PixelPage:  "GET",
}

// takesMethod answers a request whose method the endpoint does not take.
func (v *visit) takesMethod(endpoint link.Endpoint) bool {
	if v.accepts(endpoint) {
		return true
	}
	ctx, allowed := v.ctx, methods[endpoint]
	v.edge.counters.refused[refusedMethod].Inc()
	ctx.Error("only "+allowed+" are served here\n", fasthttp.StatusMethodNotAllowed)
	ctx.Response.Header.Set("Allow", allowed)
	return false
}

// accepts tells whether an endpoint takes the method of the request.
func (v *visit) accepts(endpoint link.Endpoint) bool {
	if v.ctx.IsGet() {
		return true
	}
	method := string(v.ctx.Method())
	for one := range strings.SplitSeq(methods[endpoint], ", ") {
		if one == method {
			v.beacon = method == fasthttp.MethodPost
			return true
		}
	}
	return false
}

// decide takes a click or impression of an active integration from the request
// to the destination.
func (v *visit) decide() refusal {
	v.read()
	v.enrich()
	v.lookUp()
	v.sense()
	return v.verdict()
}

// verdict judges a click whose visitor is known and settles where he goes.
func (v *visit) verdict() refusal {
	v.resolve()
	if v.dropped() {
		return refusedSource
	}
	v.judge()
	v.settle()
	filters.Record(&v.click, &v.click.Verdict, v.chains[0], v.chains[1])
	v.countForCaps()
	return notRefused
}

// record writes the event and the answer. Unless the log is in fast
// mode, the answer waits for the event's acknowledgement: nobody is sent on
// whose click a crash could lose.
func (v *visit) record() {
	e, c := v.edge, &v.click
	e.counters.received[c.Plane].Inc()
	v.encode()
	ticket := e.Log.Append(kindOf[c.Plane], v.line)
	v.answer()
	ticket.Wait()
	e.counters.answered(c)
	e.counters.latency.Update(time.Since(v.ctx.Time()))
}

// encode makes the event's row.
func (v *visit) encode() {
	meta := v.edge.rowMeta
	meta.ConfigVersion = v.snap.versionText
	if v.capped() {
		meta.Incarnation = v.edge.Incarnation
	}
	v.line = events.AppendRow(v.line[:0], &v.click, meta)
}

// servePlain answers what is no link: robots and the favicon.
func (v *visit) servePlain() bool {
	switch string(v.ctx.Path()) {
	case "/robots.txt":
		v.ctx.SetContentType("text/plain; charset=utf-8")
		v.ctx.SetBodyString("User-agent: *\nDisallow: /\n")
		return true
	case "/favicon.ico":
		v.ctx.Response.Header.Set("Cache-Control", "public, max-age=86400")
		v.ctx.SetStatusCode(fasthttp.StatusNoContent)
		return true
	}
	return false
}

// refuse answers a request that leaves no event: one that names nothing of
// ours, an integration that takes no traffic (D-24), or a source that is not
// to be admitted.
func (v *visit) refuse(why refusal) {
	v.edge.counters.refused[why].Inc()
	switch {
	case why == refusedInactive && v.in.fallbackTo == nil:
		v.ctx.Error("this link is no longer served\n", fasthttp.StatusGone)
	case why == refusedInactive:
		v.click.IP = v.clientIP()
		v.answerFallback()
	case why == refusedSource:
		v.answerFallback()
	default:
		redirect.WriteNotFound(v.ctx)
	}
}
