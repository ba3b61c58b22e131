package config

// Advertiser owns offers (A11).
type Advertiser struct {
	Meta
	// IncrementalID is the number offers and links carry; unique among
	// advertisers.
	IncrementalID int64  `json:"incremental_id"`
	ExternalID    string `json:"external_id,omitempty"`
	Name          string `json:"name"`
	Active        bool   `json:"active,omitempty"`
	Archived      bool   `json:"archived,omitempty"`
	CompanyName   string `json:"company_name,omitempty"`
	Address       string `json:"address,omitempty"`
	Country       string `json:"country,omitempty"`
	Description   string `json:"description,omitempty"`
	Email         string `json:"email,omitempty"`
	FirstName     string `json:"first_name,omitempty"`
	LastName      string `json:"last_name,omitempty"`
	ManagerID     string `json:"manager_id,omitempty"`
	Messenger     string `json:"messenger,omitempty"`
	Phone         string `json:"phone,omitempty"`
	Website       string `json:"website,omitempty"`
}

// Key implements Document.
func (d *Advertiser) Key() Key { return Key{KindAdvertiser, d.ID} }

// Publisher sends traffic (A12).
type Publisher struct {
	Meta
	// IncrementalID is the number links carry; unique among publishers.
	IncrementalID          int64    `json:"incremental_id"`
	ExternalID             string   `json:"external_id,omitempty"`
	Name                   string   `json:"name"`
	Active                 bool     `json:"active,omitempty"`
	Archived               bool     `json:"archived,omitempty"`
	Pending                bool     `json:"pending,omitempty"`
	PromotionalMethod      []string `json:"promotional_method,omitempty" enum:"Content,Email,Search,Social,Display,Native,Push,SMS,Other"`
	Countries              []string `json:"countries,omitempty"`
	TrackingDomainIDs      []string `json:"tracking_domain_ids,omitempty"`
	FraudVisibilityEnabled bool     `json:"fraud_visibility_enabled,omitempty"`
	PostbackManagerEnabled bool     `json:"postback_manager_enabled,omitempty"`
	Address                string   `json:"address,omitempty"`
	City                   string   `json:"city,omitempty"`
	CompanyName            string   `json:"company_name,omitempty"`
	Country                string   `json:"country,omitempty"`
	Description            string   `json:"description,omitempty"`
	Email                  string   `json:"email,omitempty"`
	ManagerID              string   `json:"manager_id,omitempty"`
	Messenger              string   `json:"messenger,omitempty"`
	Phone                  string   `json:"phone,omitempty"`
	Timezone               string   `json:"timezone,omitempty"`
	Website                string   `json:"website,omitempty"`
}

// Key implements Document.
func (d *Publisher) Key() Key { return Key{KindPublisher, d.ID} }

// BlockedSubID bars exactly one publisher, offer and sub_id (A16, R-39).
type BlockedSubID struct {
	Meta
	PublisherIncrementalID int64  `json:"publisher_incremental_id" minimum:"1"`
	OfferIncrementalID     int64  `json:"offer_incremental_id" minimum:"1"`
	SubID                  string `json:"sub_id" maxLength:"30"`
	Description            string `json:"description,omitempty" maxLength:"255"`
}

// Key implements Document.
func (d *BlockedSubID) Key() Key { return Key{KindBlockedSubID, d.ID} }
