package config

import "github.com/clickgate/clickgate/internal/money"

// Offer is what publishers promote (A7).
type Offer struct {
	Meta
	// Integration is the opaque id of the integration the offer belongs to.
	Integration string `json:"integration" doc:"Opaque id of the integration"`
	// IncrementalID is the number links carry; unique among offers.
	IncrementalID int64 `json:"incremental_id" doc:"Number that links carry"`
	// ExternalID is the id the offer has in the platform it came from; links
	// may carry it instead. Unique in its integration.
	ExternalID string `json:"external_id,omitempty" doc:"Id in the platform the offer came from, which links may carry instead; unique in the integration"`
	Name       string `json:"name" doc:"Display name"`
	// AdvertiserID is the incremental id of the advertiser.
	AdvertiserID int64 `json:"advertiser_id" doc:"Number of the advertiser"`
	Active       bool  `json:"active,omitempty" doc:"Clicks are taken"`
	Archived     bool  `json:"archived,omitempty" doc:"Deleted, kept for reports"`
	// Visibility is Public (the default), Private or Requires_Approval.
	Visibility    string `json:"visibility,omitempty" enum:"Public,Private,Requires_Approval" doc:"Who may promote it: any publisher, or those approved"`
	Currency      string `json:"currency,omitempty" enum:"USD,EUR" doc:"Currency of the offer's amounts"`
	DefaultPayout Payout `json:"default_payout,omitzero" doc:"Terms where nothing more specific says them"`
	// Payments are rates for parts of the conversions, which go before
	// DefaultPayout (A26.2).
	Payments                   []Payment `json:"payments,omitempty" maxItems:"200" doc:"Rates for parts of the conversions, which go before default_payout; the most specific one that fits counts"`
	ConversionName             string    `json:"conversion_name,omitempty" doc:"Name of the initial conversion"`
	AllowDuplicateConversions  bool      `json:"allow_duplicate_conversions,omitempty" doc:"Takes more than one conversion a click"`
	ManuallyApproveConversions bool      `json:"manually_approve_conversions,omitempty" doc:"Conversions start as pending and wait for approval"`
	// BlockOnReject and OfferPreviewEnabled win over the integration's; unset
	// inherits.
	BlockOnReject       *bool `json:"block_on_reject,omitempty" doc:"Rejected clicks get a blank page; unset leaves it to the integration"`
	OfferPreviewEnabled *bool `json:"offer_preview_enabled,omitempty" doc:"Rejected clicks go to the preview URL; unset leaves it to the integration"`
	// FallbackURL is the target of the offer's rejected clicks.
	FallbackURL string `json:"fallback_url,omitempty" doc:"Target of rejected clicks, with macros"`
	// DeepLinkEnabled lets a link choose its target with redirect_url, on the
	// hosts of AllowedDomains and their subdomains only.
	DeepLinkEnabled bool     `json:"deep_link_enabled,omitempty" doc:"Lets a link choose its target with redirect_url"`
	AllowedDomains  []string `json:"allowed_domains,omitempty" doc:"Hosts, with their subdomains, that a link may choose"`

	EnableJSTracking              bool   `json:"enable_js_tracking,omitempty" doc:"Lets clicks be tracked by a script"`
	ParallelTrackingEnabled       bool   `json:"parallel_tracking_enabled,omitempty" doc:"Calls parallel_tracking_url with each click"`
	ParallelTrackingURL           string `json:"parallel_tracking_url,omitempty" doc:"URL that is called beside the redirect, with macros"`
	ImpressionForwardingEnabled   bool   `json:"impression_forwarding_enabled,omitempty" doc:"Forwards impressions to impression_forwarding_url"`
	ImpressionForwardingURL       string `json:"impression_forwarding_url,omitempty" doc:"URL that impressions are forwarded to, with macros"`
	ViewThroughAttributionEnabled bool   `json:"view_through_attribution_enabled,omitempty" doc:"A conversion may belong to an impression"`
	PrimaryDomain                 string `json:"primary_domain,omitempty" doc:"Tracking domain that links are shown with"`
	TargetingGroupID              string `json:"targeting_group_id,omitempty" doc:"Opaque id of the targeting group"`
	FraudFilterGroupID            string `json:"fraud_filter_group_id,omitempty" doc:"Opaque id of the fraud filter group"`
	// TargetingSimpleEnabled puts TargetingSimple in the place of the targeting
	// group, which is then not asked. TargetingSimple may be kept while it is
	// off.
	TargetingSimpleEnabled    bool       `json:"targeting_simple_enabled,omitempty" doc:"Uses targeting_simple instead of the targeting group"`
	TargetingSimple           *Targeting `json:"targeting_simple,omitempty" doc:"Rules of the offer itself for clicks and impressions"`
	TermsAndConditions        string     `json:"terms_and_conditions,omitempty" doc:"Terms that publishers must accept"`
	TermsAndConditionsEnabled bool       `json:"terms_and_conditions_enabled,omitempty" doc:"Publishers must accept the terms"`
	RestrictionNote           string     `json:"restriction_note,omitempty" doc:"What publishers must not do"`
	Description               string     `json:"description,omitempty" doc:"What the offer is"`
	// DefaultLandingPageID names the landing page of links that name none;
	// empty is the active page with the lowest incremental id.
	DefaultLandingPageID string `json:"default_landing_page_id,omitempty" doc:"Opaque id of the landing page of links that name none; empty is the active one with the lowest number"`
	// ApprovedPublisherIDs are the opaque ids of the publishers that may use
	// a Private or Requires_Approval offer.
	ApprovedPublisherIDs []string `json:"approved_publisher_ids,omitempty" doc:"Opaque ids of the publishers that may use a Private or Requires_Approval offer"`
	OfferRules
	ConversionRules
}

// Key implements Document.
func (d *Offer) Key() Key { return Key{KindOffer, d.ID} }

// Payout is what a conversion or click earns (A7.1, R-35).
type Payout struct {
	Payout         money.Amount `json:"payout,omitempty" minimum:"0" doc:"Fixed amount for the publisher"`
	PayoutPercent  money.Amount `json:"payout_percent,omitempty" minimum:"0" maximum:"100" doc:"Share of the sale or revenue for the publisher, in percent"`
	PayoutType     string       `json:"payout_type,omitempty" enum:"CPA,CPS,CPAxCPS,CPC,CPM,PRV" doc:"How the publisher is paid"`
	Revenue        money.Amount `json:"revenue,omitempty" minimum:"0" doc:"Fixed amount billed to the advertiser"`
	RevenuePercent money.Amount `json:"revenue_percent,omitempty" minimum:"0" maximum:"100" doc:"Share of the sale billed to the advertiser, in percent"`
	RevenueType    string       `json:"revenue_type,omitempty" enum:"RPA,RPS,RPAxRPS,RPC,RPM" doc:"How the advertiser is billed"`
}

// Terms is Payout where its fields stand in the document itself.
type Terms = Payout

// LandingPage is a destination of an offer (A9).
type LandingPage struct {
	Meta
	// Offer is the opaque id of the offer the page belongs to.
	Offer string `json:"offer" doc:"Opaque id of the offer"`
	// IncrementalID is the number links carry; unique among landing pages.
	IncrementalID      int64  `json:"incremental_id" doc:"Number that links carry"`
	Name               string `json:"name" doc:"Display name"`
	RedirectURL        string `json:"redirect_url" doc:"Target of approved clicks, with macros"`
	PreviewURL         string `json:"preview_url,omitempty" doc:"Target of rejected clicks where previews are enabled, with macros"`
	Active             bool   `json:"active,omitempty" doc:"Links may use it"`
	Archived           bool   `json:"archived,omitempty" doc:"Deleted, kept for reports"`
	HideFromPublishers bool   `json:"hide_from_publishers,omitempty" doc:"Publishers do not see it"`
	// Weight is the page's share of the clicks whose link names no page, in
	// proportion to the weights of the offer's other pages, hidden ones too.
	// Inactive and archived pages take no part; where no weight is left, the default
	// page takes all.
	Weight int64 `json:"weight,omitempty" minimum:"0" maximum:"1000000" doc:"Share of the clicks whose link names no page, in proportion to the offer's other pages; where all are 0 the default page takes them"`
}

// Key implements Document.
func (d *LandingPage) Key() Key { return Key{KindLandingPage, d.ID} }
