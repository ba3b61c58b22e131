package edge

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
)

// recorded is what the row of a conversion tells beside its request.
type recorded struct {
	row  events.Row
	keys []onceKey
}

// question asks for the click that the row names.
func (r *recorded) question() (q attribution.Query, madeAt time.Time, err error) {
	q = attribution.Query{ClickID: r.row.Text("click_tx_id"), Keys: textsOf(r.keys)}
	if q.ClickID != "" {
		madeAt, err = clickid.Time(q.ClickID)
	}
	return q, madeAt, err
}

// thing is what caps have counted of the row.
func (r *recorded) thing(in *integration) (t caps.Thing, ok bool) {
	var c click.Click
	if r.row.Recall(&c) != nil {
		return t, false
	}
	c.Link.OfferID = r.row.Text("offer_db_id")
	if p, ok := in.publishers.ByID(r.row.Text("publisher_db_id")); ok {
		c.Link.PublisherNumber = p.number
	}
	return caps.ThingOf(&c)
}

// explainRow tells the way of a conversion or event in the log, for the time it
// came at.
func (v *visit) explainRow(row events.Row) error {
	in, known, err := rebuild(row, v.snap)
	if err != nil {
		return err
	}
	v.explainKept(in, &recorded{row: row, keys: keysOf(row)}, known)
	v.tellDifferences(row)
	return nil
}

// explainReceived tells the way of a conversion that was received and finished
// later.
func (v *visit) explainReceived(row events.Row) error {
	in, err := events.DecodeIntake(row.Line)
	if err != nil {
		return err
	}
	v.explainKept(in, nil, "its line in the log as it was received; it was to be finished from there")
	return nil
}

// explainKept tells the way of a conversion that is in the log: nobody waits for
// an answer any more.
func (v *visit) explainKept(in *events.Intake, rec *recorded, known string) {
	v.click.TimeMS = in.ReceivedMS
	v.startReport()
	r := v.report
	owner, ok := v.snap.parts.integrations.Get(in.IntegrationID)
	if !ok {
		r.Refused = refusalWords[refusedIntegration]
		return
	}
	r.begin(owner)
	r.Conversion.Endpoint, r.Conversion.Known = in.Endpoint, known
	if rec == nil {
		r.authentication("vouched for when it came, by "+in.AuthenticatedBy, "", true, "")
	}
	r.tellParameters(owner, in.Params, nil)
	c := v.edge.trial(v.snap, r, in)
	c.last, c.recorded = true, rec
	later := hindsight{Finder: c.finder, self: in.TxID, untilMS: in.ReceivedMS}
	if rec != nil {
		later.matchedBy = rec.row.Text("matched_by")
	}
	c.finder = later
	if _, err := c.try(); err != nil && !r.undecided {
		r.Refused = err.Error()
	}
}

// hindsight is a Finder of the past: it knows nothing that came later.
type hindsight struct {
	attribution.Finder
	self      string // a conversion that is no later than itself
	untilMS   int64
	matchedBy string // how the click was found then; empty: as now
}

// Find implements attribution.Finder.
func (h hindsight) Find(ctx context.Context, q attribution.Query) (attribution.Answer, error) {
	a, err := h.Finder.Find(ctx, q)
	if err != nil {
		return a, err
	}
	if h.matchedBy != "" && a.Row != nil {
		a.MatchedBy = h.matchedBy
	}
	a.Conversions = slices.DeleteFunc(a.Conversions, func(p attribution.Prior) bool { return h.isLater(p.TxID) })
	for key, holder := range a.Holders {
		if h.isLater(holder) {
			delete(a.Holders, key)
		}
	}
	return a, nil
}

func (h hindsight) isLater(txID string) bool {
	at, err := clickid.Time(txID)
	return err == nil && txID != h.self && at.UnixMilli() > h.untilMS
}

// keysOf are the keys under which a row was recorded.
func keysOf(row events.Row) (keys []onceKey) {
	var line struct {
		DedupeKeys []string `json:"dedupe_keys"`
	}
	if json.Unmarshal(row.Line, &line) != nil {
		return nil
	}
	for _, key := range line.DedupeKeys {
		keys = append(keys, onceKey{key: key, what: "key of its row"})
	}
	return keys
}
