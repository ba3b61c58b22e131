package config

// TargetingGroup says which visitors fit (A6, R-59), one setting per plane.
type TargetingGroup struct {
	Meta
	Integration                 string     `json:"integration" doc:"Opaque id of the integration"`
	Name                        string     `json:"name" doc:"Display name"`
	Description                 string     `json:"description,omitempty" doc:"What the group is for"`
	Active                      bool       `json:"active,omitempty" doc:"The group is used"`
	ClickTargetingSettings      *Targeting `json:"click_targeting_settings,omitempty" doc:"Rules for clicks"`
	ConversionTargetingSettings *Targeting `json:"conversion_targeting_settings,omitempty" doc:"Rules for conversions"`
	ImpressionTargetingSettings *Targeting `json:"impression_targeting_settings,omitempty" doc:"Rules for impressions"`
}

// Key implements Document.
func (d *TargetingGroup) Key() Key { return Key{KindTargetingGroup, d.ID} }

// Targeting has one switch per dimension. In every map true admits and false
// refuses; with any true in a map, values not listed are refused.
type Targeting struct {
	DeviceTargetingEnabled   bool            `json:"device_targeting_enabled,omitempty" doc:"Applies the rules of device"`
	GeoTargetingEnabled      bool            `json:"geo_targeting_enabled,omitempty" doc:"Applies the rules of geo"`
	IPTargetingEnabled       bool            `json:"ip_targeting_enabled,omitempty" doc:"Applies the rules of ip"`
	LanguageTargetingEnabled bool            `json:"language_targeting_enabled,omitempty" doc:"Applies the rules of language"`
	Device                   TargetDevice    `json:"device,omitzero" doc:"Rules for devices"`
	Geo                      TargetGeo       `json:"geo,omitzero" doc:"Rules for places"`
	IP                       TargetIP        `json:"ip,omitzero" doc:"Rules for addresses"`
	Language                 map[string]bool `json:"language,omitempty" doc:"Language tags such as de or pt-BR; true admits, false refuses"`
}

// TargetDevice are the device rules. Names are compared case-insensitively.
type TargetDevice struct {
	Browsers         map[string]bool            `json:"browsers,omitempty" doc:"Browsers; true admits, false refuses"`
	DeviceTypes      map[string]bool            `json:"device_types,omitempty" doc:"Sorts of devices; true admits, false refuses"`
	OperatingSystems map[string]bool            `json:"operating_systems,omitempty" doc:"Operating systems; true admits, false refuses"`
	OSVersions       map[string]TargetOSVersion `json:"os_versions,omitempty" doc:"Ranges of versions, by operating system"`
}

// TargetOSVersion is an inclusive range of versions of one OS; an empty bound
// is open.
type TargetOSVersion struct {
	IsAllowed  bool   `json:"is_allowed" doc:"true admits the range, false refuses it"`
	MinVersion string `json:"min_version,omitempty" doc:"First version of the range; empty is open"`
	MaxVersion string `json:"max_version,omitempty" doc:"Last version of the range; empty is open"`
}

// TargetGeo are the geographic rules: ISO country codes and city names.
type TargetGeo struct {
	Countries map[string]bool `json:"countries,omitempty" doc:"ISO country codes; true admits, false refuses"`
	Cities    map[string]bool `json:"cities,omitempty" doc:"Cities; true admits, false refuses"`
}

// TargetIP are the address rules: single addresses and "first-last" ranges.
type TargetIP struct {
	IPAddresses map[string]bool `json:"ip_addresses,omitempty" doc:"Addresses; true admits, false refuses"`
	IPRanges    map[string]bool `json:"ip_ranges,omitempty" doc:"Ranges first-last; true admits, false refuses"`
}
