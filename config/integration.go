package config

// Integration is one tracking setup (A1): how requests are parsed, which
// filters apply, where traffic goes, how conversions are authenticated. Its id
// is also the host label of its public tracking URLs, so it is a DNS label.
type Integration struct {
	Meta
	Name                  string `json:"name"`
	Type                  string `json:"type" enum:"Custom,HasOffer,Everflow,EverflowAPI,Affise,Trackier,REDIRECT_URL,Appsflyer,Adjust,AppMetrica"`
	CustomIntegrationType string `json:"custom_integration_type,omitempty"`
	// Active false: traffic of the integration is ignored.
	Active bool `json:"active"`
	// MonitoringMode lets rejected clicks pass, recorded as rejected.
	MonitoringMode bool `json:"monitoring_mode"`
	// OfferPreviewEnabled sends rejected clicks to the preview URL.
	OfferPreviewEnabled bool `json:"offer_preview_enabled"`
	RTBEnabled          bool `json:"rtb_enabled,omitempty"`

	ClicksConfig      ClicksConfig      `json:"clicks_config"`
	ConversionsConfig ConversionsConfig `json:"conversions_config"`

	// ConversionSecureCode authenticates conversion requests.
	ConversionSecureCode              string   `json:"conversion_secure_code"`
	ConversionThirdPartySyncEnabled   bool     `json:"conversion_third_party_sync_enabled,omitempty"`
	ConversionThirdPartySyncMode      string   `json:"conversion_third_party_sync_mode,omitempty" enum:"RejectedOnly,PendingOnly,All" default:"RejectedOnly"`
	ConversionThirdPartySyncOfferIDs  []string `json:"conversion_third_party_sync_offer_ids,omitempty"`
	DefaultRevenuePayout              Amounts  `json:"default_revenue_payout"`
	Currency                          string   `json:"currency,omitempty"`
	DuplicateExternalTxIDEnabled      bool     `json:"duplicate_external_tx_id_enabled,omitempty"`
	DuplicateExternalTxIDExpirySecond int64    `json:"duplicate_external_tx_id_cache_expiry_seconds,omitempty" minimum:"0"`
	// MaxAttributionLookupDays 0 is unlimited (D-9).
	MaxAttributionLookupDays int64 `json:"max_attribution_lookup_days,omitempty" minimum:"0"`

	// ExcludedSources are dropped, WhitelistSources alone are admitted where
	// a dimension is not empty; excluded wins (R-23, D-13).
	ExcludedSources  Sources `json:"excluded_sources,omitzero"`
	WhitelistSources Sources `json:"whitelist_sources,omitzero"`

	CustomDomain  *CustomDomain `json:"custom_domain,omitempty"`
	PrimaryDomain string        `json:"primary_domain,omitempty"`

	// The default group of filters: list form first, then object form (D-27).
	DefaultFilters                []Filter      `json:"default_filters,omitempty"`
	DefaultConversionFilters      []Filter      `json:"default_conversion_filters,omitempty"`
	DefaultImpressionFilters      []Filter      `json:"default_impression_filters,omitempty"`
	ClickFilterPresetID           int64         `json:"click_filter_preset_id,omitempty" minimum:"0"`
	ConversionFilterPresetID      int64         `json:"conversion_filter_preset_id,omitempty" minimum:"0"`
	FraudClickFilterSettings      FraudSettings `json:"fraud_click_filter_settings,omitempty"`
	FraudConversionFilterSettings FraudSettings `json:"fraud_conversion_filter_settings,omitempty"`
	FraudImpressionFilterSettings FraudSettings `json:"fraud_impression_filter_settings,omitempty"`

	UIMacros *UIMacros `json:"ui_macros,omitempty"`

	// Kept for their owners; nothing acts on them yet.
	ClickSigningEnabled                bool                     `json:"click_signing_enabled,omitempty"`
	ClickSigningConfigs                map[string]SigningConfig `json:"click_signing_configs,omitempty"`
	AccountAPIURL                      string                   `json:"account_api_url,omitempty"`
	AccountKey                         string                   `json:"account_key,omitempty"`
	DataSyncConfig                     *DataSyncConfig          `json:"data_sync_config,omitempty"`
	OriginalTrackingDomain             string                   `json:"original_tracking_domain,omitempty"`
	OriginalTrackingDomainAddresses    []string                 `json:"original_tracking_domain_resolved_addresses,omitempty"`
	OriginalTrackingDomainVerification string                   `json:"original_tracking_domain_verification_status,omitempty"`
	CustomDomainStatus                 *CustomDomainStatus      `json:"custom_domain_status,omitempty"`
	IsPartnership                      bool                     `json:"is_partnership,omitempty"`
	RequestedForDeletion               bool                     `json:"requested_for_deletion,omitempty"`
	RequestedForDeletionBy             string                   `json:"requested_for_deletion_by,omitempty"`
}

// Key implements Document.
func (d *Integration) Key() Key { return Key{KindIntegration, d.ID} }

// ClicksConfig says how clicks are handled (A1.1).
type ClicksConfig struct {
	// GlobalRedirectURL is the target of approved clicks whose offer has none
	// . With macros.
	GlobalRedirectURL string `json:"global_redirect_url,omitempty"`
	// GlobalFallbackURL is the last target of rejected clicks.
	GlobalFallbackURL string `json:"global_fallback_url,omitempty"`
	// BlockOnReject shows rejected clicks a blank page.
	BlockOnReject bool `json:"block_on_reject,omitempty"`
	// RedirectStrategy is one of 301, 302, 303, 307, 308, http302,
	// http302hidden, js, meta; empty is 302 (D-8, R-41).
	RedirectStrategy string `json:"redirect_strategy,omitempty" enum:"301,302,303,307,308,http302,http302hidden,js,meta" default:"302"`
	// RedirectCacheExpirySeconds is how long a browser may keep a redirect;
	// 0 forbids it (D-6).
	RedirectCacheExpirySeconds int64 `json:"redirect_cache_expiry_seconds,omitempty" minimum:"0"`
	// SecureRedirectURLEnabled upgrades targets to https (D-7).
	SecureRedirectURLEnabled bool `json:"secure_redirect_url_enabled,omitempty"`
	// LimitedURLParameters: true passes a value on to the target; absent
	// passes all (R-21, D-5).
	LimitedURLParameters *LimitedURLParameters `json:"limited_url_parameters,omitempty"`
	// RequestParametersMapping names the query parameters that feed each
	// field; an empty list is the canonical name.
	RequestParametersMapping ClickParameters `json:"request_parameters_mapping,omitzero"`
}

// LimitedURLParameters says which request values travel to the target.
type LimitedURLParameters struct {
	Advertiser      bool `json:"advertiser"`
	DeviceID        bool `json:"device_id"`
	ExtraParameters bool `json:"extra_parameters"`
	Offer           bool `json:"offer"`
	Publisher       bool `json:"publisher"`
	SubID           bool `json:"sub_id"`
}

// ClickParameters lists, per field, the accepted query names in the order in
// which they are tried.
type ClickParameters struct {
	Advertiser []string `json:"advertiser,omitempty"`
	DeviceID   []string `json:"device_id,omitempty"`
	Keyword    []string `json:"keyword,omitempty"`
	Offer      []string `json:"offer,omitempty"`
	Publisher  []string `json:"publisher,omitempty"`
	SubID      []string `json:"sub_id,omitempty"`
	SubID2     []string `json:"sub_id_2,omitempty"`
	SubID3     []string `json:"sub_id_3,omitempty"`
	SubID4     []string `json:"sub_id_4,omitempty"`
	SubID5     []string `json:"sub_id_5,omitempty"`
	SubID6     []string `json:"sub_id_6,omitempty"`
}

// ConversionsConfig says how conversions are parsed (A1.2).
type ConversionsConfig struct {
	RequestParametersMapping ConversionParameters `json:"request_parameters_mapping,omitzero"`
}

// ConversionParameters is ClickParameters for conversion requests (A1.2).
type ConversionParameters struct {
	Advertiser               []string `json:"advertiser,omitempty"`
	AppID                    []string `json:"app_id,omitempty"`
	AppVersion               []string `json:"app_version,omitempty"`
	BeginInstallTime         []string `json:"begin_install_time,omitempty"`
	ClickIP                  []string `json:"click_ip,omitempty"`
	ClickTime                []string `json:"click_time,omitempty"`
	ClickTransactionID       []string `json:"click_transaction_id,omitempty"`
	DeviceID                 []string `json:"device_id,omitempty"`
	FinishInstallTime        []string `json:"finish_install_time,omitempty"`
	Offer                    []string `json:"offer,omitempty"`
	Publisher                []string `json:"publisher,omitempty"`
	SubID                    []string `json:"sub_id,omitempty"`
	SubID2                   []string `json:"sub_id_2,omitempty"`
	SubID3                   []string `json:"sub_id_3,omitempty"`
	SubID4                   []string `json:"sub_id_4,omitempty"`
	SubID5                   []string `json:"sub_id_5,omitempty"`
	SubID6                   []string `json:"sub_id_6,omitempty"`
	ThirdPartyRejectedReason []string `json:"third_party_rejected_reason,omitempty"`
}

// Amounts are the integration's default amounts (A1.3), in its currency.
type Amounts struct {
	ClickPayout       float64 `json:"click_payout,omitempty" minimum:"0"`
	ClickRevenue      float64 `json:"click_revenue,omitempty" minimum:"0"`
	ConversionPayout  float64 `json:"conversion_payout,omitempty" minimum:"0"`
	ConversionRevenue float64 `json:"conversion_revenue,omitempty" minimum:"0"`
}

// Sources is a list of sources in four dimensions (A1.4). Values are compared
// as they came in the request and as resolved ids; countries are ISO codes.
type Sources struct {
	Advertisers []string `json:"advertisers,omitempty"`
	Countries   []string `json:"countries,omitempty"`
	Offers      []string `json:"offers,omitempty"`
	Publishers  []string `json:"publishers,omitempty"`
}

// CustomDomain is an integration's own tracking domain (A1.6, R-67).
type CustomDomain struct {
	Host string `json:"host"`
	// ClickPath is "/" when empty, ConversionPath "/conversions".
	ClickPath        string `json:"click_path,omitempty"`
	ConversionPath   string `json:"conversion_path,omitempty"`
	ActivateJSChecks bool   `json:"activate_js_checks,omitempty"`
}

// UIMacros are the macro names shown to users (A1.9).
type UIMacros struct {
	Clicks      map[string]string `json:"clicks,omitempty"`
	Conversions map[string]string `json:"conversions,omitempty"`
}

// SigningConfig is a key for signing outgoing click URLs (A1.5).
type SigningConfig struct {
	APIKey          string        `json:"api_key,omitempty"`
	Offers          []string      `json:"offers,omitempty"`
	ParameterMacros SigningMacros `json:"parameter_macros,omitzero"`
}

// SigningMacros name the macros that a signature fills (A1.5).
type SigningMacros struct {
	Expires   string `json:"expires,omitempty"`
	Signature string `json:"signature,omitempty"`
}

// DataSyncConfig switches the pull of data from the platform behind (A1).
type DataSyncConfig struct {
	Enabled bool `json:"enabled"`
}

// CustomDomainStatus is what is known of a custom domain's DNS records and
// certificate (A1.7).
type CustomDomainStatus struct {
	ACMECNAMERecord              string          `json:"acmecname_record,omitempty"`
	ACMECNAMERecordVerified      bool            `json:"acmecname_record_verified,omitempty"`
	CNAMERecordVerified          bool            `json:"cname_record_verified,omitempty"`
	CurrentACMECNAMERecordValue  string          `json:"current_acmecname_record_value,omitempty"`
	CurrentCNAMERecordValue      string          `json:"current_cname_record_value,omitempty"`
	RegionalReadinessStatus      map[string]bool `json:"regional_readiness_status,omitempty"`
	RequiredACMECNAMERecordValue string          `json:"required_acmecname_record_value,omitempty"`
	RequiredCNAMERecordValue     string          `json:"required_cname_record_value,omitempty"`
	SSLReady                     bool            `json:"ssl_ready,omitempty"`
	TXTRecord                    string          `json:"txt_record,omitempty"`
	TXTRecordVerified            bool            `json:"txt_record_verified,omitempty"`
	UpdatesForCustomDomainHost   string          `json:"updates_for_custom_domain_host,omitempty"`
	UserErrors                   []string        `json:"user_errors,omitempty"`
}
