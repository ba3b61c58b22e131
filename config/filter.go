package config

// Plane is the sort of traffic a filter judges.
type Plane string

// The planes.
const (
	PlaneClick      Plane = "click"
	PlaneImpression Plane = "impression"
	PlaneConversion Plane = "conversion"
)

// Filter is one filter in list form (A2).
type Filter struct {
	// Type is a filter type such as BOT or CLICK_FLOODING.
	Type string `json:"type" doc:"Type of the filter, such as BOT or CLICK_FLOODING"`
	// Target is the plane the filter judges. In an integration's default
	// lists it may be empty: the list says it.
	Target Plane `json:"target,omitempty" enum:"click,impression,conversion" doc:"Plane the filter judges; in the default lists of an integration the list says it"`
	// Settings belong to the type (C3); nil is the type's defaults.
	Settings Raw `json:"settings,omitempty" doc:"Settings of the type; null is its defaults"`
	// Invert reverses the verdict.
	Invert bool `json:"invert,omitempty" doc:"Reverses the verdict"`
	// BlockOnReject is the most specific form of the switch: unset
	// leaves it to the offer and the integration.
	BlockOnReject *bool `json:"block_on_reject,omitempty" doc:"Rejected clicks get a blank page; unset leaves it to the offer and the integration"`
}

// FraudSettings are filters in object form (part C): "bot" holds the settings
// of the bot filter and "bot_enabled" its switch.
type FraudSettings map[string]Raw

// FilterGroup is a set of filters for some sources (A3, R-5 to R-8).
type FilterGroup struct {
	Meta
	Integration string `json:"integration" doc:"Opaque id of the integration"`
	Name        string `json:"name" doc:"Display name"`
	Description string `json:"description,omitempty" doc:"What the group is for"`
	// Active false keeps the group out of the matching.
	Active bool `json:"active,omitempty" doc:"The group takes part in the matching"`
	// Priority decides between equal scores, the lower first; unique in its
	// integration (R-5, D-1).
	Priority int64 `json:"priority" doc:"Decides between groups that match equally well, the lower first; unique in the integration"`
	// AdvertiserIDs and PublisherIDs hold opaque ids; OfferIDs holds opaque,
	// incremental or external ones. An empty list matches anything.
	AdvertiserIDs            []string `json:"advertiser_ids,omitempty" doc:"Opaque ids of the advertisers it applies to; empty is all"`
	PublisherIDs             []string `json:"publisher_ids,omitempty" doc:"Opaque ids of the publishers it applies to; empty is all"`
	OfferIDs                 []string `json:"offer_ids,omitempty" doc:"Opaque, incremental or external ids of the offers it applies to; empty is all"`
	Filters                  []Filter `json:"filters,omitempty" doc:"Filters of the group"`
	ClickFilterPresetID      int64    `json:"click_filter_preset_id,omitempty" minimum:"0" doc:"Preset that the click filters came from"`
	ConversionFilterPresetID int64    `json:"conversion_filter_preset_id,omitempty" minimum:"0" doc:"Preset that the conversion filters came from"`
	// MonitoringMode and RTBEnabled win over the integration's; unset
	// inherits.
	MonitoringMode *bool `json:"monitoring_mode,omitempty" doc:"Rejected clicks pass and are recorded; unset leaves it to the integration"`
	RTBEnabled     *bool `json:"rtb_enabled,omitempty" doc:"Rejected clicks are sold; unset leaves it to the integration"`
}

// Key implements Document.
func (d *FilterGroup) Key() Key { return Key{KindFilterGroup, d.ID} }

// FraudFilterGroup is a set of filters in object form that offers name (A4,
// D-2).
type FraudFilterGroup struct {
	Meta
	Integration              string        `json:"integration" doc:"Opaque id of the integration"`
	Name                     string        `json:"name" doc:"Display name"`
	Description              string        `json:"description,omitempty" doc:"What the group is for"`
	Active                   bool          `json:"active,omitempty" doc:"The group is used"`
	MonitoringMode           *bool         `json:"monitoring_mode,omitempty" doc:"Rejected clicks pass and are recorded; unset leaves it to the integration"`
	RTBEnabled               *bool         `json:"rtb_enabled,omitempty" doc:"Rejected clicks are sold; unset leaves it to the integration"`
	ClickFilterPresetID      int64         `json:"click_filter_preset_id,omitempty" minimum:"0" doc:"Preset that the click filters came from"`
	ConversionFilterPresetID int64         `json:"conversion_filter_preset_id,omitempty" minimum:"0" doc:"Preset that the conversion filters came from"`
	ClickFilterSettings      FraudSettings `json:"click_filter_settings,omitempty" doc:"Filters of clicks"`
	ConversionFilterSettings FraudSettings `json:"conversion_filter_settings,omitempty" doc:"Filters of conversions"`
	ImpressionFilterSettings FraudSettings `json:"impression_filter_settings,omitempty" doc:"Filters of impressions"`
}

// Key implements Document.
func (d *FraudFilterGroup) Key() Key { return Key{KindFraudFilterGroup, d.ID} }
