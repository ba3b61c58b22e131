package edge

import (
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// serve is the path of a request. Its steps are those of a click.
func (v *visit) serve() {
	if v.servePlain() {
		return
	}
	v.readHost()
	in, endpoint, ok := v.snap.router.Route(v.click.Host, view(v.ctx.Path()))
	if !ok {
		v.refuse(refusedIntegration)
		return
	}
	v.in = in
	if endpoint == link.NoEndpoint {
		v.refuse(refusedPath)
		return
	}
	if endpoint == link.Impression {
		v.click.Plane = click.PlaneImpression
	}
	if !in.doc.Active {
		v.refuseInactive()
		return
	}
	v.serveClick()
}

// serveClick is the path of a click or impression of an active integration.
func (v *visit) serveClick() {
	v.read()
	v.enrich()
	v.resolve()
	if v.in.drops(&v.click) {
		v.edge.counters.refused[refusedSource].Inc()
		v.answerFallback()
		return
	}
	v.judge()
	v.settle()
	v.record()
}

// record writes the event and the answer. Unless the log is in fast
// mode, the answer waits for the event's acknowledgement: nobody is sent on
// whose click a crash could lose.
func (v *visit) record() {
	e, c := v.edge, &v.click
	e.counters.received[c.Plane].Inc()
	meta := e.rowMeta
	meta.ConfigVersion = v.snap.versionText
	v.line = events.AppendRow(v.line[:0], c, meta)
	ticket := e.Log.Append(kindOf[c.Plane], v.line)
	v.answer()
	ticket.Wait()
	e.counters.answered(c)
	e.counters.latency.Update(time.Since(v.ctx.Time()))
}

// servePlain answers what is no link: robots, the favicon, other methods.
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
	if v.ctx.IsGet() || v.ctx.IsHead() {
		return false
	}
	v.edge.counters.refused[refusedMethod].Inc()
	v.ctx.Error("only GET and HEAD are served here\n", fasthttp.StatusMethodNotAllowed)
	v.ctx.Response.Header.Set("Allow", "GET, HEAD")
	return true
}

// refuse answers a request that names nothing of ours.
func (v *visit) refuse(why refusal) {
	v.edge.counters.refused[why].Inc()
	redirect.WriteNotFound(v.ctx)
}

// refuseInactive answers for an integration that takes no traffic: its
// fallback, else 410 (D-24). There is no event.
func (v *visit) refuseInactive() {
	v.edge.counters.refused[refusedInactive].Inc()
	if v.in.fallbackTo != nil {
		v.click.IP = v.clientIP()
		v.answerFallback()
		return
	}
	v.ctx.Error("this link is no longer served\n", fasthttp.StatusGone)
}
