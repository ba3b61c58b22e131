package edge

import (
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// report gathers what an explanation tells.
type report struct {
	explain.Report
	// undecided tells that a conversion's click may yet be found; uncheckedID
	// that nobody here can tell whether its id is one of ours.
	undecided, uncheckedID bool
}

// rule notes a check of the link.
func (r *report) rule(part, name, value string, fits bool, reason click.Reason) {
	rule := explain.Rule{Part: part, Name: name, Value: strings.Clone(value), Fits: fits}
	if !fits {
		rule.Reason = reason.String()
	}
	r.Rules = append(r.Rules, rule)
}

// Explain tells the whole way that the request of r would go now, or at r's
// time: a click, an impression, or a conversion, whose click is asked for as
// usual. It counts nothing and leaves no event. The request must be valid and
// not one for an event.
func (e *Edge) Explain(r *explain.Request) explain.Report {
	v := e.visits.Get().(*visit)
	v.begin(requestOf(r))
	defer v.end()
	v.click.TimeMS = e.timeOf(r).UnixMilli()
	v.explainRequest(!r.Time.IsZero())
	return v.report.Report
}

// explainRequest tells what becomes of a request, at a time of the past or now.
func (v *visit) explainRequest(past bool) {
	v.startReport()
	endpoint, why := v.find()
	switch {
	case why != notRefused:
		v.report.Refused = refusalWords[why]
	case endpoint == link.Script:
		v.report.Refused = "the script that pages include: it is no click"
	case !v.accepts(endpoint):
		v.report.Refused = "only " + methods[endpoint] + " are served there"
	case endpoint == link.Click || endpoint == link.Impression:
		v.explainClick(v.decide)
	default:
		v.explainConversion(endpoint, past)
	}
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

// ExplainEvent tells the way that what an event is about would go now, judged
// for the time it came at: a click or impression (see PlayEvent for what is
// taken from the event), or a conversion, of which conversions that came later
// are not looked at. Counters are those of now.
func (e *Edge) ExplainEvent(row events.Row) (explain.Report, error) {
	v := e.visits.Get().(*visit)
	v.begin(new(fasthttp.RequestCtx))
	defer v.end()
	if err := v.explainLogged(row); err != nil {
		return explain.Report{}, err
	}
	v.report.Recorded = json.RawMessage(row.Line)
	return v.report.Report, nil
}

func (v *visit) explainLogged(row events.Row) error {
	switch row.Kind {
	case events.Conversion, events.Event:
		return v.explainRow(row)
	case events.Received:
		return v.explainReceived(row)
	case events.Postback:
		return errors.New("the event is a call that went out: nothing was judged for it")
	}
	if err := row.Recall(&v.click); err != nil {
		return err
	}
	v.startReport()
	if why := v.findRecalled(row.Text("integration_id")); why != notRefused {
		v.report.Refused = refusalWords[why]
		return nil
	}
	v.explainClick(v.decideRecalled)
	return nil
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
	if r.Body != "" {
		request.SetBodyString(r.Body)
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

// startReport puts the visit on trial and begins its report.
func (v *visit) startReport() {
	v.click.Trial = true
	v.report = new(report)
	r := &v.report.Report
	r.Node, r.ConfigVersion, r.Time = v.edge.settings.Node, v.snap.versionText, time.UnixMilli(v.click.TimeMS).UTC()
}

// explainClick takes a click its way on trial and writes down what it meets.
// The link's rules, targeting, groups and filters write for themselves.
func (v *visit) explainClick(decide func() refusal) {
	r := &v.report.Report
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
