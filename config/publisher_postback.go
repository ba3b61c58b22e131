package config

// PublisherPostback tells a publisher of its conversions (A26.7, R-65). Those
// for an offer replace those for all offers.
type PublisherPostback struct {
	Meta
	PublisherIncrementalID int64 `json:"publisher_incremental_id" minimum:"1" doc:"Number of the publisher"`
	// OfferIncrementalID 0 is every offer.
	OfferIncrementalID int64 `json:"offer_incremental_id,omitempty" minimum:"0" doc:"Number of the offer; 0 is every offer that has none of its own"`
	// URL is the target, with macros (PostbackMacros).
	URL string `json:"url" doc:"URL that is called, with macros"`
	// Method is GET when empty.
	Method string `json:"method,omitempty" enum:"GET,POST,PUT,DELETE,PATCH" default:"GET" doc:"Method of the call"`
	// Status is when it fires: by_creating once the conversion is recorded,
	// whatever its status; a status when the conversion reaches it, at once or
	// later. Empty fires for every status that it reaches.
	Status string `json:"status,omitempty" enum:"by_creating,confirmed,pending,declined,hold,not_found" doc:"When it fires: by_creating as soon as the conversion is recorded, a status when the conversion reaches it; empty is every status"`
	// Goal is the number or the name of an offer event; 0 is the initial
	// conversion.
	Goal   string `json:"goal,omitempty" maxLength:"100" doc:"Number or name of the offer event that it fires for; 0 is the initial conversion, empty is any"`
	Active bool   `json:"active,omitempty" doc:"The postback is sent"`
	// CreatedByPublisher tells that a user of the publisher made it.
	CreatedByPublisher bool `json:"created_by_publisher,omitempty" doc:"A user of the publisher made it"`
}

// Key implements Document.
func (d *PublisherPostback) Key() Key { return Key{KindPublisherPostback, d.ID} }

// PublisherPixel is markup of a publisher that the pixel page of an offer
// carries for the publisher's conversions (A26.7), once somebody of the network
// has approved it.
type PublisherPixel struct {
	Meta
	PublisherIncrementalID int64  `json:"publisher_incremental_id" minimum:"1" doc:"Number of the publisher"`
	OfferIncrementalID     int64  `json:"offer_incremental_id" minimum:"1" doc:"Number of the offer"`
	Name                   string `json:"name" maxLength:"100" doc:"Display name"`
	// Code is HTML, at most 10,000 bytes. Braces in it are its own: scripts are
	// full of them.
	Code     string `json:"code" doc:"Markup of the pixel: a script, iframe or img element; at most 10,000 bytes"`
	CodeType string `json:"code_type" enum:"javascript,iframe,image" doc:"Sort of the markup"`
	IsActive bool   `json:"is_active,omitempty" doc:"The pixel is shown, once it is approved"`
	// ModerationStatus is pending when empty. Other code is pending again.
	ModerationStatus string `json:"moderation_status,omitempty" enum:"pending,approved,rejected" default:"pending" doc:"Whether the network lets it be shown; other code waits again"`
}

// Key implements Document.
func (d *PublisherPixel) Key() Key { return Key{KindPublisherPixel, d.ID} }

// Shown tells whether pages carry the pixel.
func (d *PublisherPixel) Shown() bool { return d.IsActive && d.ModerationStatus == "approved" }
