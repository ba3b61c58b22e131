package config

import (
	"testing"
)

// TestRulesBetweenDocuments adds documents to the valid set.
func TestRulesBetweenDocuments(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"priority of a group is unique in its integration",
			"{kind: filter_group, id: twin, organization: acme, integration: demo, name: Twin, priority: 10}",
			[]string{`filter_group/twin: priority: 10 is taken by filter_group/group`}},
		{"priority may repeat in another integration",
			"{kind: filter_group, id: twin, organization: acme, integration: other, name: Twin, priority: 10}", nil},
		{"incremental ids are unique over organizations",
			"{kind: publisher, id: twin, organization: else, incremental_id: 1, name: Twin}",
			[]string{`publisher/twin: incremental_id: 1 is taken by publisher/pub`}},
		{"external ids are unique in their organization",
			"{kind: advertiser, id: twin, organization: acme, incremental_id: 2, external_id: A1, name: Twin}",
			[]string{`advertiser/twin: external_id: "A1" is taken by advertiser/adv`}},
		{"external ids of publishers are unique in their organization",
			"{kind: publisher, id: twin, organization: acme, incremental_id: 2, external_id: P1, name: Twin}",
			[]string{`publisher/twin: external_id: "P1" is taken by publisher/pub`}},
		{"external ids may repeat in another organization",
			"{kind: advertiser, id: twin, organization: else, incremental_id: 2, external_id: A1, name: Twin}", nil},
		{"a sub id is blocked once",
			"{kind: blocked_sub_id, id: twin, organization: acme, publisher_incremental_id: 1, offer_incremental_id: 1, sub_id: bad}",
			[]string{`blocked_sub_id/twin: sub_id: "bad" is taken by blocked_sub_id/blocked`}},
		{"a sub id may be blocked for two offers",
			"{kind: blocked_sub_id, id: twin, organization: acme, publisher_incremental_id: 1, offer_incremental_id: 2, sub_id: bad}", nil},
		{"a payout is given once for publisher, offer and event",
			"{kind: custom_payout, id: twin, organization: acme, publisher_incremental_id: 1, offer_incremental_id: 1, event_incremental_id: 1}",
			[]string{`custom_payout/twin: event_incremental_id: 1 is taken by custom_payout/better`}},
		{"the initial conversion has a payout of its own",
			"{kind: custom_payout, id: twin, organization: acme, publisher_incremental_id: 1, offer_incremental_id: 1}", nil},
		{"numbers of events are unique",
			"{kind: offer_event, id: twin, organization: acme, offer: second, incremental_id: 1, name: Twin}",
			[]string{`offer_event/twin: incremental_id: 1 is taken by offer_event/lead`}},
		{"an event's group is of its offer's integration",
			"{kind: fraud_filter_group, id: fraud, organization: acme, integration: other, name: Fraud}",
			[]string{
				`offer/demo-offer: fraud_filter_group_id: fraud_filter_group/fraud belongs to integration "other", not to "demo"`,
				`offer_event/lead: fraud_filter_group_id: fraud_filter_group/fraud belongs to integration "other", the offer to "demo"`,
			}},
		{"a raw offer id has one label",
			"{kind: offer_dictionary, id: twin, organization: acme, integration: demo, source_id: '1', friendly_name: Twin}",
			[]string{`offer_dictionary/twin: source_id: "1" is taken by offer_dictionary/offer-label`}},
		{"a raw offer id may have a label in each integration",
			"{kind: offer_dictionary, id: twin, organization: acme, integration: other, source_id: '1', friendly_name: Twin}", nil},
		{"a raw publisher id has one label",
			"{kind: publisher_dictionary, id: twin, organization: acme, integration: demo, source_id: '1', friendly_name: Twin}",
			[]string{`publisher_dictionary/twin: source_id: "1" is taken by publisher_dictionary/publisher-label`}},
		{"a publisher names a sub id once",
			"{kind: publisher_sub_id, id: twin, organization: acme, publisher: pub, external_id: front-page, name: Twin}",
			[]string{`publisher_sub_id/twin: external_id: "front-page" is taken by publisher_sub_id/front-page`}},
		{"a postback manager belongs to its integration's organization",
			"{kind: postback_manager, id: twin, organization: else, integration: demo, name: Twin, service_type: click, url: 'https://a.example/'}",
			[]string{`postback_manager/twin: integration: integration/demo belongs to organization "acme", not to "else"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			set := validSet(t).With([]Document{decoded[Document](t, tc.text)}, nil)
			wantProblems(t, set.Validate(testChecks), tc.want)
		})
	}
}

// TestValidateValuesNoDecoderYields is about documents that a program made.
func TestValidateValuesNoDecoderYields(t *testing.T) {
	make := func(change func(*Offer)) *Set {
		offer := decoded[*Offer](t, "{kind: offer, id: second, organization: acme, integration: demo, incremental_id: 2, name: Second, advertiser_id: 1}")
		change(offer)
		return validSet(t).With([]Document{offer}, nil)
	}
	wantProblems(t, make(func(d *Offer) { d.Name = "\xff" }).Validate(Checks{}), []string{
		`offer/second: cannot be written as JSON: name: string "\xff" is not valid UTF-8`,
	})
}
