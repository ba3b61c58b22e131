package match

import (
	"errors"
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
)

// compile makes the rule of a document, and what tells whose events it is for.
func (t *Trial) compile(d config.Document, source call.Source) (err error) {
	t.kinds = []events.Kind{events.Conversion, events.Event}
	switch d := d.(type) {
	case *config.PostbackManager:
		return t.manager(d)
	case *config.PublisherPostback:
		t.active = d.Active
		t.of = func(e *event) bool {
			return e.publisher != nil && e.publisher.IncrementalID == d.PublisherIncrementalID
		}
		t.in = func(e *event) bool { return t.rules.isFor(d, e) }
		t.rule, err = postbackRule(d)
		return err
	case *config.Integration:
		if d.AccountAPIURL == "" {
			return errors.New("has no account_api_url to report conversions to")
		}
		t.active = d.ConversionThirdPartySyncEnabled
		t.of = func(e *event) bool { return e.integration == d.ID }
		t.in = t.ofKinds
		t.rule, err = syncRule(d)
		return err
	case *config.Offer:
		return t.offer(d, source)
	}
	return errors.New("makes no calls: only postback managers, publishers' postbacks, integrations and offers do")
}

func (t *Trial) manager(d *config.PostbackManager) error {
	kind, err := events.ParseKind(d.ServiceType)
	if err != nil {
		return err
	}
	t.kinds, t.active = []events.Kind{kind}, d.Active
	t.of = func(e *event) bool {
		return e.integration == d.Integration && named(d.Filters.PublisherID, e.publisherNames)
	}
	t.in = func(e *event) bool { return t.ofKinds(e) && named(d.Filters.OfferID, e.offerNames) }
	t.rule, err = managerRule(d)
	return err
}

func (t *Trial) offer(d *config.Offer, source call.Source) error {
	if source == "" && (d.ImpressionForwardingURL != "" || d.ParallelTrackingURL == "") {
		source = call.Forwarding
	}
	url := d.ImpressionForwardingURL
	t.kinds, t.active = []events.Kind{events.Impression}, d.ImpressionForwardingEnabled
	if source != call.Forwarding {
		source, url = call.Parallel, d.ParallelTrackingURL
		t.kinds, t.active = []events.Kind{events.Click}, d.ParallelTrackingEnabled
	}
	if url == "" {
		return errors.New("has no URL for " + string(source))
	}
	t.of, t.in = func(e *event) bool { return e.offerID == d.ID }, t.ofKinds
	var err error
	t.rule, err = offerRule(d, source, url)
	return err
}

func (t *Trial) ofKinds(e *event) bool { return slices.Contains(t.kinds, e.row.Kind) }

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
