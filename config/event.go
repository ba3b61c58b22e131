package config

import "github.com/clickgate/clickgate/internal/money"

// OfferEvent is a goal of an offer that follows its conversion (A8).
type OfferEvent struct {
	Meta
	// Offer is the opaque id of the offer the event belongs to.
	Offer string `json:"offer" doc:"Opaque id of the offer"`
	// IncrementalID is the number conversions and custom payouts carry; unique
	// among events.
	IncrementalID int64  `json:"incremental_id" minimum:"1" doc:"Number that conversions and custom payouts carry"`
	Name          string `json:"name" doc:"Display name"`
	Active        bool   `json:"active,omitempty" doc:"Conversions to the event are taken"`
	Archived      bool   `json:"archived,omitempty" doc:"Deleted, kept for reports"`
	Description   string `json:"description,omitempty" doc:"What the event is"`
	// AllowMultipleEvents accepts the event more than once a click.
	AllowMultipleEvents bool `json:"allow_multiple_events,omitempty" doc:"Takes the event more than once a click"`
	// ManuallyApproveEvents starts events as pending.
	ManuallyApproveEvents bool   `json:"manually_approve_events,omitempty" doc:"Events start as pending and wait for approval"`
	FraudFilterGroupID    string `json:"fraud_filter_group_id,omitempty" doc:"Opaque id of the fraud filter group for the event; empty is the offer's"`
	Terms
}

// Key implements Document.
func (d *OfferEvent) Key() Key { return Key{KindOfferEvent, d.ID} }

// CustomPayout overrides the terms of an offer, or of one event of it, for one
// publisher (A17, R-35).
type CustomPayout struct {
	Meta
	PublisherIncrementalID int64 `json:"publisher_incremental_id" minimum:"1" doc:"Number of the publisher"`
	OfferIncrementalID     int64 `json:"offer_incremental_id" minimum:"1" doc:"Number of the offer"`
	// EventIncrementalID 0 is the initial conversion.
	EventIncrementalID int64        `json:"event_incremental_id,omitempty" minimum:"0" doc:"Number of the event; 0 is the initial conversion"`
	Payout             money.Amount `json:"payout,omitempty" minimum:"0" doc:"Fixed amount for the publisher"`
	PayoutPercent      money.Amount `json:"payout_percent,omitempty" minimum:"0" maximum:"100" doc:"Share of the sale or revenue for the publisher, in percent"`
	PayoutType         string       `json:"payout_type,omitempty" enum:"Unknown,CPA,CPS,CPAxCPS,CPC,CPM,PRV" doc:"How the publisher is paid"`
	Revenue            money.Amount `json:"revenue,omitempty" minimum:"0" doc:"Fixed amount billed to the advertiser"`
	RevenuePercent     money.Amount `json:"revenue_percent,omitempty" minimum:"0" maximum:"100" doc:"Share of the sale billed to the advertiser, in percent"`
	RevenueType        string       `json:"revenue_type,omitempty" enum:"Unknown,RPA,RPS,RPAxRPS,RPC,RPM" doc:"How the advertiser is billed"`
	// Platform is where the record was migrated from, Meta notes of that.
	Platform string         `json:"platform,omitempty" enum:"Unknown,HasOffers,Everflow,Affise" doc:"Platform it was migrated from"`
	Notes    map[string]Raw `json:"meta,omitempty" doc:"Notes of the migration"`
}

// Key implements Document.
func (d *CustomPayout) Key() Key { return Key{KindCustomPayout, d.ID} }

// CustomThrottle takes the credit for a share of a publisher's conversions on
// an offer (A18, R-38).
type CustomThrottle struct {
	Meta
	PublisherIncrementalID int64 `json:"publisher_incremental_id" minimum:"1" doc:"Number of the publisher"`
	OfferIncrementalID     int64 `json:"offer_incremental_id" minimum:"1" doc:"Number of the offer"`
	// ThrottlePercentage is the chance of a conversion to be throttled.
	ThrottlePercentage int64 `json:"throttle_percentage" minimum:"0" maximum:"100" doc:"Chance that a conversion or event is throttled, in percent"`
	// ThrottleStatus is what a throttled conversion becomes; empty is Pending.
	ThrottleStatus    string         `json:"throttle_status,omitempty" enum:"Rejected,Pending" default:"Pending" doc:"What a throttled conversion becomes"`
	Active            bool           `json:"active,omitempty" doc:"The throttle is used"`
	AdditionalFilters ThrottleFilter `json:"additional_filters,omitzero" doc:"Conditions on sub ids; all given must hold"`
}

// Key implements Document.
func (d *CustomThrottle) Key() Key { return Key{KindCustomThrottle, d.ID} }

// ThrottleFilter narrows a throttle; all conditions given must hold.
type ThrottleFilter struct {
	SubID  *ThrottleCondition `json:"sub_id,omitempty" doc:"Condition on sub_id"`
	SubID2 *ThrottleCondition `json:"sub_id_2,omitempty" doc:"Condition on sub_id_2"`
	SubID3 *ThrottleCondition `json:"sub_id_3,omitempty" doc:"Condition on sub_id_3"`
	SubID4 *ThrottleCondition `json:"sub_id_4,omitempty" doc:"Condition on sub_id_4"`
	SubID5 *ThrottleCondition `json:"sub_id_5,omitempty" doc:"Condition on sub_id_5"`
	SubID6 *ThrottleCondition `json:"sub_id_6,omitempty" doc:"Condition on sub_id_6"`
}

// ThrottleCondition holds when a sub id is one of the values.
type ThrottleCondition struct {
	Operator string   `json:"operator" enum:"is any of" doc:"How the sub id is compared"`
	Values   []string `json:"values,omitempty" doc:"Values the sub id may have"`
}
