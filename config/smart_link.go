package config

// SmartLink is a link that picks one of several offers. Offers that
// cannot take a click, being capped, off target, rejected or closed to the
// publisher, are skipped; FallbackOffer takes what all of them leave.
type SmartLink struct {
	Meta
	// Integration is the opaque id of the integration the smart link and its
	// offers belong to.
	Integration string `json:"integration" doc:"Opaque id of the integration"`
	// IncrementalID is the number links carry; unique among smart links.
	IncrementalID int64 `json:"incremental_id" doc:"Number that links carry"`
	// ExternalID is the id the smart link has in the platform it came from;
	// links may carry it instead. Unique in its integration.
	ExternalID  string `json:"external_id,omitempty" doc:"Id in the platform the smart link came from, which links may carry instead; unique in the integration"`
	Name        string `json:"name" doc:"Display name"`
	Description string `json:"description,omitempty" doc:"What the smart link is for"`
	Active      bool   `json:"active,omitempty" doc:"Clicks are taken"`
	Archived    bool   `json:"archived,omitempty" doc:"Deleted, kept for reports"`
	// Strategy is how an offer is picked: by weight when empty.
	Strategy string `json:"strategy,omitempty" enum:"weight,priority" default:"weight" doc:"How an offer is picked: weight shares the visitors out, each seeing the same offer again; priority takes the first offer that can take the click"`
	// Offers are 1 to MaxSmartLinkOffers, each once.
	Offers []SmartLinkOffer `json:"offers,omitempty" doc:"Offers to pick from, 1 to 1000, each once"`
	// FallbackOffer is the opaque id of an offer, best one without
	// restrictions, that is none of Offers; empty is none.
	FallbackOffer string `json:"fallback_offer,omitempty" doc:"Opaque id of an offer without restrictions that takes the clicks which none of the others can take"`
}

// Key implements Document.
func (d *SmartLink) Key() Key { return Key{KindSmartLink, d.ID} }

// SmartLinkOffer is an offer's part in a smart link.
type SmartLinkOffer struct {
	// Offer is the opaque id of an offer of the same integration.
	Offer string `json:"offer" doc:"Opaque id of the offer"`
	// Weight is the offer's share of the visitors in proportion to the other
	// weights. An offer of weight 0 is not picked.
	Weight int64 `json:"weight,omitempty" minimum:"0" maximum:"1000000" doc:"Share of the visitors in proportion to the other weights, for the strategy weight; 0 is none"`
	// Priority is the offer's place: lower ones go first, equal ones in the
	// order of the list.
	Priority int64 `json:"priority,omitempty" doc:"Place of the offer, the lower first, for the strategy priority; equal ones stand in the order of the list"`
	// Active false pauses the offer here; unset is true.
	Active *bool `json:"active,omitempty" doc:"The offer takes part; unset is true"`
}

// TakesPart tells whether the offer may be picked, if it takes clicks at all.
func (o *SmartLinkOffer) TakesPart() bool { return o.Active == nil || *o.Active }

// ByPriority tells whether offers are picked by priority and not by weight.
func (d *SmartLink) ByPriority() bool { return d.Strategy == strategyPriority }
