package filters

import (
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// keyParts are the values that a counter is kept apart by: with has_offer,
// each offer has a count of its own.
type keyParts struct {
	HasOffer     bool `json:"has_offer"`
	HasPublisher bool `json:"has_publisher"`
	HasSubID     bool `json:"has_sub_id"`
	HasUserAgent bool `json:"has_user_agent"`
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
	if p.HasOffer {
		k = addOffer(k, c)
	}
	if p.HasPublisher {
		k = addPublisher(k, c)
	}
	if p.HasSubID {
		k = k.Mark(markSubID).String(c.SubID[0])
	}
	if p.HasUserAgent {
		k = k.Mark(markUserAgent).String(c.UserAgent)
	}
	return k
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
