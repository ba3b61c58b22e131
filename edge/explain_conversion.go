package edge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// explainConversion takes a request for a conversion its way on trial, from the
// sender to the answer. past tells that it is judged for a time of the past.
func (v *visit) explainConversion(endpoint link.Endpoint, past bool) {
	r := v.report
	r.begin(v.in)
	r.Conversion.Endpoint = endpointNames[endpoint]
	if isBatch(v.ctx) {
		r.Refused = "a list of conversions: ask for one of them, as a request of its own"
		return
	}
	params, err := readParams(v.ctx)
	if err != nil {
		v.tellAnswer(endpoint, result{Refused: badRequest(err)})
		return
	}
	s := &submission{edge: v.edge, in: v.in, endpoint: endpoint, report: r, common: v.newIntake(endpoint)}
	in, refused := s.authenticate(v.in.reception.mapping.Map(params), params)
	r.tellParameters(v.in, params, in)
	if refused != nil {
		v.tellAnswer(endpoint, result{Refused: refused})
		return
	}
	c := v.edge.trial(v.snap, r, in)
	if past {
		c.finder = hindsight{Finder: c.finder, untilMS: in.ReceivedMS}
	}
	outcome, err := c.try()
	switch {
	case errors.As(err, &refused):
		v.tellAnswer(endpoint, result{Refused: refused})
	case v.edge.Finder == nil: // what a running server finds, and so answers, is not known
	case err != nil || r.undecided:
		v.tellAnswer(endpoint, result{Outcome: Outcome{TxID: in.TxID}, Processing: true})
	default:
		v.tellAnswer(endpoint, result{Outcome: outcome})
	}
}

// trial is a conversion that leaves nothing behind: no row, no claim, no place
// in a cap and no count.
func (e *Edge) trial(snap *Snapshot, r *report, in *events.Intake) *conversion {
	v := e.visits.Get().(*visit)
	v.snap, v.report, v.click.Trial = snap, r, true
	c := &conversion{visit: v, intake: in, finder: e.Finder, recorder: unwritten{}}
	if c.finder == nil {
		c.finder = outOfReach{}
	}
	return c
}

// try takes a conversion on trial to its row and tells the rest of its way. The
// conversion is not used again.
func (v *conversion) try() (Outcome, error) {
	ctx, cancel := context.WithTimeout(context.Background(), finishTime)
	defer cancel()
	o, err := v.finish(ctx)
	if v.in != nil {
		v.tellWay(&o, err)
	}
	pool := &v.edge.visits
	v.release()
	pool.Put(v.visit)
	return o, err
}

// tellWay tells what was settled on the way to an outcome.
func (v *conversion) tellWay(o *Outcome, err error) {
	r := v.report
	if v.row.Line != nil {
		r.Visitor = v.tellVisitor()
	}
	r.Link = v.tellLink()
	if err != nil || o.Amendment {
		return
	}
	r.Conversion.Event = v.tellEvent()
	if len(v.keys) > 0 {
		v.tellDuplicates(o)
	}
	if r.undecided {
		return
	}
	r.Decision = v.tellOutcome(o)
	if !o.Duplicate {
		r.Event = json.RawMessage(strings.TrimSpace(string(v.line)))
	}
}

// tellAnswer tells what the sender would get, and why he is refused.
func (v *visit) tellAnswer(endpoint link.Endpoint, res result) {
	if res.Refused != nil {
		v.report.Refused = res.Refused.Reason + ": " + res.Refused.Detail
	}
	v.answerConversion(endpoint, res)
	answer := &v.ctx.Response
	a := &explain.Answer{Status: answer.StatusCode(), ContentType: string(answer.Header.ContentType()), Body: string(answer.Body())}
	if endpoint == link.Pixel {
		a.Body = fmt.Sprintf("(an image of %d bytes)", len(answer.Body()))
	}
	v.report.Conversion.Answer = a
}

// begin makes the report one of a conversion at an integration.
func (r *report) begin(in *integration) {
	r.Integration = &explain.Integration{ID: in.doc.ID, Name: in.doc.Name, Plane: click.PlaneConversion.String()}
	r.Conversion = new(explain.Conversion)
}

// tellParameters tells the parameters of a request without its secrets; in is
// what was taken of them, nil for nothing.
func (r *report) tellParameters(in *integration, params []click.Param, taken *events.Intake) {
	mapping := in.reception.mapping
	for _, p := range params {
		told := explain.Parameter{Name: p.Name, Value: p.Value, Field: strings.Join(mapping.Fields(p.Name), ",")}
		switch {
		case mapping.IsSecret(p.Name):
			told.Value, told.Note = "", "a secret is not shown"
		case taken != nil && taken.AuthenticatedBy == events.ByClickID && mapping.Feeds(p.Name, claims[:]...):
			told.Note = "not believed: only somebody with the secure code may say it"
		}
		r.Parameters = append(r.Parameters, told)
	}
}

// unwritten is a Recorder that writes nothing: every claim would be recorded.
type unwritten struct{}

// Record implements events.Recorder.
func (unwritten) Record(context.Context, *events.Claim) (recorded bool, holder string, err error) {
	return true, "", nil
}

// outOfReach is the Finder of an edge without a click store.
type outOfReach struct{}

var errOutOfReach = fmt.Errorf("%w: it is not within reach", attribution.ErrUnavailable)

// Find implements attribution.Finder.
func (outOfReach) Find(context.Context, attribution.Query) (attribution.Answer, error) {
	return attribution.Answer{}, errOutOfReach
}
