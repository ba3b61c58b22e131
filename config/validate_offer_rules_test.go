package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestOfferRules(t *testing.T) {
	offer := func(problems ...string) (list []string) {
		for _, p := range problems {
			list = append(list, "offer/demo-offer: "+p)
		}
		return list
	}
	checkRules(t, testChecks, []rule{
		{"targeting_simple:\n  geo_targeting_enabled: true\n  geo:\n    countries: {SE: true}\n", "", offer(
			`targeting_simple: missing, but targeting_simple_enabled is true`)},
		{"countries: {SE: true}", "countries: {se: true}", offer(
			`targeting_simple.geo.countries.se: must be an ISO 3166 country code of two upper-case letters such as DE, found "se"`)},

		{"terms_accepted_publisher_ids: [pub]", "terms_accepted_publisher_ids: [x]", offer(`terms_accepted_publisher_ids[0]: there is no publisher/x`)},
		{"blocked_publisher_ids: [pub]", "blocked_publisher_ids: [pub, pub]", offer(`blocked_publisher_ids[1]: "pub" is given already as entry 0; keep one`)},
		{"blocked_publisher_ids:\n  - pub\n", "blocked_publisher_ids:\n  - x\n", []string{`advertiser/adv: blocked_publisher_ids[0]: there is no publisher/x`}},

		{"start_at: 2026-03-01", "start_at: March", offer(`start_at: must be a day or time such as 2026-03-01, 2026-03-01T08:00 or 2026-03-01T08:00:00+01:00, found "March"`)},
		{"stop_at: 2026-03-31T18:00", "stop_at: 2026-02-29", offer(`stop_at: must be a day or time such as 2026-03-01, 2026-03-01T08:00 or 2026-03-01T08:00:00+01:00, found "2026-02-29"`)},
		{"stop_at: 2026-03-31T18:00", "stop_at: 2026-02-28", offer(`stop_at: must not lie before start_at 2026-03-01, found 2026-02-28`)},
		{"stop_at: 2026-03-31T18:00", "stop_at: 2026-03-01", nil},
		{"stop_at: 2026-03-31T18:00", "stop_at: 2026-03-01T00:00", nil},
		{"stop_at: 2026-03-31T18:00", "stop_at: 2026-02-28T22:59Z", offer(`stop_at: must not lie before start_at 2026-03-01, found 2026-02-28T22:59Z`)},
		{"stop_at: 2026-03-31T18:00", "stop_at: 2026-02-28T23:00Z", nil},
		{"timezone: Europe/Berlin", "timezone: Europe/Bonn", offer(`timezone: must be a time zone of the IANA database such as Europe/Berlin, found "Europe/Bonn"`)},
		{"timezone: Europe/Berlin", "timezone: Local", offer(`timezone: must be a time zone of the IANA database such as Europe/Berlin, found "Local"`)},
		{`mon: ["08:00-12:00", "13:00-18:00"]`, `mon: ["8-12", "13:00-18:00", "13:00-18:00"]`, offer(
			`schedule.mon[0]: must be hours such as 08:00-20:00, from 00:00 to 24:00, found "8-12"`,
			`schedule.mon[2]: "13:00-18:00" is given already as entry 1; keep one`,
		)},

		{"countries: [FI, DK]", "countries: [FI, FI, Denmark]", offer(
			`countries[1]: "FI" is given already as entry 0; keep one`,
			`countries[2]: must be an ISO 3166 country code of two upper-case letters such as DE, found "Denmark"`,
		)},
		{"countries: [FI, DK]", "countries: []", offer(`countries: missing, but strictly_country is true`)},
		{"countries: [FI, DK]\nstrictly_country: true", "strictly_country: false", nil},
		{`{os: ios, versions: ["15", "14.4"]}`, `{os: iOS, versions: ["15.1.2", x, "15"]}`, offer(
			`strictly_os[0].os: unknown value "iOS"; did you mean ios?; allowed are web, wp, ios or android`,
			`strictly_os[0].versions[0]: must be a version such as 14 or 4.4, found "15.1.2"`,
			`strictly_os[0].versions[1]: must be a version such as 14 or 4.4, found "x"`,
		)},
		{"{os: web}", "{os: ios}", offer(`strictly_os[1].os: "ios" is given already as entry 0; keep one`)},
		{"{os: web}", "{os: ''}", offer(`strictly_os[1].os: missing; allowed are web, wp, ios or android`)},
		{"{os: web}", `{os: web, versions: ["10"]}`, offer(`strictly_os[1].versions: must be empty: web is many systems, whose versions say nothing together`)},
		{"strictly_isp: [Telenor, AS3320]", "strictly_isp: [AS0, AS99999999999, '--', AS3320, as]", offer(
			`strictly_isp[0]: AS numbers are 1 to 4294967295, found "AS0"`,
			`strictly_isp[1]: AS numbers are 1 to 4294967295, found "AS99999999999"`,
			`strictly_isp[2]: must be a provider's name or an AS number such as AS3320, found "--"`,
		)},
		{"strictly_isp: [Telenor, AS3320]", "strictly_isp: [" + strings.Repeat("x", longestISP) + ", " + strings.Repeat("y", longestISP+1) + "]", offer(
			`strictly_isp[1]: must have at most 100 bytes, found 101`)},
		{"strictly_connection_type: cellular", "strictly_connection_type: Cellular", offer(
			`strictly_connection_type: unknown value "Cellular"; did you mean cellular?; allowed are wifi, cellular or all`)},

		{"  192.0.2.1\n", "  192.0.2.1\n\n  192.0.2\n", offer(`allowed_ip: line 3: must be an address such as 192.0.2.1 or 2001:db8::1, a range such as 192.0.2.1-192.0.2.9 or a network such as 192.0.2.0/24, found "192.0.2"`)},
		{"198.51.100.0-198.51.100.9", "198.51.100.9-198.51.100.0", offer(`allowed_ip: line 2: first address 198.51.100.9 must not come after the last one, 198.51.100.0`)},
		{"198.51.100.0-198.51.100.9", "198.51.100.9-2001:db8::1", offer(`allowed_ip: line 2: both ends of a range must be IPv4 or both IPv6, found 198.51.100.9 and 2001:db8::1`)},
		{`"2001:db8::/32"`, `"2001:db8::1/32"`, offer(`disallowed_ip: line 1: network 2001:db8::1/32 begins at 2001:db8::; write 2001:db8::/32`)},
		{`"2001:db8::/32"`, `"2001:db8::/129"`, offer(`disallowed_ip: line 1: must be a network such as 192.0.2.0/24 or 2001:db8::/32, found "2001:db8::/129"`)},
		{"allowed_ip: 203.0.113.0/24", "allowed_ip: anywhere", []string{
			`advertiser/adv: allowed_ip: line 1: must be an address such as 192.0.2.1 or 2001:db8::1, a range such as 192.0.2.1-192.0.2.9 or a network such as 192.0.2.0/24, found "anywhere"`}},
		{"click_session: 30d", "click_session: '30'", offer(`click_session: must be numbers with the units y, m (months), w, d, h, i (minutes) and s, such as 30d or 1y2m3w4d5h6i7s, found "30"`)},

		{"{sub1: a, sub2: b}", "{sub1: '', sub2: b}", offer(`sub_restrictions[0].sub1: missing`)},
		{"{sub1: a, sub2: b}", "{sub1: a}", nil},
		{"  - {sub1: a, sub2: b}\n", "  - {sub1: a, sub2: b}\n  - {sub1: a, sub2: b}\n", offer(`sub_restrictions[1]: is given already as entry 0; keep one`)},
		{"sub_account_1: news, mail", "sub_account_1: news, ,news", offer(
			`sub_account_1[1]: must not be empty`,
			`sub_account_1[2]: "news" is given already as entry 0; keep one`,
		)},
		{"sub_account_2: x", "sub_account_2: x,", []string{`advertiser/adv: sub_account_2[1]: must not be empty`}},
	})
}

// A publisher that rules name is not deleted unnoticed.
func TestPublishersOfRulesAreReferences(t *testing.T) {
	base := validSet(t)
	for field, d := range map[string]Document{
		"terms_accepted_publisher_ids": &Offer{
			Meta: Meta{ID: "new", Organization: "acme"}, Integration: "demo", IncrementalID: 9, Name: "New", AdvertiserID: 1,
			OfferRules: OfferRules{TermsAcceptedPublisherIDs: []string{"other"}},
		},
		"blocked_publisher_ids": &Offer{
			Meta: Meta{ID: "new", Organization: "acme"}, Integration: "demo", IncrementalID: 9, Name: "New", AdvertiserID: 1,
			OfferRules: OfferRules{BlockedPublisherIDs: []string{"other"}},
		},
		"blocked_publisher_ids of advertisers": &Advertiser{
			Meta: Meta{ID: "new", Organization: "acme"}, IncrementalID: 9, Name: "New", BlockedPublisherIDs: []string{"other"},
		},
	} {
		t.Run(field, func(t *testing.T) {
			publisher := &Publisher{Meta: Meta{ID: "other", Organization: "acme"}, IncrementalID: 9, Name: "Other"}
			set := base.With([]Document{d, publisher}, nil)
			wantProblems(t, set.Validate(testChecks), nil)
			if got := set.Referrers(publisher.Key()); len(got) != 1 || got[0] != d.Key() {
				t.Errorf("those who refer to the publisher are %v, want %s", got, d.Key())
			}
			gone := []Key{publisher.Key()}
			name, _, _ := strings.Cut(field, " ")
			want := fmt.Sprintf("%s: %s[0]: there is no publisher/other", d.Key(), name)
			wantProblems(t, set.With(nil, gone).ValidateChange(set, gone, testChecks), []string{want})
		})
	}
}
