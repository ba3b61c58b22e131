package config

// Advertiser owns offers (A11).
type Advertiser struct {
	Meta
	// IncrementalID is the number offers and links carry; unique among
	// advertisers.
	IncrementalID int64  `json:"incremental_id" doc:"Number that offers and links carry"`
	ExternalID    string `json:"external_id,omitempty" doc:"Id in another system"`
	Name          string `json:"name" doc:"Display name"`
	Active        bool   `json:"active,omitempty" doc:"Clicks on the offers are taken"`
	Archived      bool   `json:"archived,omitempty" doc:"Deleted, kept for reports"`
	CompanyName   string `json:"company_name,omitempty" doc:"Name of the company"`
	Address       string `json:"address,omitempty" doc:"Postal address"`
	Country       string `json:"country,omitempty" doc:"Country"`
	Description   string `json:"description,omitempty" doc:"What the advertiser is"`
	Email         string `json:"email,omitempty" doc:"E-mail address"`
	FirstName     string `json:"first_name,omitempty" doc:"First name of the contact"`
	LastName      string `json:"last_name,omitempty" doc:"Last name of the contact"`
	ManagerID     string `json:"manager_id,omitempty" doc:"Opaque id of the user who manages it"`
	Messenger     string `json:"messenger,omitempty" doc:"Messenger handle"`
	Phone         string `json:"phone,omitempty" doc:"Phone number"`
	Website       string `json:"website,omitempty" doc:"Website"`
	// BlockedPublisherIDs are barred from all offers.
	BlockedPublisherIDs []string `json:"blocked_publisher_ids,omitempty" doc:"Opaque ids of publishers that must not use any offer of the advertiser"`
	// AllowedIP is read by ParseAddresses, line by line.
	AllowedIP string `json:"allowed_ip,omitempty" doc:"Addresses that postbacks are taken from, one address, range first-last or network a line; empty is any"`
	// SubAccounts hold for every offer, beside the offer's own.
	SubAccounts
}

// Key implements Document.
func (d *Advertiser) Key() Key { return Key{KindAdvertiser, d.ID} }

// Publisher sends traffic (A12).
type Publisher struct {
	Meta
	// IncrementalID is the number links carry; unique among publishers.
	IncrementalID          int64    `json:"incremental_id" doc:"Number that links carry"`
	ExternalID             string   `json:"external_id,omitempty" doc:"Id in another system"`
	Name                   string   `json:"name" doc:"Display name"`
	Active                 bool     `json:"active,omitempty" doc:"Clicks are taken"`
	Archived               bool     `json:"archived,omitempty" doc:"Deleted, kept for reports"`
	Pending                bool     `json:"pending,omitempty" doc:"Waits for approval"`
	PromotionalMethod      []string `json:"promotional_method,omitempty" enum:"Content,Email,Search,Social,Display,Native,Push,SMS,Other" doc:"How it promotes offers"`
	Countries              []string `json:"countries,omitempty" doc:"Countries its traffic comes from"`
	TrackingDomainIDs      []string `json:"tracking_domain_ids,omitempty" doc:"Tracking domains that it may use"`
	FraudVisibilityEnabled bool     `json:"fraud_visibility_enabled,omitempty" doc:"Its users see why traffic was rejected"`
	PostbackManagerEnabled bool     `json:"postback_manager_enabled,omitempty" doc:"Its users may make postback managers"`
	Address                string   `json:"address,omitempty" doc:"Postal address"`
	City                   string   `json:"city,omitempty" doc:"City"`
	CompanyName            string   `json:"company_name,omitempty" doc:"Name of the company"`
	Country                string   `json:"country,omitempty" doc:"Country"`
	Description            string   `json:"description,omitempty" doc:"What the publisher is"`
	Email                  string   `json:"email,omitempty" doc:"E-mail address"`
	ManagerID              string   `json:"manager_id,omitempty" doc:"Opaque id of the user who manages it"`
	Messenger              string   `json:"messenger,omitempty" doc:"Messenger handle"`
	Phone                  string   `json:"phone,omitempty" doc:"Phone number"`
	Timezone               string   `json:"timezone,omitempty" doc:"IANA time zone such as Europe/Berlin"`
	Website                string   `json:"website,omitempty" doc:"Website"`
	// Caps hold for all offers together. Statuses count as where an offer does
	// not say which (ConversionRules.CapsStatus).
	Caps []Cap `json:"caps,omitempty" maxItems:"50" doc:"Limits of what is counted over all offers; each holds by itself"`
	// CapsTimezone is UTC when empty.
	CapsTimezone string `json:"caps_timezone,omitempty" doc:"IANA time zone of the days and months of caps; empty is UTC"`
}

// Key implements Document.
func (d *Publisher) Key() Key { return Key{KindPublisher, d.ID} }

// BlockedSubID bars exactly one publisher, offer and sub_id (A16, R-39).
type BlockedSubID struct {
	Meta
	PublisherIncrementalID int64  `json:"publisher_incremental_id" minimum:"1" doc:"Number of the publisher"`
	OfferIncrementalID     int64  `json:"offer_incremental_id" minimum:"1" doc:"Number of the offer"`
	SubID                  string `json:"sub_id" maxLength:"30" doc:"The sub id that is barred"`
	Description            string `json:"description,omitempty" maxLength:"255" doc:"Why it is barred"`
}

// Key implements Document.
func (d *BlockedSubID) Key() Key { return Key{KindBlockedSubID, d.ID} }
