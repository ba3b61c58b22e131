package config

import "github.com/clickgate/clickgate/internal/money"

// Integration is one tracking setup (A1): how requests are parsed, which
// filters apply, where traffic goes, how conversions are authenticated. Its id
// is also the host label of its public tracking URLs, so it is a DNS label.
type Integration struct {
	Meta
	Name                  string `json:"name" doc:"Display name"`
	Type                  string `json:"type" enum:"Custom,HasOffer,Everflow,EverflowAPI,Affise,Trackier,REDIRECT_URL,Appsflyer,Adjust,AppMetrica" doc:"Tracking platform that stands behind it"`
	CustomIntegrationType string `json:"custom_integration_type,omitempty" doc:"Sort of a Custom integration"`
	// Active false: traffic of the integration is ignored.
	Active bool `json:"active" doc:"Off, its traffic is ignored"`
	// MonitoringMode lets rejected clicks pass, recorded as rejected.
	MonitoringMode bool `json:"monitoring_mode" doc:"Rejected clicks pass and are recorded as rejected"`
	// OfferPreviewEnabled sends rejected clicks to the preview URL.
	OfferPreviewEnabled bool `json:"offer_preview_enabled" doc:"Rejected clicks go to the offer's preview URL and not to the global fallback"`
	RTBEnabled          bool `json:"rtb_enabled,omitempty" doc:"Rejected clicks are sold"`

	ClicksConfig      ClicksConfig      `json:"clicks_config" doc:"How clicks are handled"`
	ConversionsConfig ConversionsConfig `json:"conversions_config" doc:"How conversions are read"`

	// ClickPaths and ConversionPaths are further paths, for links that another
	// system handed out. They hold where a host label or no name at all leads
	// to the integration; a custom domain has its own.
	ClickPaths      []string `json:"click_paths,omitempty" doc:"Paths such as /aff_c that take clicks too, at most 8"`
	ConversionPaths []string `json:"conversion_paths,omitempty" doc:"Paths such as /postback that take conversions too, at most 8"`

	// ConversionSecureCode authenticates conversion requests.
	ConversionSecureCode              string   `json:"conversion_secure_code" doc:"Secret that conversion requests must carry"`
	ConversionThirdPartySyncEnabled   bool     `json:"conversion_third_party_sync_enabled,omitempty" doc:"Reports recorded conversions to the platform behind"`
	ConversionThirdPartySyncMode      string   `json:"conversion_third_party_sync_mode,omitempty" enum:"RejectedOnly,PendingOnly,All" default:"RejectedOnly" doc:"Which conversions are reported"`
	ConversionThirdPartySyncOfferIDs  []string `json:"conversion_third_party_sync_offer_ids,omitempty" doc:"Offers whose conversions are reported; empty is all"`
	DefaultRevenuePayout              Amounts  `json:"default_revenue_payout" doc:"Amounts where nothing more specific says them"`
	Currency                          string   `json:"currency,omitempty" doc:"Currency of all amounts, such as USD"`
	DuplicateExternalTxIDEnabled      bool     `json:"duplicate_external_tx_id_enabled,omitempty" doc:"Drops conversions whose external transaction id was seen already"`
	DuplicateExternalTxIDExpirySecond int64    `json:"duplicate_external_tx_id_cache_expiry_seconds,omitempty" minimum:"0" doc:"How long an external transaction id is remembered"`
	// MaxAttributionLookupDays 0 is unlimited (D-9).
	MaxAttributionLookupDays int64 `json:"max_attribution_lookup_days,omitempty" minimum:"0" doc:"Age of the oldest click a conversion may belong to; 0 is unlimited"`

	// ExcludedSources are dropped, WhitelistSources alone are admitted where
	// a dimension is not empty; excluded wins (R-23, D-13).
	ExcludedSources  Sources `json:"excluded_sources,omitzero" doc:"Sources that are dropped; wins over whitelist_sources"`
	WhitelistSources Sources `json:"whitelist_sources,omitzero" doc:"Sources that alone are admitted, where a list is not empty"`

	CustomDomain  *CustomDomain `json:"custom_domain,omitempty" doc:"Own tracking domain"`
	PrimaryDomain string        `json:"primary_domain,omitempty" doc:"Tracking domain that links are shown with"`

	// The default group of filters: list form first, then object form (D-27).
	DefaultFilters                []Filter      `json:"default_filters,omitempty" doc:"Click filters where no filter group matches"`
	DefaultConversionFilters      []Filter      `json:"default_conversion_filters,omitempty" doc:"Conversion filters where no filter group matches"`
	DefaultImpressionFilters      []Filter      `json:"default_impression_filters,omitempty" doc:"Impression filters where no filter group matches"`
	ClickFilterPresetID           int64         `json:"click_filter_preset_id,omitempty" minimum:"0" doc:"Preset that the click filters came from"`
	ConversionFilterPresetID      int64         `json:"conversion_filter_preset_id,omitempty" minimum:"0" doc:"Preset that the conversion filters came from"`
	FraudClickFilterSettings      FraudSettings `json:"fraud_click_filter_settings,omitempty" doc:"Click filters where no group matches, in object form"`
	FraudConversionFilterSettings FraudSettings `json:"fraud_conversion_filter_settings,omitempty" doc:"Conversion filters where no group matches, in object form"`
	FraudImpressionFilterSettings FraudSettings `json:"fraud_impression_filter_settings,omitempty" doc:"Impression filters where no group matches, in object form"`

	UIMacros *UIMacros `json:"ui_macros,omitempty" doc:"Macro names that are shown to users"`

	// Kept for their owners; nothing acts on them yet.
	ClickSigningEnabled                bool                     `json:"click_signing_enabled,omitempty" doc:"Signs outgoing click URLs"`
	ClickSigningConfigs                map[string]SigningConfig `json:"click_signing_configs,omitempty" doc:"Keys for signing, by name"`
	AccountAPIURL                      string                   `json:"account_api_url,omitempty" doc:"API of the platform behind, with the macros of postbacks"`
	AccountKey                         string                   `json:"account_key,omitempty" doc:"API key for the platform behind"`
	DataSyncConfig                     *DataSyncConfig          `json:"data_sync_config,omitempty" doc:"Pull of data from the platform behind"`
	OriginalTrackingDomain             string                   `json:"original_tracking_domain,omitempty" doc:"Tracking domain of the platform behind"`
	OriginalTrackingDomainAddresses    []string                 `json:"original_tracking_domain_resolved_addresses,omitempty" doc:"Addresses of that domain"`
	OriginalTrackingDomainVerification string                   `json:"original_tracking_domain_verification_status,omitempty" doc:"Whether that domain was verified"`
	CustomDomainStatus                 *CustomDomainStatus      `json:"custom_domain_status,omitempty" doc:"State of the custom domain's DNS records and certificate"`
	IsPartnership                      bool                     `json:"is_partnership,omitempty" doc:"Made through the partnership API"`
	RequestedForDeletion               bool                     `json:"requested_for_deletion,omitempty" doc:"Somebody asked for its deletion"`
	RequestedForDeletionBy             string                   `json:"requested_for_deletion_by,omitempty" doc:"Who asked for its deletion"`
}

// Key implements Document.
func (d *Integration) Key() Key { return Key{KindIntegration, d.ID} }

// ClicksConfig says how clicks are handled (A1.1).
type ClicksConfig struct {
	// GlobalRedirectURL is the target of approved clicks whose offer has none
	// . With macros.
	GlobalRedirectURL string `json:"global_redirect_url,omitempty" doc:"Target of approved clicks whose offer has none, with macros"`
	// GlobalFallbackURL is the last target of rejected clicks.
	GlobalFallbackURL string `json:"global_fallback_url,omitempty" doc:"Last target of rejected clicks, with macros"`
	// BlockOnReject shows rejected clicks a blank page.
	BlockOnReject bool `json:"block_on_reject,omitempty" doc:"Rejected clicks get a blank page"`
	// RedirectStrategy is one of 301, 302, 303, 307, 308, http302,
	// http302hidden, js, meta; empty is 302 (D-8, R-41).
	RedirectStrategy string `json:"redirect_strategy,omitempty" enum:"301,302,303,307,308,http302,http302hidden,js,meta" default:"302" doc:"How visitors are redirected"`
	// RedirectCacheExpirySeconds is how long a browser may keep a redirect;
	// 0 forbids it (D-6).
	RedirectCacheExpirySeconds int64 `json:"redirect_cache_expiry_seconds,omitempty" minimum:"0" doc:"How long a browser may keep a redirect; 0 forbids it"`
	// SecureRedirectURLEnabled upgrades targets to https (D-7).
	SecureRedirectURLEnabled bool `json:"secure_redirect_url_enabled,omitempty" doc:"Upgrades targets to https"`
	// LimitedURLParameters: true passes a value on to the target; absent
	// passes all (R-21, D-5).
	LimitedURLParameters *LimitedURLParameters `json:"limited_url_parameters,omitempty" doc:"Which request values are passed on to the target; absent passes all"`
	// RequestParametersMapping names the query parameters that feed each
	// field; an empty list is the canonical name.
	RequestParametersMapping ClickParameters `json:"request_parameters_mapping,omitzero" doc:"Query parameters that feed each field; an empty list is the field's own name"`
}

// LimitedURLParameters says which request values travel to the target.
type LimitedURLParameters struct {
	Advertiser      bool `json:"advertiser" doc:"Passes the advertiser on"`
	DeviceID        bool `json:"device_id" doc:"Passes the device id on"`
	ExtraParameters bool `json:"extra_parameters" doc:"Passes parameters on that no field takes"`
	Offer           bool `json:"offer" doc:"Passes the offer on"`
	Publisher       bool `json:"publisher" doc:"Passes the publisher on"`
	SubID           bool `json:"sub_id" doc:"Passes the sub ids on"`
}

// ClickParameters lists, per field, the accepted query names in the order in
// which they are tried.
type ClickParameters struct {
	Advertiser []string `json:"advertiser,omitempty" doc:"Query parameters that feed advertiser"`
	DeviceID   []string `json:"device_id,omitempty" doc:"Query parameters that feed device_id"`
	Keyword    []string `json:"keyword,omitempty" doc:"Query parameters that feed keyword"`
	Offer      []string `json:"offer,omitempty" doc:"Query parameters that feed offer"`
	Publisher  []string `json:"publisher,omitempty" doc:"Query parameters that feed publisher"`
	SubID      []string `json:"sub_id,omitempty" doc:"Query parameters that feed sub_id"`
	SubID2     []string `json:"sub_id_2,omitempty" doc:"Query parameters that feed sub_id_2"`
	SubID3     []string `json:"sub_id_3,omitempty" doc:"Query parameters that feed sub_id_3"`
	SubID4     []string `json:"sub_id_4,omitempty" doc:"Query parameters that feed sub_id_4"`
	SubID5     []string `json:"sub_id_5,omitempty" doc:"Query parameters that feed sub_id_5"`
	SubID6     []string `json:"sub_id_6,omitempty" doc:"Query parameters that feed sub_id_6"`
}

// Amounts are the integration's default amounts (A1.3), in its currency.
type Amounts struct {
	ClickPayout       money.Amount `json:"click_payout,omitempty" minimum:"0" doc:"What a publisher gets for a click"`
	ClickRevenue      money.Amount `json:"click_revenue,omitempty" minimum:"0" doc:"What an advertiser pays for a click"`
	ConversionPayout  money.Amount `json:"conversion_payout,omitempty" minimum:"0" doc:"What a publisher gets for a conversion"`
	ConversionRevenue money.Amount `json:"conversion_revenue,omitempty" minimum:"0" doc:"What an advertiser pays for a conversion"`
}

// Sources is a list of sources in four dimensions (A1.4). Values are names as
// requests give them, or incremental, external or opaque ids; countries are ISO
// codes. An exclusion holds for all names of a source; a whitelist for what is
// resolved, and for names in requests only where nothing is.
type Sources struct {
	Advertisers []string `json:"advertisers,omitempty" doc:"Advertisers, as traffic names them or by id"`
	Countries   []string `json:"countries,omitempty" doc:"ISO country codes such as DE"`
	Offers      []string `json:"offers,omitempty" doc:"Offers, as traffic names them or by id"`
	Publishers  []string `json:"publishers,omitempty" doc:"Publishers, as traffic names them or by id"`
}

// CustomDomain is an integration's own tracking domain (A1.6, R-67).
type CustomDomain struct {
	Host string `json:"host" doc:"Host name of the domain"`
	// ClickPath is "/" when empty, ConversionPath "/conversions".
	ClickPath        string `json:"click_path,omitempty" doc:"Path of clicks; empty is /"`
	ConversionPath   string `json:"conversion_path,omitempty" doc:"Path of conversions; empty is /conversions"`
	ActivateJSChecks bool   `json:"activate_js_checks,omitempty" doc:"Checks visitors with a script"`
}

// UIMacros are the macro names shown to users (A1.9).
type UIMacros struct {
	Clicks      map[string]string `json:"clicks,omitempty" doc:"Macros of clicks, by field"`
	Conversions map[string]string `json:"conversions,omitempty" doc:"Macros of conversions, by field"`
}

// SigningConfig is a key for signing outgoing click URLs (A1.5).
type SigningConfig struct {
	APIKey          string        `json:"api_key,omitempty" doc:"Key that signs"`
	Offers          []string      `json:"offers,omitempty" doc:"Offers whose URLs are signed with it"`
	ParameterMacros SigningMacros `json:"parameter_macros,omitzero" doc:"Macros that the signature fills"`
}

// SigningMacros name the macros that a signature fills (A1.5).
type SigningMacros struct {
	Expires   string `json:"expires,omitempty" doc:"Macro for the end of the signature"`
	Signature string `json:"signature,omitempty" doc:"Macro for the signature"`
}

// DataSyncConfig switches the pull of data from the platform behind (A1).
type DataSyncConfig struct {
	Enabled bool `json:"enabled" doc:"Data is pulled"`
}

// CustomDomainStatus is what is known of a custom domain's DNS records and
// certificate (A1.7).
type CustomDomainStatus struct {
	ACMECNAMERecord              string          `json:"acmecname_record,omitempty" doc:"Name of the CNAME record for certificates"`
	ACMECNAMERecordVerified      bool            `json:"acmecname_record_verified,omitempty" doc:"That record is right"`
	CNAMERecordVerified          bool            `json:"cname_record_verified,omitempty" doc:"The CNAME record of the host is right"`
	CurrentACMECNAMERecordValue  string          `json:"current_acmecname_record_value,omitempty" doc:"Value that the record for certificates has"`
	CurrentCNAMERecordValue      string          `json:"current_cname_record_value,omitempty" doc:"Value that the CNAME record has"`
	RegionalReadinessStatus      map[string]bool `json:"regional_readiness_status,omitempty" doc:"Whether each region serves the domain"`
	RequiredACMECNAMERecordValue string          `json:"required_acmecname_record_value,omitempty" doc:"Value that the record for certificates must have"`
	RequiredCNAMERecordValue     string          `json:"required_cname_record_value,omitempty" doc:"Value that the CNAME record must have"`
	SSLReady                     bool            `json:"ssl_ready,omitempty" doc:"The certificate is there"`
	TXTRecord                    string          `json:"txt_record,omitempty" doc:"Name of the TXT record"`
	TXTRecordVerified            bool            `json:"txt_record_verified,omitempty" doc:"The TXT record is right"`
	UpdatesForCustomDomainHost   string          `json:"updates_for_custom_domain_host,omitempty" doc:"Host that a change is under way for"`
	UserErrors                   []string        `json:"user_errors,omitempty" doc:"What the owner must mend"`
}
