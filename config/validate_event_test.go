package config

import (
	"slices"
	"strings"
	"testing"
)

// TestEventRules is TestRules for what follows a click: events, payouts,
// throttles and postbacks.
func TestEventRules(t *testing.T) {
	checkRules(t, testChecks, []rule{
		// Offer events.
		{"offer: demo-offer\nincremental_id: 1\nname: Lead", "incremental_id: 1\nname: Lead", []string{
			`offer_event/lead: offer: missing; it names the offer the document belongs to`,
		}},
		{"offer: demo-offer\nincremental_id: 1\nname: Lead", "offer: x\nincremental_id: 1\nname: Lead", []string{
			`custom_payout/better: event_incremental_id: offer_event/lead belongs to offer/x, not to offer/demo-offer`,
			`offer_event/lead: offer: there is no offer/x`,
		}},
		{"incremental_id: 1\nname: Lead", "incremental_id: 0\nname: Lead", []string{
			`custom_payout/better: event_incremental_id: there is no offer_event with incremental id 1`,
			`offer_event/lead: incremental_id: must be at least 1, found 0`,
		}},
		{"name: Lead signup\n", "", []string{`offer_event/lead: name: missing`}},
		{"allow_multiple_events: true\nfraud_filter_group_id: fraud", "fraud_filter_group_id: x", []string{`offer_event/lead: fraud_filter_group_id: there is no fraud_filter_group/x`}},
		{"payout: 2.5\npayout_type: CPA", "payout: -1\npayout_percent: 101\npayout_type: Unknown\nrevenue: -2\nrevenue_percent: -3\nrevenue_type: CPA", []string{
			`offer_event/lead: payout: must not be negative, found -1`,
			`offer_event/lead: payout_percent: must be at most 100, found 101`,
			`offer_event/lead: payout_type: unknown value "Unknown"; allowed are CPA, CPS, CPAxCPS, CPC, CPM or PRV`,
			`offer_event/lead: revenue: must not be negative, found -2`,
			`offer_event/lead: revenue_percent: must not be negative, found -3`,
			`offer_event/lead: revenue_type: unknown value "CPA"; did you mean RPA?; allowed are RPA, RPS, RPAxRPS, RPC or RPM`,
		}},

		// Custom payouts.
		{"publisher_incremental_id: 1\noffer_incremental_id: 1\nevent", "offer_incremental_id: 1\nevent", []string{
			`custom_payout/better: publisher_incremental_id: missing; it is the incremental id of the publisher, at least 1`}},
		{"publisher_incremental_id: 1\noffer_incremental_id: 1\nevent", "publisher_incremental_id: 7\noffer_incremental_id: 8\nevent", []string{
			`custom_payout/better: offer_incremental_id: there is no offer with incremental id 8`,
			`custom_payout/better: publisher_incremental_id: there is no publisher with incremental id 7`,
		}},
		{"offer_incremental_id: 1\nevent", "offer_incremental_id: 2\nevent", []string{
			`custom_payout/better: event_incremental_id: offer_event/lead belongs to offer/demo-offer, not to offer/second`}},
		{"event_incremental_id: 1", "event_incremental_id: 2", []string{`custom_payout/better: event_incremental_id: there is no offer_event with incremental id 2`}},
		{"event_incremental_id: 1", "event_incremental_id: -1", []string{`custom_payout/better: event_incremental_id: missing; it is the incremental id of the offer_event, at least 1`}},
		{"event_incremental_id: 1\n", "", nil},
		{"payout: 3\npayout_type: CPA", "payout: -1\npayout_percent: 101\npayout_type: Unknown\nrevenue: -2\nrevenue_percent: -3\nrevenue_type: CPA", []string{
			`custom_payout/better: payout: must not be negative, found -1`,
			`custom_payout/better: payout_percent: must be at most 100, found 101`,
			`custom_payout/better: revenue: must not be negative, found -2`,
			`custom_payout/better: revenue_percent: must not be negative, found -3`,
			`custom_payout/better: revenue_type: unknown value "CPA"; did you mean RPA?; allowed are Unknown, RPA, RPS, RPAxRPS, RPC or RPM`,
		}},
		{"platform: Affise", "platform: affise", []string{`custom_payout/better: platform: unknown value "affise"; did you mean Affise?; allowed are Unknown, HasOffers, Everflow or Affise`}},
		{"id: better\norganization: acme", "id: better\norganization: else", []string{
			`custom_payout/better: event_incremental_id: offer_event/lead belongs to organization "acme", not to "else"`,
			`custom_payout/better: offer_incremental_id: offer/demo-offer belongs to organization "acme", not to "else"`,
			`custom_payout/better: publisher_incremental_id: publisher/pub belongs to organization "acme", not to "else"`,
		}},

		// Custom throttles.
		{"publisher_incremental_id: 1\noffer_incremental_id: 1\nthrottle", "publisher_incremental_id: 7\noffer_incremental_id: 8\nthrottle", []string{
			`custom_throttle/throttle: offer_incremental_id: there is no offer with incremental id 8`,
			`custom_throttle/throttle: publisher_incremental_id: there is no publisher with incremental id 7`,
		}},
		{"throttle_percentage: 10", "throttle_percentage: 101", []string{`custom_throttle/throttle: throttle_percentage: must be at most 100, found 101`}},
		{"throttle_percentage: 10", "throttle_percentage: -1", []string{`custom_throttle/throttle: throttle_percentage: must not be negative, found -1`}},
		{"throttle_status: Rejected", "throttle_status: Approved", []string{`custom_throttle/throttle: throttle_status: unknown value "Approved"; allowed are Rejected or Pending`}},
		{"sub_id: {operator: is any of, values: [a, b]}", "sub_id: {}\n  sub_id_6: {operator: is none of, values: [a, a, '']}", []string{
			`custom_throttle/throttle: additional_filters.sub_id.operator: missing`,
			`custom_throttle/throttle: additional_filters.sub_id.values: missing; without values the condition never holds`,
			`custom_throttle/throttle: additional_filters.sub_id_6.operator: unknown value "is none of"; allowed are is any of`,
			`custom_throttle/throttle: additional_filters.sub_id_6.values[1]: "a" is given already as entry 0; keep one`,
			`custom_throttle/throttle: additional_filters.sub_id_6.values[2]: must not be empty`,
		}},

		// Postback managers.
		{"integration: demo\nname: Notify\nservice_type: conversion\nurl: https://hooks.example.com/in?tx={tx_id}\n", "", []string{
			`postback_manager/notify: integration: missing; it names the integration the document belongs to`,
			`postback_manager/notify: name: missing`,
			`postback_manager/notify: service_type: missing`,
			`postback_manager/notify: url: missing`,
		}},
		{"service_type: conversion", "service_type: install", []string{`postback_manager/notify: service_type: unknown value "install"; allowed are click, impression, conversion or event`}},
		{"https://hooks.example.com/in?tx={tx_id}", "https://x/{wrong}", []string{`postback_manager/notify: url: {wrong} at byte 10: unknown macro; allowed are ` + strings.Join(forNetwork.names(), ", ") + ` and param:NAME`}},
		{"https://hooks.example.com/in?tx={tx_id}", "hooks", []string{`postback_manager/notify: url: must be an absolute URL that begins with http:// or https://, found "hooks"`}},
		{"method: POST", "method: HEAD", []string{`postback_manager/notify: method: unknown value "HEAD"; allowed are GET, POST, PUT, DELETE or PATCH`}},
		{"{X-Token: [secret]}", `{X Token: [a], Host: [b], x-a: ["c\nd"], X-A: [e]}`, []string{
			`postback_manager/notify: headers.Host: the sender sets this header itself`,
			`postback_manager/notify: headers.x-a: differs from "X-A" in case only; keep one`,
			`postback_manager/notify: headers["X Token"]: must be the name of a header such as X-Token, found "X Token"`,
		}},
		{"{X-Token: [secret]}", `{X-A: ["c\nd"]}`, []string{`postback_manager/notify: headers.X-A: a value must not hold control characters, found "c\nd"`}},
		{"delay_value: 5", "delay_value: -5", []string{`postback_manager/notify: delay_value: must not be negative, found -5`}},
		{"delay_value: 5", "delay_value: 43201", []string{`postback_manager/notify: delay_value: must be at most 30 days, found 43201 minutes`}},
		{"delay_value: 5", "delay_value: 43200", nil},
		{"delay_value: 5\ndelay_metric: Minute", "delay_value: 721\ndelay_metric: Hour", []string{`postback_manager/notify: delay_value: must be at most 30 days, found 721 hours`}},
		{"delay_value: 5\ndelay_metric: Minute", "delay_value: 2592001", []string{`postback_manager/notify: delay_value: must be at most 30 days, found 2592001 seconds`}},
		{"delay_metric: Minute", "delay_metric: Minutes", []string{`postback_manager/notify: delay_metric: unknown value "Minutes"; did you mean Minute?; allowed are Second, Minute or Hour`}},
		{"{filter_status: Rejected, rejection_reasons: [BOT]}", "{filter_status: Bad, rejection_reasons: [bot, VPN, VPN]}", []string{
			`postback_manager/notify: filters.filter_status: unknown value "Bad"; allowed are Any, Approved, Rejected or Pending`,
			`postback_manager/notify: filters.rejection_reasons[0]: must be a reason code such as BOT, found "bot"`,
			`postback_manager/notify: filters.rejection_reasons[2]: "VPN" is given already as entry 1; keep one`,
		}},
	})
}

// TestLabelRules is TestRules for dictionaries, sub ids and labels of files.
func TestLabelRules(t *testing.T) {
	checkRules(t, testChecks, []rule{
		{"id: offer-label\norganization: acme\nintegration: demo\nsource_id: \"1\"\nfriendly_name: Demo offer", "id: offer-label\norganization: acme", []string{
			`offer_dictionary/offer-label: friendly_name: missing`,
			`offer_dictionary/offer-label: integration: missing; it names the integration the document belongs to`,
			`offer_dictionary/offer-label: source_id: missing`,
		}},
		{"id: publisher-label\norganization: acme\nintegration: demo\nsource_id: \"1\"\nfriendly_name: The blog", "id: publisher-label\norganization: acme\nintegration: x", []string{
			`publisher_dictionary/publisher-label: friendly_name: missing`,
			`publisher_dictionary/publisher-label: integration: there is no integration/x`,
			`publisher_dictionary/publisher-label: source_id: missing`,
		}},
		{"publisher: pub\nexternal_id: front-page\nname: Front page\n", "", []string{
			`publisher_sub_id/front-page: external_id: missing`,
			`publisher_sub_id/front-page: name: missing`,
			`publisher_sub_id/front-page: publisher: missing; it names the publisher the document belongs to`,
		}},
		{"publisher: pub\n", "publisher: x\n", []string{`publisher_sub_id/front-page: publisher: there is no publisher/x`}},
		{"external_id: front-page", "external_id: front page", []string{`publisher_sub_id/front-page: external_id: must have only characters that a URL carries as they are (letters, digits, "-", ".", "_", "~"), found "front page"`}},
		{"external_id: front-page", "external_id: " + strings.Repeat("x", 51), []string{`publisher_sub_id/front-page: external_id: must have at most 50 characters, found 51`}},
		{"external_id: front-page", "external_id: " + strings.Repeat("~", 50), nil},
		{"name: Front page", "name: " + strings.Repeat("ä", 101), []string{`publisher_sub_id/front-page: name: must have at most 100 characters, found 101`}},
		{"name: Front page", "name: a\ndescription: " + strings.Repeat("ä", 2001), []string{`publisher_sub_id/front-page: description: must have at most 2000 characters, found 2001`}},
		{"https://blog.example.com/", strings.Repeat("ä", 256), []string{`publisher_sub_id/front-page: external_link: must have at most 255 characters, found 256`}},
		{"id: other\n", "id: other\nlabel: team.a_b-1\n", nil},
		{"id: other\n", "id: other\nlabel: team a\n", []string{`integration/other: label: must be 1 to 64 letters, digits, "-", "_" or ".", found "team a"`}},
	})
}

// TestFilterTypes is about filters that are not there, and those that clicks
// only show: switched off these may stand in the object form, and nowhere else.
func TestFilterTypes(t *testing.T) {
	checks := testChecks
	checks.FilterTypes = func(plane Plane) []string {
		types := []string{"BOT", "VPN", "DUPLICATE_USER", "USER_FREQUENCY", "CLICK_FLOODING"}
		if plane != PlaneClick {
			types = slices.DeleteFunc(types, func(s string) bool { return s == "CLICK_FLOODING" })
		}
		return types
	}
	checks.Filter = func(plane Plane, code string, settings Raw) Problems {
		if plane == PlaneConversion && code == "VPN" && len(settings) < 3 {
			return Problems{{Message: "needs settings"}}
		}
		return testChecks.Filter(plane, code, settings)
	}
	const settings = "bot_enabled: false\n  click_flooding"
	const clicks, conversions = "BOT, VPN, DUPLICATE_USER, USER_FREQUENCY or CLICK_FLOODING", "BOT, VPN, DUPLICATE_USER or USER_FREQUENCY"
	with := func(lines string) string { return lines + "\n  click_flooding" }
	checkRules(t, checks, []rule{
		{"fraud_conversion_filter_settings: {}", "fraud_conversion_filter_settings: {vpn_enabled: false}", nil},
		{"fraud_conversion_filter_settings: {}", "fraud_conversion_filter_settings: {vpn: {}}", nil},
		{"fraud_conversion_filter_settings: {}", "fraud_conversion_filter_settings: {vpn: [], vpn_enabled: false}", nil},
		{"fraud_conversion_filter_settings: {}", "fraud_conversion_filter_settings: {vpn: {}, vpn_enabled: true}", []string{`integration/demo: fraud_conversion_filter_settings.vpn: needs settings`}},
		{"fraud_conversion_filter_settings: {}", "fraud_conversion_filter_settings: {vpn_enabled: true}", []string{`integration/demo: fraud_conversion_filter_settings.vpn: needs settings`}},
		{"fraud_conversion_filter_settings: {}", "fraud_conversion_filter_settings: {vpn: {wrong: 1}}", []string{`integration/demo: fraud_conversion_filter_settings.vpn.wrong: unknown field`}},
		{settings, with("high_conversion_rate_enabled: false"), nil},
		{settings, with("low_conversion_rate: {anything: [1]}"), nil},
		{settings, with("low_conversion_rate: {anything: [1]}\n  low_conversion_rate_enabled: false"), nil},
		{settings, with("high_conversion_rate: {}\n  high_conversion_rate_enabled: true"), []string{
			`integration/demo: fraud_click_filter_settings.high_conversion_rate: HIGH_CONVERSION_RATE is read-only on the click plane; set block_clicks of the conversion filter, which then rejects clicks too`}},
		{settings, with("low_conversion_rate_enabled: 'no'"), []string{
			`integration/demo: fraud_click_filter_settings.low_conversion_rate: LOW_CONVERSION_RATE is read-only on the click plane; set block_clicks of the conversion filter, which then rejects clicks too`,
			`integration/demo: fraud_click_filter_settings.low_conversion_rate_enabled: must be true or false`,
		}},
		{"{type: VPN, target: click, settings: {lookback_hours: 0}, block_on_reject: false}", "{type: LOW_CONVERSION_RATE}", []string{
			`integration/demo: default_filters[1].type: LOW_CONVERSION_RATE is read-only on the click plane; set block_clicks of the conversion filter, which then rejects clicks too`}},
		{settings, with("keyword_enabled: false"), []string{
			`integration/demo: fraud_click_filter_settings.keyword: there is no filter KEYWORD on the click plane; allowed are ` + clicks}},
		{settings, with("keyword: {}\n  keyword_enabled: true"), []string{
			`integration/demo: fraud_click_filter_settings.keyword: there is no filter KEYWORD on the click plane; allowed are ` + clicks}},
		{settings, with("keywords_enabled: false"), []string{
			`integration/demo: fraud_click_filter_settings.keywords: there is no filter KEYWORDS on the click plane; allowed are ` + clicks}},
		{"{type: VPN, target: click, settings: {lookback_hours: 0}, block_on_reject: false}", "{type: KEYWORD}", []string{
			`integration/demo: default_filters[1].type: there is no filter KEYWORD on the click plane; allowed are ` + clicks}},
		{"fraud_conversion_filter_settings: {}", "fraud_conversion_filter_settings: {keyword_enabled: false}", []string{
			`integration/demo: fraud_conversion_filter_settings.keyword: there is no filter KEYWORD on the conversion plane; allowed are ` + conversions}},
		{"user_frequency_enabled: false", "click_spam_enabled: false", []string{
			`integration/demo: fraud_impression_filter_settings.click_spam: there is no filter CLICK_SPAM on the impression plane; allowed are ` + conversions}},
		{"{type: DUPLICATE_USER}", "{type: DUPLICATE_USERS}", []string{
			`integration/demo: default_impression_filters[0].type: there is no filter DUPLICATE_USERS on the impression plane; did you mean DUPLICATE_USER?; allowed are ` + conversions}},
	})
}
