package config

// Offer is what publishers promote (A7).
type Offer struct {
	Meta
	// Integration is the opaque id of the integration the offer belongs to.
	Integration string `json:"integration"`
	// IncrementalID is the number links carry; unique among offers.
	IncrementalID int64 `json:"incremental_id"`
	// ExternalID is the id the offer has in the platform it came from; links
	// may carry it instead. Unique in its integration.
	ExternalID string `json:"external_id,omitempty"`
	Name       string `json:"name"`
	// AdvertiserID is the incremental id of the advertiser.
	AdvertiserID int64 `json:"advertiser_id"`
	Active       bool  `json:"active,omitempty"`
	Archived     bool  `json:"archived,omitempty"`
	// Visibility is Public (the default), Private or Requires_Approval.
	Visibility                 string `json:"visibility,omitempty" enum:"Public,Private,Requires_Approval"`
	Currency                   string `json:"currency,omitempty" enum:"USD,EUR"`
	DefaultPayout              Payout `json:"default_payout,omitzero"`
	ConversionName             string `json:"conversion_name,omitempty"`
	AllowDuplicateConversions  bool   `json:"allow_duplicate_conversions,omitempty"`
	ManuallyApproveConversions bool   `json:"manually_approve_conversions,omitempty"`
	// BlockOnReject and OfferPreviewEnabled win over the integration's; unset
	// inherits.
	BlockOnReject       *bool `json:"block_on_reject,omitempty"`
	OfferPreviewEnabled *bool `json:"offer_preview_enabled,omitempty"`
	// FallbackURL is the target of the offer's rejected clicks.
	FallbackURL string `json:"fallback_url,omitempty"`
	// DeepLinkEnabled lets a link choose its target with redirect_url, on the
	// hosts of AllowedDomains and their subdomains only.
	DeepLinkEnabled bool     `json:"deep_link_enabled,omitempty"`
	AllowedDomains  []string `json:"allowed_domains,omitempty"`

	EnableJSTracking              bool   `json:"enable_js_tracking,omitempty"`
	ParallelTrackingEnabled       bool   `json:"parallel_tracking_enabled,omitempty"`
	ParallelTrackingURL           string `json:"parallel_tracking_url,omitempty"`
	ImpressionForwardingEnabled   bool   `json:"impression_forwarding_enabled,omitempty"`
	ImpressionForwardingURL       string `json:"impression_forwarding_url,omitempty"`
	ViewThroughAttributionEnabled bool   `json:"view_through_attribution_enabled,omitempty"`
	PrimaryDomain                 string `json:"primary_domain,omitempty"`
	TargetingGroupID              string `json:"targeting_group_id,omitempty"`
	FraudFilterGroupID            string `json:"fraud_filter_group_id,omitempty"`
	TargetingSimpleEnabled        bool   `json:"targeting_simple_enabled,omitempty"`
	TermsAndConditions            string `json:"terms_and_conditions,omitempty"`
	TermsAndConditionsEnabled     bool   `json:"terms_and_conditions_enabled,omitempty"`
	RestrictionNote               string `json:"restriction_note,omitempty"`
	Description                   string `json:"description,omitempty"`
	// DefaultLandingPageID names the landing page of links that name none;
	// empty is the active page with the lowest incremental id.
	DefaultLandingPageID string `json:"default_landing_page_id,omitempty"`
	// ApprovedPublisherIDs are the opaque ids of the publishers that may use
	// a Private or Requires_Approval offer.
	ApprovedPublisherIDs []string `json:"approved_publisher_ids,omitempty"`
}

// Key implements Document.
func (d *Offer) Key() Key { return Key{KindOffer, d.ID} }

// Payout is what a conversion or click earns (A7.1, R-35).
type Payout struct {
	Payout         float64 `json:"payout,omitempty" minimum:"0"`
	PayoutPercent  float64 `json:"payout_percent,omitempty" minimum:"0" maximum:"100"`
	PayoutType     string  `json:"payout_type,omitempty" enum:"CPA,CPS,CPAxCPS,CPC,CPM,PRV"`
	Revenue        float64 `json:"revenue,omitempty" minimum:"0"`
	RevenuePercent float64 `json:"revenue_percent,omitempty" minimum:"0" maximum:"100"`
	RevenueType    string  `json:"revenue_type,omitempty" enum:"RPA,RPS,RPAxRPS,RPC,RPM"`
}

// Terms is Payout where its fields stand in the document itself.
type Terms = Payout

// LandingPage is a destination of an offer (A9).
type LandingPage struct {
	Meta
	// Offer is the opaque id of the offer the page belongs to.
	Offer string `json:"offer"`
	// IncrementalID is the number links carry; unique among landing pages.
	IncrementalID      int64  `json:"incremental_id"`
	Name               string `json:"name"`
	RedirectURL        string `json:"redirect_url"`
	PreviewURL         string `json:"preview_url,omitempty"`
	Active             bool   `json:"active,omitempty"`
	Archived           bool   `json:"archived,omitempty"`
	HideFromPublishers bool   `json:"hide_from_publishers,omitempty"`
}

// Key implements Document.
func (d *LandingPage) Key() Key { return Key{KindLandingPage, d.ID} }
