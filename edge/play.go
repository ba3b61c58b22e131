package edge

import (
	"bytes"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// Played is what becomes of a click that is played back.
type Played struct {
	// Row is the event it would leave; nil when it would leave none, and then
	// Refused says why.
	Row     []byte
	Refused string
	// URL is where the visitor would go, with {click_id} where his click's id
	// stands; empty for nowhere.
	URL string
	// Rejections and the others are what was decided.
	Rejections click.ReasonSet
	Primary    click.Reason
	Blocked    bool
}

// Play takes a request of the past through the edge as if it came now: it is
// counted and answered, and leaves no event. The edge's clock must be the
// request's own (Parts.Now).
func (e *Edge) Play(ctx *fasthttp.RequestCtx) Played {
	v := e.visits.Get().(*visit)
	v.begin(ctx)
	defer v.end()
	why := v.findClick()
	if why == notRefused {
		why = v.decide()
	}
	if why != notRefused {
		v.refuse(why)
		return Played{Refused: refusalNames[why]}
	}
	v.encode()
	v.answer()
	return v.played()
}

// findClick is find for what can only be a click or an impression.
func (v *visit) findClick() refusal {
	endpoint, why := v.find()
	if why == notRefused && endpoint != link.Click && endpoint != link.Impression {
		return refusedPath
	}
	return why
}

// PlayEvent judges the click of a recorded event anew, at the time it came. It
// is counted and leaves no event. What the event says about device and signals
// is taken for true; the address is looked up again.
func (e *Edge) PlayEvent(row events.Row) (Played, error) {
	v := e.visits.Get().(*visit)
	defer v.end()
	v.snap = v.edge.snapshot.Load()
	if err := row.Recall(&v.click); err != nil {
		return Played{}, err
	}
	why := v.findRecalled(row.Text("integration_id"))
	if why == notRefused {
		why = v.decideRecalled()
	}
	if why != notRefused {
		return Played{Refused: refusalNames[why]}, nil
	}
	v.encode()
	return v.played(), nil
}

// findRecalled is find for a click that was recalled from an event.
func (v *visit) findRecalled(integration string) refusal {
	in, ok := v.snap.parts.integrations.Get(integration)
	if !ok {
		return refusedIntegration
	}
	if v.in = in; !in.doc.Active {
		return refusedInactive
	}
	return notRefused
}

// decideRecalled is decide for a click that was recalled from an event.
func (v *visit) decideRecalled() refusal {
	recorded, signals := v.click.Device, v.click.Signals
	v.enrich()
	v.lookUp()
	v.click.Device, v.click.Signals = mergeDevice(recorded, v.click.Device), signals
	return v.verdict()
}

// mergeDevice is the device of an event: what client hints had told is in the
// event only, and whether it is a program the user agent tells.
func mergeDevice(recorded, parsed *click.Device) *click.Device {
	if recorded.BrowserName == "" && recorded.OSName == "" {
		return parsed
	}
	d := *parsed
	d.BrowserName, d.BrowserVersion = recorded.BrowserName, recorded.BrowserVersion
	d.OSName, d.OSVersion, d.Type = recorded.OSName, recorded.OSVersion, recorded.Type
	return &d
}

func (v *visit) played() Played {
	verdict := &v.click.Verdict
	return Played{
		Row: bytes.Clone(v.line), URL: strings.ReplaceAll(string(v.url), string(v.click.TxID[:]), "{click_id}"),
		Rejections: verdict.Rejections, Primary: verdict.Primary, Blocked: verdict.Blocked,
	}
}
