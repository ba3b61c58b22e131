// Package match finds the calls that an event asks for: those of postback
// managers, of publishers' postbacks, to the platform behind an
// integration, of forwarded impressions and of parallel tracking
//
package match

import (
	"fmt"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/postback/call"
	"github.com/clickgate/clickgate/postback/macro"
)

// Rules are the documents of one version of the config, compiled. They are
// immutable and serve any number of goroutines.
type Rules struct {
	set       *config.Set
	managers  map[managerKey][]*rule
	postbacks map[postbackKey][]*rule
	syncs     map[string]*rule // by integration
	forwards  map[string]*rule // by offer
	parallels map[string]*rule // by offer
	wants     map[events.Kind]bool
	problems  []Problem
	// known are the rules by their document, for the next version: most
	// documents are the same ones then.
	known map[known]*rule
}

// managerKey is what finds the managers for an event: ids are as their filters
// name them, empty for any.
type managerKey struct{ integration, service, publisher, offer string }

// postbackKey names a publisher's postbacks for an offer, or for all with 0.
type postbackKey struct{ publisher, offer int64 }

// Problem is a document whose calls cannot be made.
type Problem struct {
	Key config.Key
	Err error
}

// Problems are the documents that the rules do without.
func (r *Rules) Problems() []Problem { return r.problems }

// Wants tells whether events of a kind can ask for calls, so that others need
// not be decoded. Conversions and events are always wanted: that their status
// was seen matters to managers yet to come.
func (r *Rules) Wants(kind events.Kind) bool {
	return kind == events.Conversion || kind == events.Event || r.wants[kind]
}

// Asked is what an event asks for.
type Asked struct {
	// Mark names the event in its status: an event whose mark was seen has
	// nothing new to say. It is empty where that does not matter.
	Mark  string
	Calls []call.Call
	// Errs are calls that could not be made up.
	Errs []error
}

// Ask returns the calls of an event, as of now. Which of them were made before
// is known to the queue: the keys of calls say it.
func (r *Rules) Ask(row events.Row, now time.Time) Asked {
	e, ok := r.eventOf(row)
	if !ok {
		return Asked{}
	}
	asked := Asked{Mark: e.mark()}
	for _, hit := range r.hits(e) {
		c, err := hit.rule.call(e, call.KeyOf(e.txID, hit.rule.source, hit.rule.owner, hit.status), now)
		if err != nil {
			asked.Errs = append(asked.Errs, fmt.Errorf("%s %s for %s: %w", hit.rule.source, hit.rule.owner, e.txID, err))
			continue
		}
		asked.Calls = append(asked.Calls, c)
	}
	return asked
}

// hit is a rule that an event meets, and the status that its key names.
type hit struct {
	rule   *rule
	status string
}

// hits finds all rules that an event meets.
func (r *Rules) hits(e *event) (hits []hit) {
	try := func(candidates ...*rule) {
		for _, candidate := range candidates {
			if candidate == nil {
				continue
			}
			if status, ok := candidate.meets(e); ok {
				hits = append(hits, hit{candidate, status})
			}
		}
	}
	r.eachManager(e, try)
	switch e.row.Kind {
	case events.Impression:
		try(r.forwards[e.offerID])
	case events.Click:
		try(r.parallels[e.offerID])
	case events.Conversion, events.Event:
		try(r.postbacksFor(e)...)
		try(r.syncs[e.integration])
	}
	return hits
}

// eachManager tries the managers that fit by publisher and offer, however their
// filters name those.
func (r *Rules) eachManager(e *event, try func(...*rule)) {
	for i, publisher := range e.publisherNames {
		if i > 0 && publisher == "" {
			continue
		}
		for j, offer := range e.offerNames {
			if j == 0 || offer != "" {
				try(r.managers[managerKey{e.integration, e.service, publisher, offer}]...)
			}
		}
	}
}

// postbacksFor are the publisher's postbacks for the offer, or else those for
// all offers.
func (r *Rules) postbacksFor(e *event) []*rule {
	if e.publisher == nil {
		return nil
	}
	own := r.postbacks[postbackKey{e.publisher.IncrementalID, e.offerNumber}]
	if e.offerNumber != 0 && len(own) > 0 {
		return own
	}
	return r.postbacks[postbackKey{e.publisher.IncrementalID, 0}]
}

// event is an event with what matters to rules.
type event struct {
	row                              events.Row
	txID, integration, service       string
	offerID, eventID, eventName      string
	offerNumber                      int64
	publisher                        *config.Publisher // nil where the config has it no more
	status                           click.Status
	changed                          bool // the row is a later version of its conversion
	passed                           bool // the visitor came through
	at                               time.Time
	publisherNames, offerNames       [3]string // "", opaque id, number
	eventNames                       [2]string // opaque id, number
	publisherNumber, publisherOpaque string
}

// mark names a conversion or event in its status.
func (e *event) mark() string {
	if e.row.Kind != events.Conversion && e.row.Kind != events.Event {
		return ""
	}
	return call.KeyOf(e.txID, "status", "", e.status.String())
}

// values are what macros stand for.
func (e *event) values(accountKey string) macro.Values {
	return macro.Values{Row: e.row, PublisherNumber: e.publisherNumber, AccountKey: accountKey}
}
