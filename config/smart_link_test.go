package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// smartLinkText is a smart link with the fields given beside those that every
// one has.
func smartLinkText(more string) string {
	return "{kind: smart_link, id: mix, organization: acme, integration: demo, incremental_id: 7, name: Mix, " + more + "}"
}

// TestSmartLinkRules adds a smart link to the valid set, which has two offers
// of the integration demo.
func TestSmartLinkRules(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"by weight", smartLinkText("offers: [{offer: demo-offer, weight: 1}, {offer: second, weight: 1000000, active: false}]"), nil},
		{"by weight, as it says", smartLinkText("strategy: weight, offers: [{offer: demo-offer, weight: 1}, {offer: second}]"), nil},
		{"by priority", smartLinkText("strategy: priority, offers: [{offer: demo-offer, priority: -1}, {offer: second}]"), nil},
		{"with a fallback", smartLinkText("offers: [{offer: demo-offer, weight: 1}], fallback_offer: second"), nil},
		{"a paused offer keeps its weight", smartLinkText("offers: [{offer: demo-offer, weight: 1, active: false}]"), nil},

		{"without offers", smartLinkText("offers: []"), []string{`smart_link/mix: offers: missing; a smart link picks from at least 1 offer`}},
		{"without a name", strings.Replace(smartLinkText("offers: [{offer: second, weight: 1}]"), "name: Mix, ", "", 1), []string{`smart_link/mix: name: missing`}},
		{"without a number", strings.Replace(smartLinkText("offers: [{offer: second, weight: 1}]"), "incremental_id: 7, ", "", 1), []string{`smart_link/mix: incremental_id: must be at least 1, found 0`}},
		{"without an integration", strings.Replace(smartLinkText("offers: [{offer: second, weight: 1}]"), "integration: demo, ", "", 1), []string{`smart_link/mix: integration: missing; it names the integration the document belongs to`}},
		{"an unknown strategy", smartLinkText("strategy: weights, offers: [{offer: second, weight: 1}]"), []string{`smart_link/mix: strategy: unknown value "weights"; did you mean weight?; allowed are weight or priority`}},
		{"an offer that is not there", smartLinkText("offers: [{offer: nowhere, weight: 1}]"), []string{`smart_link/mix: offers[0].offer: there is no offer/nowhere`}},
		{"an offer that is not named", smartLinkText("offers: [{weight: 1}, {weight: 1}]"), []string{
			`smart_link/mix: offers[0].offer: missing; it is the opaque id of an offer`,
			`smart_link/mix: offers[1].offer: missing; it is the opaque id of an offer`,
		}},
		{"an offer twice", smartLinkText("offers: [{offer: second, weight: 1}, {offer: demo-offer}, {offer: second}]"), []string{`smart_link/mix: offers[2].offer: "second" is given already as entry 0; keep one`}},
		{"no weight at all", smartLinkText("offers: [{offer: second}, {offer: demo-offer, weight: 0}]"), []string{`smart_link/mix: offers: every weight is 0, so that no offer is ever picked; give at least one a weight of 1 to 1000000`}},
		{"weights out of range", smartLinkText("offers: [{offer: second, weight: -1}, {offer: demo-offer, weight: 1000001}]"), []string{
			`smart_link/mix: offers[0].weight: must be from 0 to 1000000, found -1`,
			`smart_link/mix: offers[1].weight: must be from 0 to 1000000, found 1000001`,
		}},
		{"a weight with priorities", smartLinkText("strategy: priority, offers: [{offer: second, weight: 1}]"), []string{`smart_link/mix: offers[0].weight: is for the strategy weight, and this one is priority; leave it out`}},
		{"a priority with weights", smartLinkText("offers: [{offer: second, weight: 1, priority: 1}]"), []string{`smart_link/mix: offers[0].priority: is for the strategy priority, and this one is weight; leave it out`}},
		{"a fallback that is not there", smartLinkText("offers: [{offer: second, weight: 1}], fallback_offer: nowhere"), []string{`smart_link/mix: fallback_offer: there is no offer/nowhere`}},
		{"a fallback that is among the offers", smartLinkText("offers: [{offer: demo-offer, weight: 1}, {offer: second, weight: 1}], fallback_offer: second"), []string{`smart_link/mix: fallback_offer: offer/second is entry 1 of offers already; the fallback takes what they leave`}},
		{"a number that is taken", strings.Replace(smartLinkText("offers: [{offer: second, weight: 1}]"), "incremental_id: 7", "incremental_id: 1", 1), []string{`smart_link/mix: incremental_id: 1 is taken by smart_link/any`}},
		{"an external id that is taken", smartLinkText("external_id: S1, offers: [{offer: second, weight: 1}]"), []string{`smart_link/mix: external_id: "S1" is taken by smart_link/any`}},
		{"offers of another integration", strings.Replace(smartLinkText("external_id: S1, offers: [{offer: second, weight: 1}], fallback_offer: demo-offer"), "integration: demo", "integration: other", 1), []string{
			`smart_link/mix: fallback_offer: offer/demo-offer belongs to integration "demo", not to "other"`,
			`smart_link/mix: offers[0].offer: offer/second belongs to integration "demo", not to "other"`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			set := validSet(t).With([]Document{decoded[Document](t, tc.text)}, nil)
			wantProblems(t, set.Validate(testChecks), tc.want)
		})
	}
}

// A smart link of very many offers is refused as a whole, and not told of each.
func TestSmartLinkOffersAreLimited(t *testing.T) {
	set := validSet(t)
	for _, n := range []int{MaxSmartLinkOffers, MaxSmartLinkOffers + 1} {
		d := &SmartLink{Meta: Meta{ID: "mix", Organization: "acme"}, Integration: "demo", IncrementalID: 7, Name: "Mix"}
		var offers []Document
		for i := range n {
			id := fmt.Sprint("many-", i)
			offers = append(offers, &Offer{Meta: Meta{ID: id, Organization: "acme"}, Integration: "demo", IncrementalID: int64(100 + i), Name: id, AdvertiserID: 1})
			d.Offers = append(d.Offers, SmartLinkOffer{Offer: id, Weight: MaxWeight})
		}
		var want []string
		if n > MaxSmartLinkOffers {
			want = []string{`smart_link/mix: offers: must have at most 1000 entries, found 1001`}
		}
		wantProblems(t, set.With(append(offers, d), nil).Validate(testChecks), want)
	}
}

// What a smart link names stays.
func TestOffersInSmartLinksStay(t *testing.T) {
	base := validSet(t).With([]Document{decoded[Document](t, smartLinkText("offers: [{offer: second, weight: 1}]")),
		decoded[Document](t, "{kind: smart_link, id: rest, organization: acme, integration: demo, incremental_id: 8, name: Rest, offers: [{offer: demo-offer, weight: 1}], fallback_offer: second}")}, nil)
	key := Key{KindOffer, "second"}
	if got, want := base.Referrers(key), []Key{{KindSmartLink, "mix"}, {KindSmartLink, "rest"}}; !slices.Equal(got, want) {
		t.Errorf("the offer is used by %v, want %v", got, want)
	}
	wantProblems(t, base.With(nil, []Key{key}).ValidateChange(base, []Key{key}, testChecks), []string{
		`smart_link/mix: offers[0].offer: there is no offer/second`,
		`smart_link/rest: fallback_offer: there is no offer/second`,
	})
}

func TestSmartLinkSays(t *testing.T) {
	off := false
	for _, tc := range []struct {
		offer SmartLinkOffer
		want  bool
	}{{SmartLinkOffer{}, true}, {SmartLinkOffer{Active: new(true)}, true}, {SmartLinkOffer{Active: &off}, false}} {
		if got := tc.offer.TakesPart(); got != tc.want {
			t.Errorf("%+v takes part: %t", tc.offer, got)
		}
	}
	for strategy, want := range map[string]bool{"": false, "weight": false, "priority": true} {
		if got := (&SmartLink{Strategy: strategy}).ByPriority(); got != want {
			t.Errorf("strategy %q goes by priority: %t", strategy, got)
		}
	}
}

func TestLandingPageWeight(t *testing.T) {
	for weight, want := range map[int64][]string{
		0: nil, MaxWeight: nil,
		-1:            {`landing_page/page: weight: must be from 0 to 1000000, found -1`},
		MaxWeight + 1: {`landing_page/page: weight: must be from 0 to 1000000, found 1000001`},
	} {
		set := validSet(t)
		d, _ := set.Get(Key{KindLandingPage, "page"})
		page := *d.(*LandingPage)
		page.Weight = weight
		wantProblems(t, set.With([]Document{&page}, nil).Validate(testChecks), want)
	}
}
