package match

import (
	"strconv"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// eventOf reads a row. Rows that are no event of a visitor ask for nothing:
// previews, prefetches, and kinds that nobody calls for.
func (r *Rules) eventOf(row events.Row) (*event, bool) {
	switch row.Kind {
	case events.Click, events.Impression:
		if row.Text("purpose") != "" {
			return nil, false
		}
	case events.Conversion, events.Event:
	default:
		return nil, false
	}
	status, err := click.ParseStatus(row.Text("status"))
	txID := row.Text("tx_id")
	if err != nil || txID == "" {
		return nil, false
	}
	e := &event{
		row: row, txID: txID, status: status,
		integration: row.Text("integration_id"), service: row.Kind.String(),
		offerID: row.Text("offer_db_id"), eventID: row.Text("event_id"), eventName: row.Text("event_name"),
		changed: row.Text("updated_time") != "",
		passed:  status == click.Approved || row.Text("monitoring_mode") == "1",
		at:      timeOf(row),
	}
	r.resolve(e)
	return e, true
}

// resolve looks up what rows leave out.
func (r *Rules) resolve(e *event) {
	e.publisherOpaque = e.row.Text("publisher_db_id")
	if d, ok := r.set.Get(config.Key{Kind: config.KindPublisher, ID: e.publisherOpaque}); ok {
		e.publisher = d.(*config.Publisher)
		e.publisherNumber = strconv.FormatInt(e.publisher.IncrementalID, 10)
	}
	number := e.row.Text("offer_id")
	if d, ok := r.set.Get(config.Key{Kind: config.KindOffer, ID: e.offerID}); ok {
		e.offerNumber = d.(*config.Offer).IncrementalID
		number = strconv.FormatInt(e.offerNumber, 10)
	}
	e.publisherNames = [3]string{"", e.publisherOpaque, e.publisherNumber}
	e.offerNames = [3]string{"", e.offerID, number}
	e.eventNames = [2]string{e.row.Text("event_db_id"), e.eventID}
}

// timeOf is when the event happened: for a changed conversion, when it was
// changed. A row without a time is as old as can be.
func timeOf(row events.Row) time.Time {
	for _, field := range [...]string{"updated_time", "request_time"} {
		if at, err := time.Parse(time.RFC3339Nano, row.Text(field)); err == nil {
			return at.UTC()
		}
	}
	return time.Unix(0, 0).UTC()
}

// isInitial tells the conversion itself from the events after it.
func (e *event) isInitial() bool { return e.eventID == "" || e.eventID == "0" }
