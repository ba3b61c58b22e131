package config

import "iter"

// Keys returns the keys of all documents, sorted by kind, in the order of
// Kinds, and id.
func (s *Set) Keys() []Key {
	keys := make([]Key, 0, s.Len())
	for d := range s.All() {
		keys = append(keys, d.Key())
	}
	return keys
}

// All yields all documents in the order of Keys.
func (s *Set) All() iter.Seq[Document] {
	return func(yield func(Document) bool) {
		for _, shelf := range s.shelves {
			for e := range shelf.all() {
				if !yield(e.document) {
					return
				}
			}
		}
	}
}

// Integrations yields the integrations sorted by id; the methods below do the
// same for the other kinds.
func (s *Set) Integrations() iter.Seq[*Integration] { return shelfOf[*Integration](s, KindIntegration) }

// Advertisers yields the advertisers sorted by id.
func (s *Set) Advertisers() iter.Seq[*Advertiser] { return shelfOf[*Advertiser](s, KindAdvertiser) }

// Publishers yields the publishers sorted by id.
func (s *Set) Publishers() iter.Seq[*Publisher] { return shelfOf[*Publisher](s, KindPublisher) }

// TargetingGroups yields the targeting groups sorted by id.
func (s *Set) TargetingGroups() iter.Seq[*TargetingGroup] {
	return shelfOf[*TargetingGroup](s, KindTargetingGroup)
}

// FraudFilterGroups yields the fraud filter groups sorted by id.
func (s *Set) FraudFilterGroups() iter.Seq[*FraudFilterGroup] {
	return shelfOf[*FraudFilterGroup](s, KindFraudFilterGroup)
}

// FilterGroups yields the filter groups sorted by id.
func (s *Set) FilterGroups() iter.Seq[*FilterGroup] { return shelfOf[*FilterGroup](s, KindFilterGroup) }

// Offers yields the offers sorted by id.
func (s *Set) Offers() iter.Seq[*Offer] { return shelfOf[*Offer](s, KindOffer) }

// LandingPages yields the landing pages sorted by id.
func (s *Set) LandingPages() iter.Seq[*LandingPage] { return shelfOf[*LandingPage](s, KindLandingPage) }

// OfferEvents yields the events of offers sorted by id.
func (s *Set) OfferEvents() iter.Seq[*OfferEvent] { return shelfOf[*OfferEvent](s, KindOfferEvent) }

// BlockedSubIDs yields the blocked sub ids sorted by id.
func (s *Set) BlockedSubIDs() iter.Seq[*BlockedSubID] {
	return shelfOf[*BlockedSubID](s, KindBlockedSubID)
}

// CustomPayouts yields the custom payouts sorted by id.
func (s *Set) CustomPayouts() iter.Seq[*CustomPayout] {
	return shelfOf[*CustomPayout](s, KindCustomPayout)
}

// CustomThrottles yields the custom throttles sorted by id.
func (s *Set) CustomThrottles() iter.Seq[*CustomThrottle] {
	return shelfOf[*CustomThrottle](s, KindCustomThrottle)
}

// PostbackManagers yields the postback managers sorted by id.
func (s *Set) PostbackManagers() iter.Seq[*PostbackManager] {
	return shelfOf[*PostbackManager](s, KindPostbackManager)
}

// SmartLinks yields the smart links sorted by id.
func (s *Set) SmartLinks() iter.Seq[*SmartLink] { return shelfOf[*SmartLink](s, KindSmartLink) }

// PublisherPostbacks yields the publisher postbacks sorted by id.
func (s *Set) PublisherPostbacks() iter.Seq[*PublisherPostback] {
	return shelfOf[*PublisherPostback](s, KindPublisherPostback)
}

// PublisherPixels yields the publisher pixels sorted by id.
func (s *Set) PublisherPixels() iter.Seq[*PublisherPixel] {
	return shelfOf[*PublisherPixel](s, KindPublisherPixel)
}

// OfKind yields the documents of one kind sorted by id; none when there is no
// such kind.
func (s *Set) OfKind(kind Kind) iter.Seq[Document] {
	if kindIndex(kind) < 0 {
		return func(func(Document) bool) {}
	}
	return shelfOf[Document](s, kind)
}

func shelfOf[T Document](s *Set, kind Kind) iter.Seq[T] {
	return func(yield func(T) bool) {
		for e := range s.shelves[kindIndex(kind)].all() {
			if !yield(e.document.(T)) {
				return
			}
		}
	}
}
