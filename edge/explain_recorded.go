package edge

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/explain"
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

// unknownOf says what rows do not keep of a request.
const unknownOf = "its row. What rows do not keep is not known: how it was authenticated, which offer it named, and the status, payout and revenue that it asked for"

// rebuild makes the request of a conversion from its row.
func rebuild(row events.Row, snap *Snapshot) (in *events.Intake, known string, err error) {
	var c click.Click
	if err := row.Recall(&c); err != nil {
		return nil, "", err
	}
	in = &events.Intake{
		TxID: row.Text("tx_id"), ReceivedMS: c.TimeMS, IntegrationID: row.Text("integration_id"),
		RemoteIP: c.Conversion.IP, ServerIP: c.Conversion.ServerIP, UserAgent: c.UserAgent, UUID: c.UUID,
		AuthenticatedBy: events.ByClickID, // nobody's address is looked at again
	}
	owner, ok := snap.parts.integrations.Get(in.IntegrationID)
	if !ok {
		return in, unknownOf, nil
	}
	for _, p := range parametersOf(row, &c) {
		if p.value != "" {
			in.Params = append(in.Params, click.Param{Name: owner.reception.mapping.Name(p.field), Value: p.value})
		}
	}
	in.Params = append(in.Params, c.Params...)
	return in, unknownOf, nil
}

// parameter is a field of a request with its value.
type parameter struct {
	field convert.Field
	value string
}

// parametersOf are the fields of a request that its row keeps; c is what was
// recalled of it.
func parametersOf(row events.Row, c *click.Click) []parameter {
	cv := &c.Conversion
	list := []parameter{
		{convert.Event, cv.EventID}, {convert.ExternalTransactionID, c.ExternalTransactionID}, {convert.ConversionRef, cv.ConversionRef},
		{convert.PurchaseValue, nonZero(cv.PurchaseValue.String())}, {convert.CouponCode, c.Coupon}, {convert.DeviceID, c.DeviceID},
		{convert.ConversionIP, row.Text("conversion_ip")}, {convert.ConversionTime, milliseconds(cv.TimeMS)},
		{convert.BeginInstallTime, milliseconds(cv.BeginInstallMS)}, {convert.FinishInstallTime, milliseconds(cv.FinishInstallMS)},
		{convert.AppID, cv.AppID}, {convert.AppVersion, cv.AppVersion},
		{convert.ThirdPartyStatus, cv.ThirdPartyStatus}, {convert.ThirdPartyRejectedReason, cv.ThirdPartyReason},
	}
	if cv.MatchedBy == attribution.ByClickID {
		list = append(list, parameter{convert.ClickID, cv.ClickTxID})
	}
	if cv.ClickTxID == "" { // else the offer and the publisher are the click's
		list = append(list, parameter{convert.Offer, row.Text("offer_db_id")}, parameter{convert.Publisher, row.Text("publisher_db_id")},
			parameter{convert.ClickTime, milliseconds(cv.ClickTimeMS)})
	}
	if slices.Contains(rejectionsOf(row), click.AdvertiserRejected.String()) {
		list = append(list, parameter{convert.Status, click.Rejected.String()})
	}
	return list
}

// rejectionsOf are the reasons that a row was rejected for when it came.
func rejectionsOf(row events.Row) []string {
	var line struct {
		Rejections []string `json:"rejections"`
	}
	if json.Unmarshal(row.Line, &line) != nil {
		return nil
	}
	return line.Rejections
}

func nonZero(amount string) string {
	if amount == "0" {
		return ""
	}
	return amount
}

func milliseconds(ms int64) string {
	if ms == 0 {
		return ""
	}
	return strconv.FormatInt(ms, 10)
}

// compared are the fields in which a row may say something else than today.
var compared = [...]string{
	"status", "rejected_primary_reason", "rejections", "filters_hit", "filter_group_id", "payout", "revenue", "rejected_payout", "rejected_revenue",
	"currency", "click_tx_id", "matched_by", "offer_db_id", "publisher_db_id", "event_db_id", "throttled", "cap_reason",
	"updated_time", "updated_by", "update_note",
}

// tellDifferences tells what a row says otherwise. Where there would be no row
// its status stands alone.
func (v *visit) tellDifferences(row events.Row) {
	r := v.report
	if r.Conversion == nil {
		return
	}
	differ := func(field, then, now string) {
		if then != now {
			r.Conversion.Differences = append(r.Conversion.Differences, explain.Difference{Field: field, Recorded: then, Now: now})
		}
	}
	if r.Event == nil {
		now := "refused"
		switch {
		case r.Decision != nil:
			now = "duplicate"
		case r.undecided:
			now = "undecided"
		}
		differ("status", row.Text("status"), now)
		return
	}
	then, now := textsIn(row.Line), textsIn(r.Event)
	for _, field := range compared {
		differ(field, then[field], now[field])
	}
}

// textsIn are the fields of a row as texts: strings without quotes, others as
// JSON.
func textsIn(line []byte) map[string]string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil {
		return nil
	}
	texts := make(map[string]string, len(fields))
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		texts[name] = text
	}
	return texts
}
