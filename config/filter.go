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
	Type string `json:"type"`
	// Target is the plane the filter judges. In an integration's default
	// lists it may be empty: the list says it.
	Target Plane `json:"target,omitempty" enum:"click,impression,conversion"`
	// Settings belong to the type (C3); nil is the type's defaults.
	Settings Raw `json:"settings,omitempty"`
	// Invert reverses the verdict.
	Invert bool `json:"invert,omitempty"`
	// BlockOnReject is the most specific form of the switch: unset
	// leaves it to the offer and the integration.
	BlockOnReject *bool `json:"block_on_reject,omitempty"`
}

// FraudSettings are filters in object form (part C): "bot" holds the settings
// of the bot filter and "bot_enabled" its switch.
type FraudSettings map[string]Raw

// FilterGroup is a set of filters for some sources (A3, R-5 to R-8).
type FilterGroup struct {
	Meta
	Integration string `json:"integration"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Active false keeps the group out of the matching.
	Active bool `json:"active,omitempty"`
	// Priority decides between equal scores, the lower first; unique in its
	// integration (R-5, D-1).
	Priority int64 `json:"priority"`
	// AdvertiserIDs and PublisherIDs hold opaque ids; OfferIDs holds opaque,
	// incremental or external ones. An empty list matches anything.
	AdvertiserIDs            []string `json:"advertiser_ids,omitempty"`
	PublisherIDs             []string `json:"publisher_ids,omitempty"`
	OfferIDs                 []string `json:"offer_ids,omitempty"`
	Filters                  []Filter `json:"filters,omitempty"`
	ClickFilterPresetID      int64    `json:"click_filter_preset_id,omitempty" minimum:"0"`
	ConversionFilterPresetID int64    `json:"conversion_filter_preset_id,omitempty" minimum:"0"`
	// MonitoringMode and RTBEnabled win over the integration's; unset
	// inherits.
	MonitoringMode *bool `json:"monitoring_mode,omitempty"`
	RTBEnabled     *bool `json:"rtb_enabled,omitempty"`
}

// Key implements Document.
func (d *FilterGroup) Key() Key { return Key{KindFilterGroup, d.ID} }

// FraudFilterGroup is a set of filters in object form that offers name (A4,
// D-2).
type FraudFilterGroup struct {
	Meta
	Integration              string        `json:"integration"`
	Name                     string        `json:"name"`
	Description              string        `json:"description,omitempty"`
	Active                   bool          `json:"active,omitempty"`
	MonitoringMode           *bool         `json:"monitoring_mode,omitempty"`
	RTBEnabled               *bool         `json:"rtb_enabled,omitempty"`
	ClickFilterPresetID      int64         `json:"click_filter_preset_id,omitempty" minimum:"0"`
	ConversionFilterPresetID int64         `json:"conversion_filter_preset_id,omitempty" minimum:"0"`
	ClickFilterSettings      FraudSettings `json:"click_filter_settings,omitempty"`
	ConversionFilterSettings FraudSettings `json:"conversion_filter_settings,omitempty"`
	ImpressionFilterSettings FraudSettings `json:"impression_filter_settings,omitempty"`
}

// Key implements Document.
func (d *FraudFilterGroup) Key() Key { return Key{KindFraudFilterGroup, d.ID} }
