package config

// kinds lists every kind once, in the order of their constants: the live
// documents, then the accounts.
var kinds = [...]struct {
	kind Kind
	make func() Document
}{
	{KindIntegration, func() Document { return new(Integration) }},
	{KindAdvertiser, func() Document { return new(Advertiser) }},
	{KindPublisher, func() Document { return new(Publisher) }},
	{KindTargetingGroup, func() Document { return new(TargetingGroup) }},
	{KindFraudFilterGroup, func() Document { return new(FraudFilterGroup) }},
	{KindFilterGroup, func() Document { return new(FilterGroup) }},
	{KindOffer, func() Document { return new(Offer) }},
	{KindLandingPage, func() Document { return new(LandingPage) }},
	{KindOfferEvent, func() Document { return new(OfferEvent) }},
	{KindBlockedSubID, func() Document { return new(BlockedSubID) }},
	{KindCustomPayout, func() Document { return new(CustomPayout) }},
	{KindCustomThrottle, func() Document { return new(CustomThrottle) }},
	{KindPostbackManager, func() Document { return new(PostbackManager) }},
	{KindOfferDictionary, func() Document { return new(OfferDictionary) }},
	{KindPublisherDictionary, func() Document { return new(PublisherDictionary) }},
	{KindPublisherSubID, func() Document { return new(PublisherSubID) }},
	{KindSmartLink, func() Document { return new(SmartLink) }},
	{KindPublisherPostback, func() Document { return new(PublisherPostback) }},
	{KindPublisherPixel, func() Document { return new(PublisherPixel) }},
	{KindUser, func() Document { return new(User) }},
	{KindPublisherUser, func() Document { return new(PublisherUser) }},
	{KindAPIKey, func() Document { return new(APIKey) }},
}

// accountKinds is how many kinds at the end of kinds are accounts.
const accountKinds = 3

// Kinds returns the kinds of live documents in the order of their constants, in
// which references point upwards.
func Kinds() []Kind { return kindsBetween(0, len(kinds)-accountKinds) }

// AccountKinds returns the kinds of accounts.
func AccountKinds() []Kind { return kindsBetween(len(kinds)-accountKinds, len(kinds)) }

func kindsBetween(first, end int) (list []Kind) {
	for i := range kinds[first:end] {
		list = append(list, kinds[first+i].kind)
	}
	return list
}

// NewDocument returns an empty document of a kind; false when there is no such
// kind.
func NewDocument(kind Kind) (Document, bool) {
	if i := kindIndex(kind); i >= 0 {
		return kinds[i].make(), true
	}
	return nil, false
}

// kindIndex is the place of a kind in kinds, -1 when there is no such kind.
func kindIndex(kind Kind) int {
	for i := range kinds {
		if kinds[i].kind == kind {
			return i
		}
	}
	return -1
}

// isFileKind tells whether files may hold documents of a kind.
func isFileKind(kind Kind) bool {
	i := kindIndex(kind)
	return i >= 0 && i < len(kinds)-accountKinds
}

// kindNames are the kinds that files may hold.
func kindNames() []string {
	var names []string
	for _, kind := range Kinds() {
		names = append(names, string(kind))
	}
	return names
}
