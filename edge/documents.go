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
}

// documentsOf looks up what belongs to an offer.
func documentsOf(set *config.Set, doc *config.Offer) offerDocuments {
	d := offerDocuments{offer: doc}
	if a, ok := set.ByNumber(config.KindAdvertiser, doc.AdvertiserID); ok {
		d.advertiser = a.(*config.Advertiser)
	}
	for _, key := range set.Referrers(doc.Key()) {
		switch part, _ := set.Get(key); part := part.(type) {
		case *config.LandingPage:
			d.pages = append(d.pages, part)
		case *config.BlockedSubID:
			d.blocked = append(d.blocked, part)
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
		if i, ok := byID[doc.Offer]; ok {
			all[i].pages = append(all[i].pages, doc)
		}
	}
	for doc := range set.BlockedSubIDs() {
		if i, ok := byNumber[doc.OfferIncrementalID]; ok {
			all[i].blocked = append(all[i].blocked, doc)
		}
	}
	return all
}
