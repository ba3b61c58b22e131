package edge

import (
	"encoding/json"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// report gathers what an explanation tells.
type report struct{ explain.Report }

// rule notes a check of the link.
func (r *report) rule(part, name, value string, fits bool, reason click.Reason) {
	rule := explain.Rule{Part: part, Name: name, Value: strings.Clone(value), Fits: fits}
	if !fits {
		rule.Reason = reason.String()
	}
	r.Rules = append(r.Rules, rule)
}

// Explain tells the whole way that the request of r would go now, or at r's
// time. It counts nothing and leaves no event. The request must be valid and
// not one for an event.
func (e *Edge) Explain(r *explain.Request) explain.Report {
	v := e.visits.Get().(*visit)
	v.begin(requestOf(r))
	defer v.end()
	v.click.TimeMS = e.timeOf(r).UnixMilli()
	v.explain(v.findClick, v.decide)
	return v.report.Report
}

// timeOf is the moment to judge a request by.
func (e *Edge) timeOf(r *explain.Request) time.Time {
	switch {
	case !r.Time.IsZero():
		return r.Time
	case e.Now != nil:
		return e.Now()
	}
	return time.Now()
}

// ExplainEvent tells the way that the click of an event would go now, judged
// for the time it came at. See PlayEvent for what is taken from the event.
func (e *Edge) ExplainEvent(row events.Row) (explain.Report, error) {
	v := e.visits.Get().(*visit)
	v.begin(new(fasthttp.RequestCtx))
	defer v.end()
	if err := row.Recall(&v.click); err != nil {
		return explain.Report{}, err
	}
	integration := row.Text("integration_id")
	v.explain(func() refusal { return v.findRecalled(integration) }, v.decideRecalled)
	v.report.Recorded = json.RawMessage(row.Line)
	return v.report.Report, nil
}

// requestOf makes what the listener would have handed over.
func requestOf(r *explain.Request) *fasthttp.RequestCtx {
	var request fasthttp.Request
	request.SetRequestURI(r.URL)
	if r.Method != "" {
		request.Header.SetMethod(r.Method)
	}
	for _, h := range r.Headers {
		request.Header.Add(h.Name, h.Value)
	}
	if len(request.Header.Host()) == 0 {
		request.Header.SetHost(string(request.URI().Host()))
	}
	ctx := new(fasthttp.RequestCtx)
	var peer net.Addr
	if addr, err := netip.ParseAddr(r.Address); err == nil {
		peer = net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr, 0))
	}
	ctx.Init(&request, peer, nil)
	return ctx
}

// explain takes a click its way on trial and writes down what it meets. The
// link's rules, targeting, groups and filters write for themselves.
func (v *visit) explain(find, decide func() refusal) {
	v.click.Trial = true
	v.report = new(report)
	r := &v.report.Report
	r.Node, r.ConfigVersion, r.Time = v.edge.settings.Node, v.snap.versionText, time.UnixMilli(v.click.TimeMS).UTC()
	if why := find(); why != notRefused {
		r.Refused = refusalWords[why]
		return
	}
	r.Integration = &explain.Integration{ID: v.in.doc.ID, Name: v.in.doc.Name, Plane: v.click.Plane.String()}
	why := decide()
	r.Parameters, r.Visitor, r.Link = v.tellParameters(), v.tellVisitor(), v.tellLink()
	r.Source = &explain.Rule{Part: "source", Name: "neither excluded nor outside the whitelist", Fits: why != refusedSource}
	if why != notRefused {
		r.Refused = refusalWords[why]
		return
	}
	v.encode()
	r.Event = json.RawMessage(strings.TrimSpace(string(v.line)))
	v.answer()
	r.Decision, r.Destination = v.tellDecision(), v.tellDestination()
}

// refusalWords say why a request leaves no event.
var refusalWords = [refusalCount]string{
	refusedIntegration: "the host and path name no integration",
	refusedPath:        "the integration has nothing at this path",
	refusedInactive:    "the integration is not active: its visitors go to the fallback, or get 410",
	refusedSource:      "the source is excluded, or not on the whitelist: the visitor goes to the fallback",
}
