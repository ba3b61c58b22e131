package edge

import (
	"github.com/clickgate/clickgate/config"
)

// offerDocuments are all documents that an offer is compiled from, besides its
// integration and its groups.
type offerDocuments struct {
	offer      *config.Offer
	advertiser *config.Advertiser
	pages      []*config.LandingPage
	blocked    []*config.BlockedSubID
	events     []*config.OfferEvent
	payouts    []*config.CustomPayout
	throttles  []*config.CustomThrottle
	pixels     []*config.PublisherPixel
}

// add files a document that is a part of the offer.
func (d *offerDocuments) add(part config.Document) {
	switch part := part.(type) {
	case *config.LandingPage:
		d.pages = append(d.pages, part)
	case *config.BlockedSubID:
		d.blocked = append(d.blocked, part)
	case *config.OfferEvent:
		if !part.Archived {
			d.events = append(d.events, part)
		}
	case *config.CustomPayout:
		d.payouts = append(d.payouts, part)
	case *config.CustomThrottle:
		d.throttles = append(d.throttles, part)
	case *config.PublisherPixel:
		d.pixels = append(d.pixels, part)
	}
}

// documentsOf looks up what belongs to an offer.
func documentsOf(set *config.Set, doc *config.Offer) offerDocuments {
	d := offerDocuments{offer: doc}
	if a, ok := set.ByNumber(config.KindAdvertiser, doc.AdvertiserID); ok {
		d.advertiser = a.(*config.Advertiser)
	}
	for _, key := range set.Referrers(doc.Key()) {
		if part, ok := set.Get(key); ok {
			d.add(part)
		}
	}
	return d
}

// allOffers gathers the documents of all offers of a set, in one walk: it needs
// none of the set's indexes.
func allOffers(set *config.Set) []offerDocuments {
	advertisers := map[int64]*config.Advertiser{}
	for doc := range set.Advertisers() {
		advertisers[doc.IncrementalID] = doc
	}
	count := 0
	for range set.Offers() {
		count++
	}
	all := make([]offerDocuments, 0, count)
	byID, byNumber := make(map[string]int, count), make(map[int64]int, count)
	for doc := range set.Offers() {
		byID[doc.ID], byNumber[doc.IncrementalID] = len(all), len(all)
		all = append(all, offerDocuments{offer: doc, advertiser: advertisers[doc.AdvertiserID]})
	}
	for doc := range set.LandingPages() {
		addTo(all, byID, doc.Offer, doc)
	}
	for doc := range set.OfferEvents() {
		addTo(all, byID, doc.Offer, doc)
	}
	for doc := range set.BlockedSubIDs() {
		addTo(all, byNumber, doc.OfferIncrementalID, doc)
	}
	for doc := range set.CustomPayouts() {
		addTo(all, byNumber, doc.OfferIncrementalID, doc)
	}
	for doc := range set.CustomThrottles() {
		addTo(all, byNumber, doc.OfferIncrementalID, doc)
	}
	for doc := range set.OfKind(config.KindPublisherPixel) {
		addTo(all, byNumber, doc.(*config.PublisherPixel).OfferIncrementalID, doc)
	}
	return all
}

// addTo files a document with the offer that it names.
func addTo[K comparable](all []offerDocuments, places map[K]int, offer K, part config.Document) {
	if i, ok := places[offer]; ok {
		all[i].add(part)
	}
}
