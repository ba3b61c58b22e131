package config

// OfferDictionary is the label that reports show instead of a raw offer id
// (A21). Labels never influence decisions.
type OfferDictionary struct {
	Meta
	Integration string `json:"integration" doc:"Opaque id of the integration"`
	// SourceID is the raw id as it appears in traffic; unique in its
	// integration.
	SourceID     string `json:"source_id" doc:"Raw id as it appears in traffic; unique in the integration"`
	FriendlyName string `json:"friendly_name" doc:"Label that reports show"`
}

// Key implements Document.
func (d *OfferDictionary) Key() Key { return Key{KindOfferDictionary, d.ID} }

// PublisherDictionary is OfferDictionary for raw publisher ids (A21).
type PublisherDictionary struct {
	Meta
	Integration  string `json:"integration" doc:"Opaque id of the integration"`
	SourceID     string `json:"source_id" doc:"Raw id as it appears in traffic; unique in the integration"`
	FriendlyName string `json:"friendly_name" doc:"Label that reports show"`
}

// Key implements Document.
func (d *PublisherDictionary) Key() Key { return Key{KindPublisherDictionary, d.ID} }

// PublisherSubID names a sub id of a publisher (A15).
type PublisherSubID struct {
	Meta
	// Publisher is the opaque id of the publisher it belongs to.
	Publisher string `json:"publisher" doc:"Opaque id of the publisher"`
	// ExternalID is the sub_id in traffic: characters that a URL carries as
	// they are. Unique among the publisher's.
	ExternalID   string `json:"external_id" maxLength:"50" doc:"The sub id in traffic: characters that a URL carries as they are"`
	Name         string `json:"name" maxLength:"100" doc:"Display name"`
	Description  string `json:"description,omitempty" maxLength:"2000" doc:"What the sub id is"`
	ExternalLink string `json:"external_link,omitempty" maxLength:"255" doc:"Link to more about it"`
}

// Key implements Document.
func (d *PublisherSubID) Key() Key { return Key{KindPublisherSubID, d.ID} }
