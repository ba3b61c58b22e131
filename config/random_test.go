package config

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// world makes random documents of few ids, numbers and values, so that they
// refer to each other, miss each other and get in each other's way.
type world struct{ *rand.Rand }

func newWorld(seed uint64) world { return world{rand.New(rand.NewPCG(seed, 1))} }

// rarely is true once in n times.
func (w world) rarely(n int) bool { return w.IntN(n) == 0 }

func (w world) oneOf(texts ...string) string { return texts[w.IntN(len(texts))] }

func (w world) id(kind Kind) string {
	prefix := strings.ReplaceAll(string(kind), "_", "-")
	if w.rarely(40) {
		return prefix + "-none"
	}
	return fmt.Sprint(prefix, "-", w.IntN(5))
}

func (w world) ids(kind Kind) (ids []string) {
	for range w.IntN(3) {
		ids = append(ids, w.id(kind))
	}
	return ids
}

// number is that of a document of an id, or now and then of another.
func (w world) number(id string) int64 {
	if w.rarely(25) {
		return int64(w.IntN(7))
	}
	return int64(id[len(id)-1]-'0') + 1
}

func (w world) meta(kind Kind) Meta {
	m := Meta{ID: w.id(kind), Organization: "acme"}
	if w.rarely(25) {
		m.Organization = "else"
	}
	if w.rarely(60) {
		m.ID = strings.Repeat("long", 11) + fmt.Sprint(w.IntN(3)) // shown without its end
	}
	return m
}

func (w world) name() string {
	if w.rarely(50) {
		return ""
	}
	return w.oneOf("One", "Two")
}

func (w world) key() Key {
	kind := w.kind()
	return Key{kind, w.id(kind)}
}

func (w world) kind() Kind {
	return append(Kinds(), AccountKinds()...)[w.IntN(len(kinds))]
}

func (w world) document() Document {
	kind := w.kind()
	m := w.meta(kind)
	integration, offer, publisher := "integration-"+w.oneOf("0", "0", "0", "1"), w.id(KindOffer), w.id(KindPublisher)
	n := w.number(m.ID)
	external := w.oneOf("", "", "x", "y", "z")
	switch kind {
	case KindIntegration:
		return w.integration(m)
	case KindAdvertiser:
		return &Advertiser{Meta: m, IncrementalID: n, ExternalID: external, Name: w.name()}
	case KindPublisher:
		return &Publisher{Meta: m, IncrementalID: n, ExternalID: external, Name: w.name()}
	case KindTargetingGroup:
		return &TargetingGroup{Meta: m, Integration: integration, Name: w.name()}
	case KindFraudFilterGroup:
		return &FraudFilterGroup{Meta: m, Integration: integration, Name: w.name()}
	case KindFilterGroup:
		return &FilterGroup{Meta: m, Integration: integration, Name: w.name(), Priority: int64(w.IntN(9)), AdvertiserIDs: w.ids(KindAdvertiser), PublisherIDs: w.ids(KindPublisher)}
	case KindOffer:
		return w.offer(m, n, integration, external)
	case KindLandingPage:
		return &LandingPage{Meta: m, Offer: offer, IncrementalID: n, Name: w.name(), RedirectURL: "https://example.com"}
	case KindOfferEvent:
		return &OfferEvent{Meta: m, Offer: offer, IncrementalID: n, Name: w.name(), FraudFilterGroupID: w.oneOf("", w.id(KindFraudFilterGroup))}
	case KindBlockedSubID:
		return &BlockedSubID{Meta: m, PublisherIncrementalID: w.number(publisher), OfferIncrementalID: w.number(offer), SubID: w.oneOf("a", "b")}
	case KindCustomPayout:
		return &CustomPayout{Meta: m, PublisherIncrementalID: w.number(publisher), OfferIncrementalID: w.number(offer), EventIncrementalID: int64(w.IntN(3))}
	case KindCustomThrottle:
		return &CustomThrottle{Meta: m, PublisherIncrementalID: w.number(publisher), OfferIncrementalID: w.number(offer)}
	case KindPostbackManager:
		return &PostbackManager{Meta: m, Integration: integration, Name: w.name(), ServiceType: "click", URL: "https://example.com"}
	case KindOfferDictionary:
		return &OfferDictionary{Meta: m, Integration: integration, SourceID: w.oneOf("a", "b", "c"), FriendlyName: w.name()}
	case KindPublisherDictionary:
		return &PublisherDictionary{Meta: m, Integration: integration, SourceID: w.oneOf("a", "b", "c"), FriendlyName: w.name()}
	case KindPublisherSubID:
		return &PublisherSubID{Meta: m, Publisher: publisher, ExternalID: w.oneOf("a", "b", "c"), Name: w.name()}
	}
	if kind == KindSmartLink {
		return w.smartLink(m, n, integration, external)
	}
	return w.account(kind, m)
}

func (w world) smartLink(m Meta, n int64, integration, external string) *SmartLink {
	d := &SmartLink{Meta: m, Integration: integration, IncrementalID: n, ExternalID: external, Name: w.name(), FallbackOffer: w.oneOf("", w.id(KindOffer))}
	for _, id := range append(w.ids(KindOffer), w.id(KindOffer)) {
		d.Offers = append(d.Offers, SmartLinkOffer{Offer: id, Weight: int64(1 + w.IntN(3))})
	}
	return d
}

func (w world) integration(m Meta) *Integration {
	d := &Integration{Meta: m, Name: w.name(), Type: "Custom", ConversionSecureCode: "s"}
	if w.rarely(2) {
		d.CustomDomain = &CustomDomain{Host: w.oneOf("a.example", "b.example", "b.example", ""), ClickPath: w.oneOf("", "/a", "/b"), ConversionPath: w.oneOf("", "/a", "/c")}
	}
	return d
}

func (w world) offer(m Meta, n int64, integration, external string) *Offer {
	return &Offer{
		Meta: m, Integration: integration, IncrementalID: n, ExternalID: external, Name: w.name(),
		AdvertiserID: w.number(w.id(KindAdvertiser)), TargetingGroupID: w.oneOf("", w.id(KindTargetingGroup)),
		FraudFilterGroupID:   w.oneOf("", w.id(KindFraudFilterGroup)),
		DefaultLandingPageID: w.oneOf("", "", "", w.id(KindLandingPage)), ApprovedPublisherIDs: w.ids(KindPublisher),
	}
}

func (w world) account(kind Kind, m Meta) Document {
	switch kind {
	case KindUser:
		return &User{Meta: m, Email: w.oneOf("a", "b", "c") + "@example.com", Role: "admin"}
	case KindPublisherUser:
		return &PublisherUser{Meta: m, PublisherID: "pub", Email: w.oneOf("a@example.com", "b@example.com", "")}
	}
	return &APIKey{Meta: m, UserID: w.oneOf("", w.id(KindUser)), PublisherUserID: w.oneOf("", w.id(KindPublisherUser)), Hash: strings.Repeat(w.oneOf("0a", "0b", "0c"), 32)}
}
