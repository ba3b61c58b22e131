package config

// kinds lists every kind once, in the order of their constants.
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
	{KindBlockedSubID, func() Document { return new(BlockedSubID) }},
}

// Kinds returns all kinds in the order of their constants, in which references
// point upwards.
func Kinds() []Kind {
	all := make([]Kind, len(kinds))
	for i := range kinds {
		all[i] = kinds[i].kind
	}
	return all
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

func kindNames() []string {
	names := make([]string, len(kinds))
	for i := range kinds {
		names[i] = string(kinds[i].kind)
	}
	return names
}
