package edge

import (
	"github.com/clickgate/clickgate/config"
)

// affect notes the offers that a changed document has a part in, as it was and
// as it is.
func (b *builder) affect(key config.Key) {
	if key.Kind == config.KindIntegration && b.bequeathsTheSame(key) {
		return
	}
	for _, set := range []*config.Set{b.before, b.after} {
		if doc, ok := set.Get(key); ok {
			b.affectBy(set, doc)
		}
	}
}

// affectBy notes the offers that a document of a set has a part in.
func (b *builder) affectBy(set *config.Set, doc config.Document) {
	switch doc := doc.(type) {
	case *config.Offer:
		b.affected[doc.ID] = struct{}{}
	case *config.LandingPage:
		b.affected[doc.Offer] = struct{}{}
	case *config.OfferEvent:
		b.affected[doc.Offer] = struct{}{}
	case *config.BlockedSubID:
		b.affectNumber(set, doc.OfferIncrementalID)
	case *config.PublisherPixel:
		b.affectNumber(set, doc.OfferIncrementalID)
	case *config.CustomPayout:
		b.affectNumber(set, doc.OfferIncrementalID)
	case *config.CustomThrottle:
		b.affectNumber(set, doc.OfferIncrementalID)
	case *config.Integration, *config.Advertiser, *config.TargetingGroup, *config.FraudFilterGroup:
		for _, referrer := range set.Referrers(doc.Key()) {
			switch referrer.Kind {
			case config.KindOffer:
				b.affected[referrer.ID] = struct{}{}
			case config.KindOfferEvent:
				if event, ok := set.Get(referrer); ok {
					b.affected[event.(*config.OfferEvent).Offer] = struct{}{}
				}
			}
		}
	}
}

func (b *builder) affectNumber(set *config.Set, offer int64) {
	if o, ok := set.ByNumber(config.KindOffer, offer); ok {
		b.affected[o.Key().ID] = struct{}{}
	}
}

// bequeathsTheSame tells that an integration changes nothing that its offers
// take over.
func (b *builder) bequeathsTheSame(key config.Key) bool {
	was, existed := b.before.Get(key)
	is, exists := b.after.Get(key)
	return existed && exists && inheritanceOf(was.(*config.Integration)) == inheritanceOf(is.(*config.Integration))
}
