package config

// reference is what a document says of another one: its id, or its incremental
// id when the id is empty.
type reference struct {
	kind   Kind
	id     string
	number int64
}

// referencesOf calls visit for everything that d refers to and that must be
// there. The sources that filter groups, postback managers and integrations
// name in passing need not be there.
func referencesOf(d Document, visit func(r reference)) {
	byID := func(kind Kind, ids ...string) {
		for _, id := range ids {
			if id != "" {
				visit(reference{kind: kind, id: id})
			}
		}
	}
	byNumber := func(kind Kind, number int64) {
		if number > 0 {
			visit(reference{kind: kind, number: number})
		}
	}
	pair := func(publisher, offer int64) {
		byNumber(KindPublisher, publisher)
		byNumber(KindOffer, offer)
	}
	switch d := d.(type) {
	case *Advertiser:
		byID(KindPublisher, d.BlockedPublisherIDs...)
	case *TargetingGroup:
		byID(KindIntegration, d.Integration)
	case *FraudFilterGroup:
		byID(KindIntegration, d.Integration)
	case *FilterGroup:
		byID(KindIntegration, d.Integration)
		byID(KindAdvertiser, d.AdvertiserIDs...)
		byID(KindPublisher, d.PublisherIDs...)
	case *Offer:
		byID(KindIntegration, d.Integration)
		byNumber(KindAdvertiser, d.AdvertiserID)
		byID(KindTargetingGroup, d.TargetingGroupID)
		byID(KindFraudFilterGroup, d.FraudFilterGroupID)
		byID(KindLandingPage, d.DefaultLandingPageID)
		byID(KindPublisher, d.ApprovedPublisherIDs...)
		byID(KindPublisher, d.TermsAcceptedPublisherIDs...)
		byID(KindPublisher, d.BlockedPublisherIDs...)
		for i := range d.Payments {
			for _, partner := range d.Payments[i].Partners {
				byNumber(KindPublisher, partner)
			}
		}
		for i := range d.Caps {
			for _, affiliate := range d.Caps[i].Affiliates {
				byNumber(KindPublisher, affiliate)
			}
		}
	case *LandingPage:
		byID(KindOffer, d.Offer)
	case *OfferEvent:
		byID(KindOffer, d.Offer)
		byID(KindFraudFilterGroup, d.FraudFilterGroupID)
	case *BlockedSubID:
		pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	case *CustomPayout:
		pair(d.PublisherIncrementalID, d.OfferIncrementalID)
		byNumber(KindOfferEvent, d.EventIncrementalID)
	case *CustomThrottle:
		pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	case *PostbackManager:
		byID(KindIntegration, d.Integration)
	case *OfferDictionary:
		byID(KindIntegration, d.Integration)
	case *PublisherDictionary:
		byID(KindIntegration, d.Integration)
	case *PublisherSubID:
		byID(KindPublisher, d.Publisher)
	case *SmartLink:
		byID(KindIntegration, d.Integration)
		for i := range d.Offers {
			byID(KindOffer, d.Offers[i].Offer)
		}
		byID(KindOffer, d.FallbackOffer)
	case *PublisherPostback:
		pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	case *PublisherPixel:
		pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	case *APIKey:
		byID(KindUser, d.UserID)
		byID(KindPublisherUser, d.PublisherUserID)
	}
}
