package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestCapRules(t *testing.T) {
	offer := func(problems ...string) (list []string) {
		for _, p := range problems {
			list = append(list, "offer/demo-offer: "+p)
		}
		return list
	}
	publisher := func(problems ...string) (list []string) {
		for _, p := range problems {
			list = append(list, "publisher/pub: "+p)
		}
		return list
	}
	const (
		first  = `{period: day, type: conversions, value: 100, goal_type: exact, goals: ["0", Lead signup], affiliate_type: each, affiliates: [1], sub_id_each: true}`
		second = `{period: month, type: budget, value: 2500.5}`
		third  = `{period: all, type: clicks, value: 1000000}`
	)
	numbers := func(n int) string { return strings.Trim(strings.Repeat("1, ", n), ", ") }
	goals := func(n int) string {
		b := new(strings.Builder)
		for i := range n {
			fmt.Fprintf(b, "g%d, ", i)
		}
		return strings.TrimSuffix(b.String(), ", ")
	}
	checkRules(t, testChecks, []rule{
		{second, "{}", offer(
			`caps[1].period: missing`,
			`caps[1].type: missing`,
			`caps[1].value: must be more than 0, found 0`,
		)},
		{second, "{period: week, type: sales, value: -1}", offer(
			`caps[1].period: unknown value "week"; allowed are day, month or all`,
			`caps[1].type: unknown value "sales"; allowed are budget, conversions, clicks, impressions, revenue or events`,
			`caps[1].value: must be more than 0, found -1`,
		)},
		{second, "{period: all, type: revenue, value: 0.000001}", nil},
		{second, "{period: day, type: conversions, value: 1.5}", offer(`caps[1].value: must be a whole number, since it counts conversions, found 1.5`)},
		{second, "{period: day, type: impressions, value: 1e6}", nil},
		{second, "{period: day, type: events, value: 0.5}", offer(`caps[1].value: must be a whole number, since it counts events, found 0.5`)},
		{second, "{period: day, type: events, value: 5, goal_type: some, affiliate_type: few}", offer(
			`caps[1].affiliate_type: unknown value "few"; allowed are all, each or exact`,
			`caps[1].goal_type: unknown value "some"; allowed are all, each or exact`,
		)},
		{second, "{period: day, type: events, value: 5, goal_type: exact, affiliate_type: exact}", offer(
			`caps[1].affiliates: missing, but affiliate_type is exact`,
			`caps[1].goals: missing, but goal_type is exact`,
		)},
		{second, "{period: day, type: events, value: 5, goals: [a], goal_type: all, affiliates: [1]}", offer(
			`caps[1].affiliates: must be empty, since affiliate_type is all`,
			`caps[1].goals: must be empty, since goal_type is all`,
		)},
		{second, "{period: day, type: events, value: 5, goal_type: each, affiliate_type: each}", nil},
		{second, "{period: day, type: clicks, value: 5, goal_type: each}", offer(`caps[1].goals: must be left out: clicks have no goals`)},
		{second, "{period: day, type: impressions, value: 5, goal_type: exact, goals: [a]}", offer(`caps[1].goals: must be left out: impressions have no goals`)},
		{second, "{period: day, type: clicks, value: 5, goal_type: all, affiliate_type: exact, affiliates: [1]}", nil},
		{first, `{period: day, type: events, value: 5, goal_type: each, goals: [a, a, ''], affiliate_type: each, affiliates: [1, 1, 7]}`, offer(
			`caps[0].affiliates[1]: 1 is given already as entry 0; keep one`,
			`caps[0].affiliates[2]: there is no publisher with incremental id 7`,
			`caps[0].goals[1]: "a" is given already as entry 0; keep one`,
			`caps[0].goals[2]: must not be empty`,
		)},
		{second, "{period: day, type: events, value: 5, goal_type: exact, goals: [" + goals(100) + "]}", nil},
		{second, "{period: day, type: events, value: 5, goal_type: exact, goals: [" + goals(101) + "]}", offer(`caps[1].goals: must have at most 100 entries, found 101`)},
		{second, "{period: day, type: events, value: 5, affiliate_type: exact, affiliates: [" + numbers(1001) + "]}", offer(`caps[1].affiliates: must have at most 1000 entries, found 1001`)},
		{second, "{period: day, type: events, value: 5, affiliates: [" + numbers(1001) + "]}", offer(`caps[1].affiliates: must be empty, since affiliate_type is all`)},
		{second, second + strings.Repeat("\n  - "+second, 48), nil},
		{second, second + strings.Repeat("\n  - "+second, 49), offer(`caps: must have at most 50 entries, found 51`)},
		{"caps_status: [confirmed, hold]", "caps_status: [Approved, hold, hold]", offer(
			`caps_status[0]: unknown value "Approved"; allowed are confirmed, pending, hold, not_found or declined`,
			`caps_status[2]: "hold" is given already as entry 1; keep one`,
		)},
		{"caps_timezone: America/New_York", "caps_timezone: New York", offer(`caps_timezone: must be a time zone of the IANA database such as Europe/Berlin, found "New York"`)},
		{"notice_percent_overcap: 80", "notice_percent_overcap: 101", offer(`notice_percent_overcap: must be from 0 to 100, found 101`)},
		{"hold_period: 7", "hold_period: 61", offer(`hold_period: must be from 0 to 60, found 61`)},
		{"hold_period: 7", "hold_period: -1", offer(`hold_period: must be from 0 to 60, found -1`)},
		{"conversion_hiatus_period: 600", "conversion_hiatus_period: 31536001", offer(`conversion_hiatus_period: must be from 0 to 31536000, found 31536001`)},

		{third, "{period: all, type: clicks, value: 1.5}", publisher(`caps[0].value: must be a whole number, since it counts clicks, found 1.5`)},
		{third, third + strings.Repeat("\n  - "+third, 50), publisher(`caps: must have at most 50 entries, found 51`)},
		{"caps_timezone: Europe/Madrid", "caps_timezone: Madrid", publisher(`caps_timezone: must be a time zone of the IANA database such as Europe/Berlin, found "Madrid"`)},
	})
}

// A publisher that a cap names is not deleted unnoticed.
func TestPublishersOfCapsAreReferences(t *testing.T) {
	base := validSet(t)
	other := &Publisher{Meta: Meta{ID: "other", Organization: "acme"}, IncrementalID: 9, Name: "Other"}
	offer := &Offer{
		Meta: Meta{ID: "new", Organization: "acme"}, Integration: "demo", IncrementalID: 9, Name: "New", AdvertiserID: 1,
		ConversionRules: ConversionRules{Caps: []OfferCap{{AffiliateType: "exact", Affiliates: []int64{9}}}},
	}
	set := base.With([]Document{offer, other}, nil)
	if got := set.Referrers(other.Key()); len(got) != 1 || got[0] != offer.Key() {
		t.Errorf("those who refer to the publisher are %v, want the offer", got)
	}
}

// Publishers have no scope over publishers.
func TestCapsOfPublishersNameNone(t *testing.T) {
	text := strings.Replace(validYAML(t), "{period: all, type: clicks, value: 1000000}", "{period: all, type: clicks, value: 1, affiliates: [1]}", 1)
	_, problems := Decode("test.yaml", []byte(text))
	if len(problems) != 1 || !strings.Contains(problems[0].String(), "publisher/pub: caps[0].affiliates: unknown field") {
		t.Errorf("affiliates in a publisher's cap: %v", problems)
	}
}
