package caps

import (
	"fmt"
	"strconv"

	"github.com/clickgate/clickgate/config"
)

// Compile makes the rules of a config. An error names each cap that cannot be
// compiled, with what is allowed; a config that is valid has none.
func Compile(set *config.Set) (*Rules, error) {
	events := map[string][]*config.OfferEvent{}
	for e := range set.OfferEvents() {
		events[e.Offer] = append(events[e.Offer], e)
	}
	edit := (*Rules)(nil).edit()
	for o := range set.Offers() {
		edit.offer(o, events[o.ID])
	}
	for p := range set.Publishers() {
		edit.publisher(p)
	}
	return edit.rules()
}

// Update makes the rules of a config that differs from the one of r, before, in
// the documents changed at most. It takes as long as there are changes.
func (r *Rules) Update(before, set *config.Set, changed []config.Key) (*Rules, error) {
	offers := map[string]struct{}{}
	edit := r.edit()
	for _, key := range changed {
		switch key.Kind {
		case config.KindOffer:
			offers[key.ID] = struct{}{}
		case config.KindOfferEvent:
			offerOfEvent(before, key, offers)
			offerOfEvent(set, key, offers)
		case config.KindPublisher:
			if d, found := before.Get(key); found {
				edit.publishers.Delete(number(d.(*config.Publisher).IncrementalID))
			}
		}
	}
	for _, key := range changed {
		if d, found := set.Get(key); found && key.Kind == config.KindPublisher {
			edit.publisher(d.(*config.Publisher))
		}
	}
	for id := range offers {
		edit.offers.Delete(id)
		if d, found := set.Get(config.Key{Kind: config.KindOffer, ID: id}); found {
			edit.offer(d.(*config.Offer), eventsOf(set, id))
		}
	}
	return edit.rules()
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// offerOfEvent adds the offer of an event.
func offerOfEvent(set *config.Set, event config.Key, offers map[string]struct{}) {
	if d, found := set.Get(event); found {
		offers[d.(*config.OfferEvent).Offer] = struct{}{}
	}
}

// eventsOf are the events of an offer.
func eventsOf(set *config.Set, offer string) (events []*config.OfferEvent) {
	for _, key := range set.Referrers(config.Key{Kind: config.KindOffer, ID: offer}) {
		if d, found := set.Get(key); found && key.Kind == config.KindOfferEvent {
			events = append(events, d.(*config.OfferEvent))
		}
	}
	return events
}

// offer adds the caps of an offer that has any.
func (e *rulesEdit) offer(doc *config.Offer, events []*config.OfferEvent) {
	if len(doc.Caps) == 0 {
		return
	}
	t := terms{
		owner: Owner{OfferOwner, doc.ID}, diverts: doc.IsRedirectOvercap, percent: int(doc.NoticePercentOvercap),
		events: events, initial: doc.ConversionName,
	}
	o, err := t.owned(doc.Caps, doc.CapsStatus, doc.CapsTimezone, doc.Timezone)
	if err != nil {
		e.problems = append(e.problems, fmt.Errorf("%s: %w", t.owner, err))
		return
	}
	e.offers.Put(doc.ID, o)
}

// publisher adds the caps of a publisher that has any: over all offers, with
// the statuses that count by default.
func (e *rulesEdit) publisher(doc *config.Publisher) {
	if len(doc.Caps) == 0 {
		return
	}
	t := terms{owner: Owner{PublisherOwner, number(doc.IncrementalID)}}
	caps := make([]config.OfferCap, len(doc.Caps))
	for i := range doc.Caps {
		caps[i].Cap = doc.Caps[i]
	}
	o, err := t.owned(caps, nil, doc.CapsTimezone)
	if err != nil {
		e.problems = append(e.problems, fmt.Errorf("%s: %w", t.owner, err))
		return
	}
	e.publishers.Put(t.owner.ID, o)
}
