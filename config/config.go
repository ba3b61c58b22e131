// Package config holds the live documents: what operators say about
// integrations, offers, publishers and filters. It decodes them strictly,
// validates them and computes their digest. It knows no run-time type and
// imports nothing of clickgate but packages of its own.
//
// Field names, enums and limits are those of the public API documents the
// product implements; comments name the rule or the decision (D-3) a
// field follows.
package config

import "encoding/json"

// Kind names a sort of document. It is the value of "kind" in a file and the
// first part of a store key.
type Kind string

// The kinds of documents, in the order in which references point: a document
// refers only to kinds above its own and to integrations.
const (
	KindIntegration         Kind = "integration"
	KindAdvertiser          Kind = "advertiser"
	KindPublisher           Kind = "publisher"
	KindTargetingGroup      Kind = "targeting_group"
	KindFraudFilterGroup    Kind = "fraud_filter_group"
	KindFilterGroup         Kind = "filter_group"
	KindOffer               Kind = "offer"
	KindLandingPage         Kind = "landing_page"
	KindOfferEvent          Kind = "offer_event"
	KindBlockedSubID        Kind = "blocked_sub_id"
	KindCustomPayout        Kind = "custom_payout"
	KindCustomThrottle      Kind = "custom_throttle"
	KindPostbackManager     Kind = "postback_manager"
	KindOfferDictionary     Kind = "offer_dictionary"
	KindPublisherDictionary Kind = "publisher_dictionary"
	KindPublisherSubID      Kind = "publisher_sub_id"
	KindSmartLink           Kind = "smart_link"
	KindPublisherPostback   Kind = "publisher_postback"
	KindPublisherPixel      Kind = "publisher_pixel"

	// The accounts, which no file may hold.
	KindUser          Kind = "user"
	KindPublisherUser Kind = "publisher_user"
	KindAPIKey        Kind = "api_key"
)

// Key names one document: unique in the whole store.
type Key struct {
	Kind Kind
	ID   string
}

// String is the form of a key in stores, messages and paths: "offer/demo".
func (k Key) String() string { return string(k.Kind) + "/" + k.ID }

// Document is one entity as an operator wrote it. Documents are values: who
// holds one reads it and never changes it.
type Document interface {
	// Key is the document's kind and opaque id.
	Key() Key
}

// Meta is what every document carries.
type Meta struct {
	// ID is the opaque id: 1 to 64 letters, digits, '-' or '_'.
	ID string `json:"id" doc:"Opaque id: 1 to 64 letters, digits, - or _"`
	// Organization owns the document. Every document of one integration has
	// the integration's organization.
	Organization string `json:"organization" doc:"The organization that owns it"`
	// Label marks the documents that are kept together in files, so that those
	// which left the files can be pruned: 1 to 64 letters, digits, '-', '_' or
	// '.'.
	Label string `json:"label,omitempty" doc:"Marks what is kept together in files: 1 to 64 letters, digits, -, _ or ."`
}

// Raw is a value that another package decodes: the settings of a filter.
type Raw = json.RawMessage
