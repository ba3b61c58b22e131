package api

import (
	"strings"

	"github.com/clickgate/clickgate/config"
)

var integrationFields = []string{
	"name", "organization", "active", "monitoring_mode", "offer_preview_enabled", "rtb_enabled",
	"clicks_config", "conversions_config", "conversion_secure_code",
	"click_paths", "conversion_paths", // ours: links of other systems
	"conversion_third_party_sync_enabled", "conversion_third_party_sync_mode", "conversion_third_party_sync_offer_ids",
	"default_revenue_payout", "currency",
	"duplicate_external_tx_id_enabled", "duplicate_external_tx_id_cache_expiry_seconds", "max_attribution_lookup_days",
	"excluded_sources", "whitelist_sources", "click_signing_enabled", "click_signing_configs",
	"custom_domain", "custom_domain_status", "primary_domain",
	"original_tracking_domain", "original_tracking_domain_resolved_addresses", "original_tracking_domain_verification_status",
	"account_api_url", "account_key", "data_sync_config",
	"default_filters", "default_conversion_filters", "default_impression_filters",
	"click_filter_preset_id", "conversion_filter_preset_id",
	"fraud_click_filter_settings", "fraud_conversion_filter_settings", "fraud_impression_filter_settings",
	"ui_macros", "is_partnership", "requested_for_deletion", "requested_for_deletion_by", "label",
}

func integrations() *resource {
	return &resource{
		kind: config.KindIntegration, name: "Integration", title: "integration", plural: "integrations", tag: "integration",
		about: "One tracking setup: how requests are parsed, which filters apply, where traffic goes, how conversions are authenticated.",
		path:  "/api/v2/integrations", param: "integrationID",
		create: body{
			fields: fields(integrationFields, []string{"type", "custom_integration_type"}),
			required: []string{
				"name", "organization", "type", "active", "monitoring_mode", "offer_preview_enabled",
				"clicks_config", "conversions_config", "conversion_secure_code", "default_revenue_payout",
			},
		},
		update:  body{fields: integrationFields, required: []string{"organization"}},
		secrets: []string{"conversion_secure_code", "conversions_config.signing_key", "account_key", "click_signing_configs"},
		remove:  true,
		make:    integrationID,
		extras: []extra{
			{"organization_name", "", func(l look) any { return config.MetaOf(l.Document).Organization }},
			{"currency_symbol", "", func(l look) any { return symbols[integrationOf(l).Currency] }},
			{"click_tracking_url", "", func(l look) any {
				return trackingURL(integrationOf(l), "/click?offer_id={offer}&publisher_id={publisher}&sub_id={sub_id}")
			}},
			{"conversion_tracking_url", "", func(l look) any {
				return trackingURL(integrationOf(l), "/conversion?transaction_id={transaction_id}&secure={conversion_secure_code}")
			}},
			{"click_signing_offer_mapping", map[string]string{}, signingMapping},
			{"external_offer_ids", []string{}, externalOffers},
		},
	}
}

func integrationOf(l look) *config.Integration { return l.Document.(*config.Integration) }

// symbols are the signs of the currencies that have one.
var symbols = map[string]string{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "CNY": "¥", "KRW": "₩", "TRY": "₺", "UAH": "₴", "PLN": "zł", "CHF": "CHF"}

// trackingURL is a template of the integration's public URLs: on its own
// domain, or by its path on any domain of the edge.
func trackingURL(d *config.Integration, suffix string) string {
	query := suffix[strings.IndexByte(suffix, '?'):]
	if cd := d.CustomDomain; cd != nil && cd.Host != "" {
		path := cd.ClickPath
		if strings.HasPrefix(suffix, "/conversion") {
			path = cd.ConversionPath
			if path == "" {
				path = "/conversions"
			}
		} else if path == "" {
			path = "/"
		}
		return "https://" + cd.Host + path + query
	}
	return "/i/" + d.ID + suffix
}

// signingMapping tells which signing config an offer uses.
func signingMapping(l look) any {
	mapping := map[string]string{}
	for name, c := range integrationOf(l).ClickSigningConfigs {
		for _, offer := range c.Offers {
			mapping[offer] = name
		}
	}
	return mapping
}

func externalOffers(l look) any {
	ids := []string{}
	for offer := range l.snap.Set.Offers() {
		if offer.Integration == l.Document.Key().ID && offer.ExternalID != "" {
			ids = append(ids, offer.ExternalID)
		}
	}
	return ids
}
