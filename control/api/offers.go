package api

import "github.com/clickgate/clickgate/config"

var offerFields = []string{
	"name", "advertiser_id", "active", "visibility", "currency", "default_payout", "payments", "conversion_name",
	"allow_duplicate_conversions", "manually_approve_conversions", "block_on_reject", "fallback_url", "offer_preview_enabled",
	"deep_link_enabled", "enable_js_tracking", "parallel_tracking_enabled", "parallel_tracking_url",
	"impression_forwarding_enabled", "impression_forwarding_url", "view_through_attribution_enabled", "primary_domain",
	"targeting_group_id", "fraud_filter_group_id", "targeting_simple_enabled", "terms_and_conditions", "terms_and_conditions_enabled",
	"restriction_note", "description",
	// Ours: what the edge needs and the documents have no field for.
	"external_id", "allowed_domains", "default_landing_page_id", "approved_publisher_ids", "targeting_simple", "organization", "label",
	// Rules, mostly of the documents' third platform.
	"terms_accepted_publisher_ids", "blocked_publisher_ids", "start_at", "stop_at", "timezone", "schedule",
	"countries", "strictly_country", "strictly_os", "strictly_isp", "strictly_connection_type",
	"allowed_ip", "disallowed_ip", "uniq_ip_only", "click_session", "sub_restrictions",
	"sub_account_1", "sub_account_1_except", "sub_account_2", "sub_account_2_except",
	// Rules of conversions.
	"hold_period", "unique_conversion_refs", "conversion_hiatus_period",
	"caps", "caps_status", "caps_timezone", "is_redirect_overcap", "notice_percent_overcap",
}

func offers() *resource {
	return &resource{
		kind: config.KindOffer, name: "Offer", title: "offer", plural: "offers", tag: "offers",
		about: "What publishers promote for an advertiser: terms, visibility, targeting and fallback.",
		path:  "/api/v2/integrations/{integrationID}/offers", param: "offerID", parents: []parent{inIntegration},
		create:     body{fields: offerFields, required: []string{"name", "advertiser_id"}},
		update:     body{fields: offerFields, required: []string{"name", "advertiser_id"}},
		bulkStatus: true, bulkDelete: true, archives: true,
		check:  notArchived,
		extras: []extra{nameWithID},
	}
}

var eventFields = []string{
	"name", "active", "allow_multiple_events", "manually_approve_events", "description", "fraud_filter_group_id",
	"payout", "payout_percent", "payout_type", "revenue", "revenue_percent", "revenue_type", "label",
}

func offerEvents() *resource {
	return &resource{
		kind: config.KindOfferEvent, name: "OfferEvent", title: "offer event", plural: "offer events", tag: "offer-events",
		about: "A goal that may follow a conversion of an offer, with terms of its own.",
		path:  "/api/v2/integrations/{integrationID}/offers/{offerID}/events", param: "offerEventID",
		parents: []parent{{param: "integrationID", kind: config.KindIntegration}, inOffer},
		create:  body{fields: eventFields, required: []string{"name"}},
		update:  body{fields: eventFields, required: []string{"name"}},
		extras: []extra{nameWithID, {"currency", "", func(l look) any {
			doc, _ := l.snap.Set.Get(config.Key{Kind: config.KindOffer, ID: l.Document.(*config.OfferEvent).Offer})
			if offer, ok := doc.(*config.Offer); ok {
				return offer.Currency
			}
			return ""
		}}},
	}
}

var pageFields = []string{"name", "redirect_url", "preview_url", "active", "hide_from_publishers", "weight", "label"}

func landingPages() *resource {
	return &resource{
		kind: config.KindLandingPage, name: "LandingPage", title: "landing page", plural: "landing pages", tag: "landing-pages",
		about: "A destination of an offer.",
		path:  "/api/v2/integrations/{integrationID}/offers/{offerID}/landing-pages", param: "offerLandingPageID",
		parents: []parent{{param: "integrationID", kind: config.KindIntegration}, inOffer},
		create:  body{fields: pageFields, required: []string{"name", "redirect_url"}},
		update:  body{fields: pageFields, required: []string{"name", "redirect_url"}},
		extras:  []extra{nameWithID},
	}
}
