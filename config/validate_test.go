package config

import (
	"errors"
	"strings"
	"testing"
)

// testChecks stand for the filter registry and the macro compiler.
var testChecks = Checks{
	Filter: func(plane Plane, code string, settings Raw) Problems {
		switch {
		case code == "CLICK_FLOODING" && plane != PlaneClick:
			return Problems{{Message: "judges clicks only"}}
		case strings.Contains(string(settings), "wrong"):
			return Problems{{Path: "wrong", Message: "unknown field"}}
		}
		return nil
	},
	URL: func(template string) error {
		if strings.Contains(template, "{wrong}") {
			return errors.New("unknown macro {wrong}")
		}
		return nil
	},
}

func TestValidFileHasNoProblems(t *testing.T) {
	set := validSet(t)
	wantProblems(t, set.Validate(testChecks), nil)
	wantProblems(t, set.Validate(Checks{}), nil)
	have := map[Kind]bool{}
	for _, key := range set.Keys() {
		have[key.Kind] = true
	}
	for _, kind := range Kinds() {
		if !have[kind] {
			t.Errorf("testdata/valid.yaml has no %s: its rules are not tested", kind)
		}
	}
}

// TestRules changes the valid file in one place and wants the mistakes that
// this makes and no others.
func TestRules(t *testing.T) {
	checkRules(t, testChecks, []rule{
		// Identity.
		{"id: demo\n", "id: Demo\n", []string{
			`filter_group/group: integration: there is no integration/demo`,
			`fraud_filter_group/fraud: integration: there is no integration/demo`,
			`integration/Demo: id: must be a DNS label: 1 to 63 lower-case letters, digits or "-", not at the ends, found "Demo"`,
			`offer/demo-offer: integration: there is no integration/demo`,
			`offer/second: integration: there is no integration/demo`,
			`offer_dictionary/offer-label: integration: there is no integration/demo`,
			`postback_manager/notify: integration: there is no integration/demo`,
			`publisher_dictionary/publisher-label: integration: there is no integration/demo`,
			`smart_link/any: integration: there is no integration/demo`,
			`targeting_group/target: integration: there is no integration/demo`,
		}},
		{"id: other\n", "id: -other\n", []string{`integration/-other: id: must be a DNS label: 1 to 63 lower-case letters, digits or "-", not at the ends, found "-other"`}},
		{"id: blocked\n", "id: a b\n", []string{`blocked_sub_id/a b: id: must be 1 to 64 letters, digits, "-" or "_", found "a b"`}},
		{"id: blocked\n", "id: " + strings.Repeat("x", 65) + "\n", []string{
			`blocked_sub_id/` + strings.Repeat("x", 40) + `...: id: must be 1 to 64 letters, digits, "-" or "_", found "` + strings.Repeat("x", 40) + `..."`}},
		{"id: blocked\n", "", []string{`blocked_sub_id: id: missing`}},
		{"id: blocked\norganization: acme\n", "id: blocked\norganization: else\n", []string{
			`blocked_sub_id/blocked: offer_incremental_id: offer/demo-offer belongs to organization "acme", not to "else"`,
			`blocked_sub_id/blocked: publisher_incremental_id: publisher/pub belongs to organization "acme", not to "else"`,
		}},
		{"id: other\norganization: acme\n", "id: other\norganization: ' '\n", []string{`integration/other: organization: missing`}},

		// Integration.
		{"name: Demo\n", "name: ''\n", []string{`integration/demo: name: missing`}},
		{"type: Affise\n", "", []string{`integration/other: type: missing`}},
		{"type: Affise\n", "type: Afise\n", []string{`integration/other: type: unknown value "Afise"; did you mean Affise?; allowed are Custom, HasOffer, Everflow, EverflowAPI, Affise, Trackier, REDIRECT_URL, Appsflyer, Adjust or AppMetrica`}},
		{"conversion_secure_code: s\n", "", []string{`integration/other: conversion_secure_code: missing`}},
		{"sync_mode: All", "sync_mode: Every", []string{`integration/demo: conversion_third_party_sync_mode: unknown value "Every"; allowed are RejectedOnly, PendingOnly or All`}},
		{`sync_offer_ids: ["1"]`, `sync_offer_ids: ["1", "1", ""]`, []string{
			`integration/demo: conversion_third_party_sync_offer_ids[1]: "1" is given already as entry 0; keep one`,
			`integration/demo: conversion_third_party_sync_offer_ids[2]: must not be empty`,
		}},
		{"redirect_strategy: http302hidden", "redirect_strategy: '304'", []string{`integration/demo: clicks_config.redirect_strategy: unknown value "304"; did you mean 301?; allowed are 301, 302, 303, 307, 308, http302, http302hidden, js or meta`}},
		{"redirect_cache_expiry_seconds: 60", "redirect_cache_expiry_seconds: -1", []string{`integration/demo: clicks_config.redirect_cache_expiry_seconds: must not be negative, found -1`}},
		{"{click_payout: 0.5}", "{click_payout: -1, click_revenue: -2, conversion_payout: -3, conversion_revenue: -0.5}", []string{
			`integration/demo: default_revenue_payout.click_payout: must not be negative, found -1`,
			`integration/demo: default_revenue_payout.click_revenue: must not be negative, found -2`,
			`integration/demo: default_revenue_payout.conversion_payout: must not be negative, found -3`,
			`integration/demo: default_revenue_payout.conversion_revenue: must not be negative, found -0.5`,
		}},
		{"currency: EUR\nduplicate", "currency: euro\nduplicate", []string{`integration/demo: currency: must be an ISO 4217 code of three upper-case letters such as EUR, found "euro"`}},
		{"cache_expiry_seconds: 3600", "cache_expiry_seconds: -3600", []string{`integration/demo: duplicate_external_tx_id_cache_expiry_seconds: must not be negative, found -3600`}},
		{"lookup_days: 30", "lookup_days: -1", []string{`integration/demo: max_attribution_lookup_days: must not be negative, found -1`}},
		{"countries: [KP]", "countries: [kp, UK]", []string{
			`integration/demo: excluded_sources.countries[0]: must be an ISO 3166 country code of two upper-case letters such as DE, found "kp"`,
			`integration/demo: excluded_sources.countries[1]: the ISO code of the United Kingdom is GB, not UK`,
		}},
		{"countries: [DE, NO]", "countries: [DE, DE]", []string{`integration/demo: whitelist_sources.countries[1]: "DE" is given already as entry 0; keep one`}},
		{"  countries: [KP]\n  publishers: [\"77\"]", "  {advertisers: [''], offers: [a, a], publishers: [b, b]}", []string{
			`integration/demo: excluded_sources.advertisers[0]: must not be empty`,
			`integration/demo: excluded_sources.offers[1]: "a" is given already as entry 0; keep one`,
			`integration/demo: excluded_sources.publishers[1]: "b" is given already as entry 0; keep one`,
		}},
		{"click_filter_preset_id: 1\nconversion_filter_preset_id: 2", "click_filter_preset_id: -1\nconversion_filter_preset_id: -2", []string{
			`integration/demo: click_filter_preset_id: must not be negative, found -1`,
			`integration/demo: conversion_filter_preset_id: must not be negative, found -2`,
		}},
		{"name: Fraud\n", "name: Fraud\nclick_filter_preset_id: -1\nconversion_filter_preset_id: -2\n", []string{
			`fraud_filter_group/fraud: click_filter_preset_id: must not be negative, found -1`,
			`fraud_filter_group/fraud: conversion_filter_preset_id: must not be negative, found -2`,
		}},
		{"name: Group\n", "name: Group\nclick_filter_preset_id: -1\nconversion_filter_preset_id: -2\n", []string{
			`filter_group/group: click_filter_preset_id: must not be negative, found -1`,
			`filter_group/group: conversion_filter_preset_id: must not be negative, found -2`,
		}},

		// Parameter mapping.
		{"sub_id: [aff_sub]", "sub_id: [aff_sub, aff_id]", []string{`integration/demo: clicks_config.request_parameters_mapping.sub_id[1]: query name "aff_id" feeds publisher already; a name feeds one field, and a field without names is fed by its own`}},
		{"sub_id: [aff_sub]", "sub_id: [keyword]", []string{`integration/demo: clicks_config.request_parameters_mapping.sub_id[0]: query name "keyword" feeds keyword already; a name feeds one field, and a field without names is fed by its own`}},
		{"sub_id: [aff_sub]", "sub_id: [publisher]", nil},
		{"sub_id: [aff_sub]", "sub_id: ['']", []string{`integration/demo: clicks_config.request_parameters_mapping.sub_id[0]: must not be empty`}},
		{"sub_id: [aff_sub]", "sub_id: [a, a]", []string{`integration/demo: clicks_config.request_parameters_mapping.sub_id[1]: "a" is given already as entry 0; keep one`}},
		{"click_transaction_id: [tid]", "app_id: [transaction_id]", []string{`integration/demo: conversions_config.request_parameters_mapping.app_id[0]: query name "transaction_id" feeds click_transaction_id already; a name feeds one field, and a field without names is fed by its own`}},

		// Custom domain.
		{"host: go.example.com\n", "host: https://go.example.com\n", []string{`integration/demo: custom_domain.host: must be a host name in lower case without scheme, port and path, such as go.example.com, found "https://go.example.com"`}},
		{"host: go.example.com\n", "host: Go.example.com\n", []string{`integration/demo: custom_domain.host: must be a host name in lower case without scheme, port and path, such as go.example.com, found "Go.example.com"`}},
		{"host: go.example.com\n", "host: ''\n", []string{`integration/demo: custom_domain.host: missing`}},
		{"click_path: /c\n", "click_path: c\n", []string{`integration/demo: custom_domain.click_path: must begin with "/", found "c"`}},
		{"click_path: /c\n", "click_path: /c?a={b}\n", []string{`integration/demo: custom_domain.click_path: must be a plain path without query, macros and escapes, found '?' at byte 2`}},
		{"click_path: /c\n", "click_path: /conv\n", []string{`integration/demo: custom_domain.conversion_path: must differ from click_path, both are "/conv"`}},
		{"conversion_path: /conv\n", "conversion_path: conv\n", []string{`integration/demo: custom_domain.conversion_path: must begin with "/", found "conv"`}},
		{"conversion_path: /conv\n", "conversion_path: /conversions\n", []string{`integration/other: custom_domain.conversion_path: go.example.com/conversions is taken by integration/demo`}},
		{"click_path: /c\n", "click_path: /conversions\n", []string{`integration/other: custom_domain.conversion_path: go.example.com/conversions is taken by integration/demo`}},
		{"  click_path: /c\n", "", []string{`integration/other: custom_domain.click_path: go.example.com/ is taken by integration/demo`}},
		{"primary_domain: go.example.com\ndefault", "primary_domain: 'go example'\ndefault", []string{`integration/demo: primary_domain: must be a host name in lower case without scheme, port and path, such as go.example.com, found "go example"`}},

		// URL templates.
		{"https://example.com/welcome?tx={tx_id}", "/welcome", []string{`integration/demo: clicks_config.global_redirect_url: must be an absolute URL that begins with http:// or https://, found "/welcome"`}},
		{"https://example.com/welcome?tx={tx_id}", "ftp://example.com", []string{`integration/demo: clicks_config.global_redirect_url: must be an absolute URL that begins with http:// or https://, found "ftp://example.com"`}},
		{"https://example.com/welcome?tx={tx_id}", "'{scheme}://example.com'", []string{`integration/demo: clicks_config.global_redirect_url: must be an absolute URL that begins with http:// or https://, found "{scheme}://example.com"`}},
		{"https://example.com/welcome?tx={tx_id}", "https://{sub_id}.example.com/", []string{`integration/demo: clicks_config.global_redirect_url: the host must be written out, without macros, found "{sub_id}.example.com"`}},
		{"https://example.com/welcome?tx={tx_id}", "https://example.com{path}", []string{`integration/demo: clicks_config.global_redirect_url: the host must be written out, without macros, found "example.com{path}"`}},
		{"https://example.com/welcome?tx={tx_id}", "https://example.com@evil.example/", []string{`integration/demo: clicks_config.global_redirect_url: must not hold a user name or password before the host`}},
		{"https://example.com/welcome?tx={tx_id}", `'https://example.com\.evil.example/'`, []string{`integration/demo: clicks_config.global_redirect_url: host must be a name such as example.com (international ones as xn--...) or an address, found "example.com\\.evil.example"`}},
		{"https://example.com/welcome?tx={tx_id}", "https:///path", []string{`integration/demo: clicks_config.global_redirect_url: host must be a name such as example.com (international ones as xn--...) or an address, found ""`}},
		{"https://example.com/welcome?tx={tx_id}", "https://example.com:0/", []string{`integration/demo: clicks_config.global_redirect_url: port must be from 1 to 65535, found "0"`}},
		{"https://example.com/welcome?tx={tx_id}", "https://example.com/a b", []string{`integration/demo: clicks_config.global_redirect_url: must not hold spaces or control characters, found ' ' at byte 21`}},
		{"https://example.com/welcome?tx={tx_id}", "https://example.com/{wrong}", []string{`integration/demo: clicks_config.global_redirect_url: unknown macro {wrong}`}},
		{"http://fallback.example.com:8080/", "fallback", []string{`integration/demo: clicks_config.global_fallback_url: must be an absolute URL that begins with http:// or https://, found "fallback"`}},
		{"HTTPS://Fallback.example.com?o={offer}", "https://x/{wrong}", []string{`offer/demo-offer: fallback_url: unknown macro {wrong}`}},
		{"https://[2001:db8::1]:8443/p", "https://[2001:db8::1/p", []string{`offer/demo-offer: parallel_tracking_url: host must be a name such as example.com (international ones as xn--...) or an address, found "[2001:db8:"`}},
		{"parallel_tracking_url: https://[2001:db8::1]:8443/p\n", "", []string{`offer/demo-offer: parallel_tracking_url: missing, but parallel_tracking_enabled is true`}},
		{"impression_forwarding_url: https://example.com/i", "impression_forwarding_url: x", []string{`offer/demo-offer: impression_forwarding_url: must be an absolute URL that begins with http:// or https://, found "x"`}},
		{"https://shop.example.com/{sub_id}", "shop", []string{`landing_page/page: redirect_url: must be an absolute URL that begins with http:// or https://, found "shop"`}},
		{"https://shop.example.com/preview", "preview", []string{`landing_page/page: preview_url: must be an absolute URL that begins with http:// or https://, found "preview"`}},

		// Filters.
		{"{type: BOT}", "{target: click}", []string{`integration/demo: default_filters[0].type: missing`}},
		{"{type: BOT}", "{type: bot}", []string{`integration/demo: default_filters[0].type: must be a filter type in upper case such as CLICK_FLOODING, found "bot"`}},
		{"{type: BOT}", "{type: BOT, target: conversion}", []string{`integration/demo: default_filters[0].target: must be click in this list, or left out, found conversion`}},
		{"{type: BOT}", "{type: BOT, target: clicks}", []string{`integration/demo: default_filters[0].target: unknown value "clicks"; did you mean click?; allowed are click, impression or conversion`}},
		{"{type: BOT, target: click}", "{type: BOT}", []string{`filter_group/group: filters[0].target: missing; allowed are click, impression or conversion`}},
		{"{type: BOT, target: conversion}\n", "{type: BOT, target: click}\n", []string{`filter_group/group: filters[1]: filter BOT judges the click plane already, from filters[0]; keep one`}},
		{"{type: BOT}", "{type: VPN}", []string{`integration/demo: default_filters[1]: filter VPN judges the click plane already, from default_filters[0]; keep one`}},
		{"bot_enabled: false", "bot_enabled: true", []string{`integration/demo: fraud_click_filter_settings.bot: filter BOT judges the click plane already, from default_filters[0]; keep one`}},
		{"user_frequency_enabled: false", "user_frequency_enabled: true", []string{`integration/demo: fraud_impression_filter_settings.user_frequency: filter USER_FREQUENCY judges the impression plane already, from default_impression_filters[0]; keep one`}},
		{"user_frequency_enabled: false", "duplicate_user_enabled: false", nil},
		{"user_frequency_enabled: false", "duplicate_user_enabled: true", []string{`integration/demo: fraud_impression_filter_settings.duplicate_user: filter USER_FREQUENCY judges the impression plane already, from default_impression_filters[0]; keep one`}},
		{"user_frequency_enabled: false", "{user_frequency_enabled: false, duplicate_user_enabled: false}", []string{`integration/demo: fraud_impression_filter_settings.duplicate_user_enabled: duplicate_user is another name of user_frequency on the impression plane; keep one, best user_frequency`}},
		{"name: Fraud\n", "name: Fraud\nimpression_filter_settings: {user_frequency: [], duplicate_user: []}\n", []string{`fraud_filter_group/fraud: impression_filter_settings.duplicate_user: duplicate_user is another name of user_frequency on the impression plane; keep one, best user_frequency`}},
		{"bot_enabled: false", "bot_enabled: 0", []string{`integration/demo: fraud_click_filter_settings.bot_enabled: must be true or false`}},
		{"bot_enabled: false", "Bot: {}", []string{`integration/demo: fraud_click_filter_settings.Bot: must be the name of a filter in lower case such as click_flooding, or click_flooding_enabled`}},
		{"bot_enabled: false", "_enabled: true", []string{`integration/demo: fraud_click_filter_settings._enabled: must be the name of a filter in lower case such as click_flooding, or click_flooding_enabled`}},
		{"settings: {lookback_hours: 0}", "settings: {wrong: 0}", []string{`integration/demo: default_filters[1].settings.wrong: unknown field`}},
		{"vpn: {residential_vpn_check: true}", "vpn: {wrong: true}", []string{`fraud_filter_group/fraud: click_filter_settings.vpn.wrong: unknown field`}},
		{"fraud_conversion_filter_settings: {}", "fraud_conversion_filter_settings: {click_flooding_enabled: true}", []string{`integration/demo: fraud_conversion_filter_settings.click_flooding: judges clicks only`}},
		{"name: Fraud\n", "name: Fraud\nconversion_filter_settings: {click_flooding: {wrong: 1}}\nimpression_filter_settings: {click_flooding: {wrong: 1}}\n", []string{
			`fraud_filter_group/fraud: conversion_filter_settings.click_flooding: judges clicks only`,
			`fraud_filter_group/fraud: impression_filter_settings.click_flooding: judges clicks only`,
		}},
		{"{type: BOT, target: conversion, invert: true}", "{type: CLICK_FLOODING}", []string{`integration/demo: default_conversion_filters[0].settings: judges clicks only`}},
		{"name: Fraud\n", "", []string{`fraud_filter_group/fraud: name: missing`}},
		{"name: Group\n", "", []string{`filter_group/group: name: missing`}},
		{"advertiser_ids: [adv]", "advertiser_ids: [adv, adv, pub]", []string{
			`filter_group/group: advertiser_ids[1]: "adv" is given already as entry 0; keep one`,
			`filter_group/group: advertiser_ids[2]: there is no advertiser/pub`,
		}},
		{"publisher_ids: [pub]", "publisher_ids: ['1']", []string{`filter_group/group: publisher_ids[0]: there is no publisher/1`}},
		{`["1", EXT-1]`, `["1", "1"]`, []string{`filter_group/group: offer_ids[1]: "1" is given already as entry 0; keep one`}},

		// Targeting.
		{"name: Target\n", "", []string{`targeting_group/target: name: missing`}},
		{"{Chrome: true, Safari: false}", "{Chrome: true, chrome: false}", []string{`targeting_group/target: click_targeting_settings.device.browsers.chrome: differs from "Chrome" in case only; keep one`}},
		{"{Phone: true}", "{'': true}", []string{`targeting_group/target: click_targeting_settings.device.device_types[""]: key must not be empty`}},
		{"name: Target\n", "name: Target\nconversion_targeting_settings: {geo: {cities: {'': true}}}\nimpression_targeting_settings: {language: {x: true}}\n", []string{
			`targeting_group/target: conversion_targeting_settings.geo.cities[""]: key must not be empty`,
			`targeting_group/target: impression_targeting_settings.language.x: must be a language tag such as de or pt-BR, found "x"`,
		}},
		{"device_types: {Phone: true}", "operating_systems: {iOS: true, ios: true}", []string{`targeting_group/target: click_targeting_settings.device.operating_systems.ios: differs from "iOS" in case only; keep one`}},
		{"      iOS: {", "      IOS: {is_allowed: false}\n      iOS: {", []string{`targeting_group/target: click_targeting_settings.device.os_versions.iOS: differs from "IOS" in case only; keep one`}},
		{"min_version: 9.3.5", "min_version: 9.x", []string{`targeting_group/target: click_targeting_settings.device.os_versions.iOS.min_version: must be a version such as 14 or 14.4.1, found "9.x"`}},
		{"min_version: 9.3.5", "min_version: 15.0.1", []string{`targeting_group/target: click_targeting_settings.device.os_versions.iOS.max_version: must not be below min_version 15.0.1, found 14`}},
		{"min_version: 9.3.5", "min_version: 14.0.1", nil},
		{"iOS: {is_allowed: true, min_version: 9.3.5, max_version: \"14\"}", "Windows: {is_allowed: true, min_version: Vista, max_version: \"7\"}", nil},
		{"iOS: {is_allowed: true, min_version: 9.3.5, max_version: \"14\"}", "Windows: {is_allowed: true, min_version: \"2000\", max_version: \"7\"}", nil},
		{"min_version: 9.3.5", "min_version: Vista", []string{`targeting_group/target: click_targeting_settings.device.os_versions.iOS.min_version: must be a version such as 14 or 14.4.1, found "Vista"`}},
		{"{DE: true, NO: false}", "{DEU: true}", []string{`targeting_group/target: click_targeting_settings.geo.countries.DEU: must be an ISO 3166 country code of two upper-case letters such as DE, found "DEU"`}},
		{"{10.0.0.1: true,", "{10.0.0.256: true,", []string{`targeting_group/target: click_targeting_settings.ip.ip_addresses["10.0.0.256"]: must be an IP address such as 192.0.2.1 or 2001:db8::1, found "10.0.0.256"`}},
		{`"2001:db8::1": false`, `"2001:DB8::1": false`, []string{`targeting_group/target: click_targeting_settings.ip.ip_addresses["2001:DB8::1"]: address 2001:DB8::1 must be written as 2001:db8::1`}},
		{`"2001:db8::1": false`, `"::ffff:10.0.0.1": false`, []string{`targeting_group/target: click_targeting_settings.ip.ip_addresses["::ffff:10.0.0.1"]: address ::ffff:10.0.0.1 must be written as 10.0.0.1`}},
		{`"2001:db8::1": false`, `"fe80::1%eth0": false`, []string{`targeting_group/target: click_targeting_settings.ip.ip_addresses["fe80::1%eth0"]: must be an IP address such as 192.0.2.1 or 2001:db8::1, found "fe80::1%eth0"`}},
		{"10.0.0.1-10.0.0.255", "10.0.0.0/24", []string{`targeting_group/target: click_targeting_settings.ip.ip_ranges["10.0.0.0/24"]: must be a range of addresses such as 192.0.2.1-192.0.2.255, found "10.0.0.0/24"`}},
		{"10.0.0.1-10.0.0.255", "10.0.0.2-10.0.0.1", []string{`targeting_group/target: click_targeting_settings.ip.ip_ranges["10.0.0.2-10.0.0.1"]: first address 10.0.0.2 must not come after the last one, 10.0.0.1`}},
		{"10.0.0.1-10.0.0.255", "10.0.0.2-2001:db8::1", []string{`targeting_group/target: click_targeting_settings.ip.ip_ranges["10.0.0.2-2001:db8::1"]: both ends of a range must be IPv4 or both IPv6`}},
		{"10.0.0.1-10.0.0.255", "10.0.0.2-x", []string{`targeting_group/target: click_targeting_settings.ip.ip_ranges["10.0.0.2-x"]: must be an IP address such as 192.0.2.1 or 2001:db8::1, found "x"`}},
		{"{de: true, pt-BR: true}", "{German: true}", []string{`targeting_group/target: click_targeting_settings.language.German: must be a language tag such as de or pt-BR, found "German"`}},

		// Partners.
		{"name: Advertiser\n", "", []string{`advertiser/adv: name: missing`}},
		{"name: Publisher\n", "", []string{`publisher/pub: name: missing`}},
		{"incremental_id: 1\nexternal_id: A1", "incremental_id: 0\nexternal_id: A1", []string{
			`advertiser/adv: incremental_id: must be at least 1, found 0`,
			`offer/demo-offer: advertiser_id: there is no advertiser with incremental id 1`,
			`offer/second: advertiser_id: there is no advertiser with incremental id 1`,
		}},
		{"[Social, SMS]", "[Social, Sozial, Social]", []string{
			`publisher/pub: promotional_method[1]: unknown value "Sozial"; did you mean Social?; allowed are Content, Email, Search, Social, Display, Native, Push, SMS or Other`,
			`publisher/pub: promotional_method[2]: "Social" is given already as entry 0; keep one`,
		}},
		{"countries: [DE]\n", "countries: [DE, '']\ntracking_domain_ids: [a, a]\n", []string{
			`publisher/pub: countries[1]: must not be empty`,
			`publisher/pub: tracking_domain_ids[1]: "a" is given already as entry 0; keep one`,
		}},
		{"publisher_incremental_id: 1", "publisher_incremental_id: 9", []string{`blocked_sub_id/blocked: publisher_incremental_id: there is no publisher with incremental id 9`}},
		{"offer_incremental_id: 1\n", "", []string{`blocked_sub_id/blocked: offer_incremental_id: missing; it is the incremental id of the offer, at least 1`}},
		{"sub_id: bad", "sub_id: " + strings.Repeat("ä", 31), []string{`blocked_sub_id/blocked: sub_id: must have at most 30 characters, found 31`}},
		{"sub_id: bad", "sub_id: " + strings.Repeat("ä", 30), nil},
		{"sub_id: bad", "sub_id: ''", []string{`blocked_sub_id/blocked: sub_id: missing`}},
		{"description: too many bots", "description: " + strings.Repeat("x", 256), []string{`blocked_sub_id/blocked: description: must have at most 255 characters, found 256`}},

		// Offer and landing page.
		{"name: Second offer\n", "", []string{`offer/second: name: missing`}},
		{"id: second\norganization: acme\nintegration: demo\n", "id: second\norganization: acme\n", []string{`offer/second: integration: missing; it names the integration the document belongs to`}},
		{"id: second\norganization: acme\n", "id: second\norganization: else\n", []string{
			`offer/second: advertiser_id: advertiser/adv belongs to organization "acme", not to "else"`,
			`offer/second: integration: integration/demo belongs to organization "acme", not to "else"`,
		}},
		{"incremental_id: 2\n", "incremental_id: 1\n", []string{`offer/second: incremental_id: 1 is taken by offer/demo-offer`}},
		{"incremental_id: 2\n", "incremental_id: 2\nexternal_id: EXT-1\n", []string{`offer/second: external_id: "EXT-1" is taken by offer/demo-offer`}},
		{"visibility: Requires_Approval", "visibility: public", []string{`offer/demo-offer: visibility: unknown value "public"; did you mean Public?; allowed are Public, Private or Requires_Approval`}},
		{"currency: EUR\ndefault_payout", "currency: GBP\ndefault_payout", []string{`offer/demo-offer: currency: unknown value "GBP"; allowed are USD or EUR`}},
		{"payout_type: CPA", "payout_type: Unknown", []string{`offer/demo-offer: default_payout.payout_type: unknown value "Unknown"; allowed are CPA, CPS, CPAxCPS, CPC, CPM or PRV`}},
		{"revenue_type: RPS", "revenue_type: PRV", []string{`offer/demo-offer: default_payout.revenue_type: unknown value "PRV"; allowed are RPA, RPS, RPAxRPS, RPC or RPM`}},
		{"payout: 1.5", "payout: -1.5", []string{`offer/demo-offer: default_payout.payout: must not be negative, found -1.5`}},
		{"payout: 1.5,", "payout_percent: -1,", []string{`offer/demo-offer: default_payout.payout_percent: must not be negative, found -1`}},
		{"revenue_percent: 100,", "revenue: -1,", []string{`offer/demo-offer: default_payout.revenue: must not be negative, found -1`}},
		{"revenue_percent: 100", "revenue_percent: 100.5", []string{`offer/demo-offer: default_payout.revenue_percent: must be at most 100, found 100.5`}},
		{"allowed_domains: [example.com]", "allowed_domains: ['*.example.com', a, a]", []string{
			`offer/demo-offer: allowed_domains[0]: must be a host name in lower case such as example.com, found "*.example.com"`,
			`offer/demo-offer: allowed_domains[2]: "a" is given already as entry 1; keep one`,
		}},
		{"primary_domain: go.example.com\ntargeting", "primary_domain: a..b\ntargeting", []string{`offer/demo-offer: primary_domain: must be a host name in lower case without scheme, port and path, such as go.example.com, found "a..b"`}},
		{"targeting_group_id: target", "targeting_group_id: fraud", []string{`offer/demo-offer: targeting_group_id: there is no targeting_group/fraud`}},
		{"fraud_filter_group_id: fraud", "fraud_filter_group_id: x", []string{`offer/demo-offer: fraud_filter_group_id: there is no fraud_filter_group/x`}},
		{"id: fraud\norganization: acme\nintegration: demo", "id: fraud\norganization: acme\nintegration: other", []string{
			`offer/demo-offer: fraud_filter_group_id: fraud_filter_group/fraud belongs to integration "other", not to "demo"`,
			`offer_event/lead: fraud_filter_group_id: fraud_filter_group/fraud belongs to integration "other", the offer to "demo"`,
		}},
		{"default_landing_page_id: page", "default_landing_page_id: x", []string{`offer/demo-offer: default_landing_page_id: there is no landing_page/x`}},
		{"offer: demo-offer", "offer: second", []string{`offer/demo-offer: default_landing_page_id: landing_page/page belongs to offer/second`}},
		{"offer: demo-offer", "offer: x", []string{
			`landing_page/page: offer: there is no offer/x`,
			`offer/demo-offer: default_landing_page_id: landing_page/page belongs to offer/x`,
		}},
		{"approved_publisher_ids: [pub]", "approved_publisher_ids: [pub, pub, x]", []string{
			`offer/demo-offer: approved_publisher_ids[1]: "pub" is given already as entry 0; keep one`,
			`offer/demo-offer: approved_publisher_ids[2]: there is no publisher/x`,
		}},
		{"name: Page\n", "", []string{`landing_page/page: name: missing`}},
		{"redirect_url: https://shop.example.com/{sub_id}\n", "", []string{`landing_page/page: redirect_url: missing`}},
		{"incremental_id: 1\nname: Page", "incremental_id: -1\nname: Page", []string{`landing_page/page: incremental_id: must be at least 1, found -1`}},
	})
}

// rule is a change of the valid file, the first old becoming new, and the
// mistakes wanted from it.
type rule struct {
	old, new string
	want     []string
}

func checkRules(t *testing.T, checks Checks, rules []rule) {
	t.Helper()
	for _, tc := range rules {
		t.Run(tc.old+" -> "+tc.new, func(t *testing.T) {
			text := validYAML(t)
			if !strings.Contains(text, tc.old) {
				t.Fatalf("testdata/valid.yaml does not hold %q", tc.old)
			}
			documents, problems := Decode("valid.yaml", []byte(strings.Replace(text, tc.old, tc.new, 1)))
			if problems != nil {
				t.Fatalf("the change is refused by the decoder already: %v", problems)
			}
			set, problems := NewSet(documents...)
			if problems != nil {
				t.Fatal(problems)
			}
			wantProblems(t, set.Validate(checks), tc.want)
		})
	}
}
