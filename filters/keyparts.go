package filters

import (
	"cmp"

	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// keyParts are the values that a counter is kept apart by: with has_offer,
// each offer has a count of its own.
type keyParts struct {
	sourceParts
	HasUserAgent bool `json:"has_user_agent"`
}

// sourceParts are the key parts that say where a click comes from.
type sourceParts struct {
	HasOffer     bool `json:"has_offer"`
	HasPublisher bool `json:"has_publisher"`
	HasSubID     bool `json:"has_sub_id"`
}

// The marks tell the parts of a key apart.
const (
	markOffer = iota
	markOfferRaw
	markPublisher
	markPublisherRaw
	markSubID
	markUserAgent
)

// add puts the values of a click into a key.
func (p *keyParts) add(k state.Key, c *click.Click) state.Key {
	k = p.sourceParts.add(k, c)
	if p.HasUserAgent {
		k = k.Mark(markUserAgent).String(c.UserAgent)
	}
	return k
}

// explain adds the values that make the key.
func (p *keyParts) explain(c *click.Click, e *Explanation) {
	p.sourceParts.explain(c, e)
	if p.HasUserAgent {
		e.Input("user_agent", c.UserAgent)
	}
}

func (p *sourceParts) add(k state.Key, c *click.Click) state.Key {
	if p.HasOffer {
		k = addOffer(k, c)
	}
	if p.HasPublisher {
		k = addPublisher(k, c)
	}
	if p.HasSubID {
		k = addSubID(k, c)
	}
	return k
}

func (p *sourceParts) explain(c *click.Click, e *Explanation) {
	if p.HasOffer {
		e.Input("offer", offerOf(c))
	}
	if p.HasPublisher {
		e.Input("publisher", publisherOf(c))
	}
	if p.HasSubID {
		e.Input("sub_id", c.SubID[0])
	}
}

// addSource adds what rates are measured by: publisher, offer and, where asked
// for, sub id.
func addSource(k state.Key, c *click.Click, bySubID bool) state.Key {
	k = addOffer(addPublisher(k, c), c)
	if bySubID {
		k = addSubID(k, c)
	}
	return k
}

func explainSource(c *click.Click, e *Explanation, bySubID bool) {
	p := sourceParts{HasOffer: true, HasPublisher: true, HasSubID: bySubID}
	p.explain(c, e)
}

// addOffer adds the offer: by its id, so that all names of one offer count
// together, or as it came when it was not resolved.
func addOffer(k state.Key, c *click.Click) state.Key {
	if c.Link.OfferID != "" {
		return k.Mark(markOffer).String(c.Link.OfferID)
	}
	return k.Mark(markOfferRaw).String(c.Offer)
}

// addPublisher is addOffer for the publisher.
func addPublisher(k state.Key, c *click.Click) state.Key {
	if c.Link.PublisherID != "" {
		return k.Mark(markPublisher).String(c.Link.PublisherID)
	}
	return k.Mark(markPublisherRaw).String(c.Publisher)
}

func addSubID(k state.Key, c *click.Click) state.Key { return k.Mark(markSubID).String(c.SubID[0]) }

// offerOf and publisherOf are the values that addOffer and addPublisher add.
func offerOf(c *click.Click) string     { return cmp.Or(c.Link.OfferID, c.Offer) }
func publisherOf(c *click.Click) string { return cmp.Or(c.Link.PublisherID, c.Publisher) }
