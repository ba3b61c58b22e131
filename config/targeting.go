package config

// TargetingGroup says which visitors fit (A6, R-59), one setting per plane.
type TargetingGroup struct {
	Meta
	Integration                 string     `json:"integration"`
	Name                        string     `json:"name"`
	Description                 string     `json:"description,omitempty"`
	Active                      bool       `json:"active,omitempty"`
	ClickTargetingSettings      *Targeting `json:"click_targeting_settings,omitempty"`
	ConversionTargetingSettings *Targeting `json:"conversion_targeting_settings,omitempty"`
	ImpressionTargetingSettings *Targeting `json:"impression_targeting_settings,omitempty"`
}

// Key implements Document.
func (d *TargetingGroup) Key() Key { return Key{KindTargetingGroup, d.ID} }

// Targeting has one switch per dimension. In every map true admits and false
// refuses; with any true in a map, values not listed are refused.
type Targeting struct {
	DeviceTargetingEnabled   bool            `json:"device_targeting_enabled,omitempty"`
	GeoTargetingEnabled      bool            `json:"geo_targeting_enabled,omitempty"`
	IPTargetingEnabled       bool            `json:"ip_targeting_enabled,omitempty"`
	LanguageTargetingEnabled bool            `json:"language_targeting_enabled,omitempty"`
	Device                   TargetDevice    `json:"device,omitzero"`
	Geo                      TargetGeo       `json:"geo,omitzero"`
	IP                       TargetIP        `json:"ip,omitzero"`
	Language                 map[string]bool `json:"language,omitempty"`
}

// TargetDevice are the device rules. Names are compared case-insensitively.
type TargetDevice struct {
	Browsers         map[string]bool            `json:"browsers,omitempty"`
	DeviceTypes      map[string]bool            `json:"device_types,omitempty"`
	OperatingSystems map[string]bool            `json:"operating_systems,omitempty"`
	OSVersions       map[string]TargetOSVersion `json:"os_versions,omitempty"`
}

// TargetOSVersion is an inclusive range of versions of one OS; an empty bound
// is open.
type TargetOSVersion struct {
	IsAllowed  bool   `json:"is_allowed"`
	MinVersion string `json:"min_version,omitempty"`
	MaxVersion string `json:"max_version,omitempty"`
}

// TargetGeo are the geographic rules: ISO country codes and city names.
type TargetGeo struct {
	Countries map[string]bool `json:"countries,omitempty"`
	Cities    map[string]bool `json:"cities,omitempty"`
}

// TargetIP are the address rules: single addresses and "first-last" ranges.
type TargetIP struct {
	IPAddresses map[string]bool `json:"ip_addresses,omitempty"`
	IPRanges    map[string]bool `json:"ip_ranges,omitempty"`
}
