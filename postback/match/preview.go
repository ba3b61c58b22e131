package match

import (
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
)

// errNoEvent says that a row is none that calls are made for.
var errNoEvent = errors.New("the row is no click, impression, conversion or event of a visitor with an id and a status")

// Preview is the call that a document would make for an event.
type Preview struct {
	Call call.Call
	// Fires tells whether the event would fire it: whether it is active, of the
	// event's integration or publisher, and its filters let the event pass.
	Fires bool
}

// Preview makes up the call of a postback manager or a publisher's postback for
// an event, whether the event would fire it or not. d need not be live. The
// call's key is that of a test: no receiver takes it for a real one.
func (r *Rules) Preview(d config.Document, row events.Row, now time.Time) (Preview, error) {
	e, ok := r.eventOf(row)
	if !ok {
		return Preview{}, errNoEvent
	}
	rule, of, err := r.single(d)
	if err != nil {
		return Preview{}, fmt.Errorf("%s: %w", d.Key(), err)
	}
	_, meets := rule.meets(e)
	c, err := rule.call(e, call.KeyOf(e.txID, call.TestRequest, rule.owner, now.String()), now)
	if err != nil {
		return Preview{}, fmt.Errorf("%s: %w", d.Key(), err)
	}
	return Preview{Call: c, Fires: meets && of(e)}, nil
}

// single compiles one document, and tells whose events it is for.
func (r *Rules) single(d config.Document) (one *rule, of func(*event) bool, err error) {
	switch d := d.(type) {
	case *config.PostbackManager:
		one, err = managerRule(d)
		return one, func(e *event) bool {
			return d.Active && d.Integration == e.integration && d.ServiceType == e.service &&
				named(d.Filters.PublisherID, e.publisherNames) && named(d.Filters.OfferID, e.offerNames)
		}, err
	case *config.PublisherPostback:
		one, err = postbackRule(d)
		return one, func(e *event) bool { return d.Active && r.isFor(d, e) }, err
	}
	return nil, nil, errors.New("makes no calls: only postback managers and publishers' postbacks can be tried")
}

// named tells whether a filter is empty or one of an event's names.
func named(filter string, names [3]string) bool {
	return filter == "" || filter == names[1] || filter == names[2]
}

// isFor tells whether an event is one that a publisher's postback is for: one
// for all offers gives way to the publisher's own for the event's.
func (r *Rules) isFor(d *config.PublisherPostback, e *event) bool {
	if e.row.Kind != events.Conversion && e.row.Kind != events.Event {
		return false
	}
	if e.publisher == nil || e.publisher.IncrementalID != d.PublisherIncrementalID {
		return false
	}
	if d.OfferIncrementalID != 0 {
		return d.OfferIncrementalID == e.offerNumber
	}
	return e.offerNumber == 0 || len(r.postbacks[postbackKey{d.PublisherIncrementalID, e.offerNumber}]) == 0
}
