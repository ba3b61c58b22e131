package config

// OfferEvent is a goal of an offer that follows its conversion (A8).
type OfferEvent struct {
	Meta
	// Offer is the opaque id of the offer the event belongs to.
	Offer string `json:"offer"`
	// IncrementalID is the number conversions and custom payouts carry; unique
	// among events.
	IncrementalID int64  `json:"incremental_id" minimum:"1"`
	Name          string `json:"name"`
	Active        bool   `json:"active,omitempty"`
	Archived      bool   `json:"archived,omitempty"`
	Description   string `json:"description,omitempty"`
	// AllowMultipleEvents accepts the event more than once a click.
	AllowMultipleEvents bool `json:"allow_multiple_events,omitempty"`
	// ManuallyApproveEvents starts events as pending.
	ManuallyApproveEvents bool   `json:"manually_approve_events,omitempty"`
	FraudFilterGroupID    string `json:"fraud_filter_group_id,omitempty"`
	Terms
}

// Key implements Document.
func (d *OfferEvent) Key() Key { return Key{KindOfferEvent, d.ID} }

// CustomPayout overrides the terms of an offer, or of one event of it, for one
// publisher (A17, R-35).
type CustomPayout struct {
	Meta
	PublisherIncrementalID int64 `json:"publisher_incremental_id" minimum:"1"`
	OfferIncrementalID     int64 `json:"offer_incremental_id" minimum:"1"`
	// EventIncrementalID 0 is the initial conversion.
	EventIncrementalID int64   `json:"event_incremental_id,omitempty" minimum:"0"`
	Payout             float64 `json:"payout,omitempty" minimum:"0"`
	PayoutPercent      float64 `json:"payout_percent,omitempty" minimum:"0" maximum:"100"`
	PayoutType         string  `json:"payout_type,omitempty" enum:"Unknown,CPA,CPS,CPAxCPS,CPC,CPM,PRV"`
	Revenue            float64 `json:"revenue,omitempty" minimum:"0"`
	RevenuePercent     float64 `json:"revenue_percent,omitempty" minimum:"0" maximum:"100"`
	RevenueType        string  `json:"revenue_type,omitempty" enum:"Unknown,RPA,RPS,RPAxRPS,RPC,RPM"`
	// Platform is where the record was migrated from, Meta notes of that.
	Platform string         `json:"platform,omitempty" enum:"Unknown,HasOffers,Everflow,Affise"`
	Notes    map[string]Raw `json:"meta,omitempty"`
}

// Key implements Document.
func (d *CustomPayout) Key() Key { return Key{KindCustomPayout, d.ID} }

// CustomThrottle takes the credit for a share of a publisher's conversions on
// an offer (A18, R-38).
type CustomThrottle struct {
	Meta
	PublisherIncrementalID int64 `json:"publisher_incremental_id" minimum:"1"`
	OfferIncrementalID     int64 `json:"offer_incremental_id" minimum:"1"`
	// ThrottlePercentage is the chance of a conversion to be throttled.
	ThrottlePercentage int64 `json:"throttle_percentage" minimum:"0" maximum:"100"`
	// ThrottleStatus is what a throttled conversion becomes; empty is Pending.
	ThrottleStatus    string         `json:"throttle_status,omitempty" enum:"Rejected,Pending" default:"Pending"`
	Active            bool           `json:"active,omitempty"`
	AdditionalFilters ThrottleFilter `json:"additional_filters,omitzero"`
}

// Key implements Document.
func (d *CustomThrottle) Key() Key { return Key{KindCustomThrottle, d.ID} }

// ThrottleFilter narrows a throttle; all conditions given must hold.
type ThrottleFilter struct {
	SubID  *ThrottleCondition `json:"sub_id,omitempty"`
	SubID2 *ThrottleCondition `json:"sub_id_2,omitempty"`
	SubID3 *ThrottleCondition `json:"sub_id_3,omitempty"`
	SubID4 *ThrottleCondition `json:"sub_id_4,omitempty"`
	SubID5 *ThrottleCondition `json:"sub_id_5,omitempty"`
	SubID6 *ThrottleCondition `json:"sub_id_6,omitempty"`
}

// ThrottleCondition holds when a sub id is one of the values.
type ThrottleCondition struct {
	Operator string   `json:"operator" enum:"is any of"`
	Values   []string `json:"values,omitempty"`
}
