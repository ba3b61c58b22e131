package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestPayments(t *testing.T) {
	offer := func(problems ...string) (list []string) {
		for _, p := range problems {
			list = append(list, "offer/demo-offer: payments"+p)
		}
		return list
	}
	const first = "{partners: [1], goal: lead, total: 12.5, revenue: 10, currency: EUR, type: fixed}"
	checkRules(t, testChecks, []rule{
		{first, "{type: fixed, total: 0.000001}", nil},
		{first, "{type: percent, revenue: 100, goal: '0'}", nil},
		{first, "{type: fixed, url: 'https://example.com/'}", nil},
		{first, "{partners: [1, 7, 1, 0, -1], type: fixed, total: 1}", offer(
			`[0].partners[1]: there is no publisher with incremental id 7`,
			`[0].partners[2]: 1 is given already as entry 0; keep one`,
			`[0].partners[3]: there is no publisher with incremental id 0`,
			`[0].partners[4]: there is no publisher with incremental id -1`,
		)},
		{"countries: [DE, AT]", "countries: [de, AT, AT]", offer(
			`[1].countries[0]: must be an ISO 3166 country code of two upper-case letters such as DE, found "de"`,
			`[1].countries[2]: "AT" is given already as entry 1; keep one`,
		)},
		{"country_exclude: [CH]", "country_exclude: [AT, Swiss]", offer(
			`[1].country_exclude[0]: AT is among countries too; keep one`,
			`[1].country_exclude[1]: must be an ISO 3166 country code of two upper-case letters such as DE, found "Swiss"`,
		)},
		{"cities: [Köln]", "cities: [Köln, '', Köln]", offer(
			`[1].cities[1]: must not be empty`,
			`[1].cities[2]: "Köln" is given already as entry 0; keep one`,
		)},
		{"devices: [mobile, tablet]", "devices: [mobil]", offer(
			`[1].devices[0]: unknown value "mobil"; did you mean mobile?; allowed are tablet, desktop, mobile or ipod`)},
		{"os: [iOS, Windows 8.1]", "os: [ios]", offer(
			`[1].os[0]: unknown value "ios"; did you mean iOS?; allowed are ` + oneOf(paymentSystems))},
		{first, "{goal: ' lead', type: fixed, total: 1}", offer(`[0].goal: must not begin or end with a space, found " lead"`)},
		{first, "{goal: " + strings.Repeat("ä", 101) + ", type: fixed, total: 1}", offer(`[0].goal: must have at most 100 characters, found 101`)},
		{first, "{type: fixed, total: -1, revenue: -0.5}", offer(
			`[0].revenue: must not be negative, found -0.5`,
			`[0].total: must not be negative, found -1`,
		)},
		{first, "{type: percent, total: 100.1, revenue: 101}", offer(
			`[0].revenue: must be at most 100, found 101`,
			`[0].total: must be at most 100, found 100.1`,
		)},
		{first, "{type: fixed, total: 101, revenue: 101}", nil},
		{first, "{type: Fixed, total: 1}", offer(`[0].type: unknown value "Fixed"; did you mean fixed?; allowed are fixed or percent`)},
		{first, "{total: 1}", offer(`[0].type: missing`)},
		{first, "{goal: lead, type: fixed}", offer(`[0]: must have a total, a revenue or a url: as it is the rate changes nothing`)},
		{first, "{type: fixed, total: 1, currency: USD}", offer(`[0].currency: must be EUR, as all amounts of the offer are, found "USD"`)},
		{"currency: EUR\ndefault_payout: {payout: 1.5", "default_payout: {payout: 1.5", nil}, // the integration's
		{"url: https://de.example.com/?o={offer}", "url: ftp://de.example.com/", offer(
			`[1].url: must be an absolute URL that begins with http:// or https://, found "ftp://de.example.com/"`)},
		{"payments:\n  - " + first, "payments:\n" + strings.Repeat("  - {type: fixed, total: 1}\n", mostPayments), offer(
			fmt.Sprintf(`: must have at most %d entries, found %d`, mostPayments, mostPayments+1))},
	})
}

// A rate cannot be in a currency that nothing else is in.
func TestPaymentsWithoutACurrency(t *testing.T) {
	set := validSet(t)
	integration, _ := set.Get(Key{KindIntegration, "demo"})
	plain := *integration.(*Integration)
	plain.Currency = ""
	offer := decoded[*Offer](t, "{kind: offer, id: demo-offer, organization: acme, integration: demo, incremental_id: 1, name: X, advertiser_id: 1, payments: [{type: fixed, total: 1, currency: EUR}]}")
	wantProblems(t, set.With([]Document{&plain, offer}, nil).Validate(testChecks), []string{
		`offer/demo-offer: payments[0].currency: must be empty, since neither the offer nor its integration has a currency, found "EUR"`,
	})
}
