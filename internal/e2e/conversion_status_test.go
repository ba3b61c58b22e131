package e2e

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A fate is what becomes of a conversion, and why.
type fate struct {
	name        string
	offer, more string
	agent       string // of the click, which is turned away then
	sub         string
	sale        func() string
	status      string
	reason      string
	// worth of the row, which is what the publisher hears.
	worth string
	doors []string // at which the publisher is called, beside any and by_creating
}

const (
	paidOnce = "payout 1.2 revenue 1.5"
	cpa      = "default_payout: {payout_type: CPA, payout: 1.20, revenue_type: RPA, revenue: 1.50}"
	// shave takes every conversion.
	shave = `
---
{kind: custom_throttle, id: tNUMBER, organization: demo, publisher_incremental_id: 1, offer_incremental_id: NUMBER, throttle_percentage: 100, active: true, MORE}
`
	// slow turns away whoever converts within an hour.
	slow = `
---
{kind: filter_group, id: gNUMBER, organization: demo, integration: market, name: Slow, active: true, priority: NUMBER, offer_ids: [oNUMBER], MORE
  filters: [{type: MINIMUM_SESSION_TIME, target: conversion, settings: {min_session_time_seconds: 3600}}]}
`
	bots = `
---
{kind: filter_group, id: gNUMBER, organization: demo, integration: market, name: Bots, active: true, priority: NUMBER, offer_ids: [oNUMBER],
  filters: [{type: BOT, target: click}]}
`
)

func with(text, more string) string { return strings.ReplaceAll(text, "MORE", more) }

func saying(query string) func() string { return func() string { return query } }

// ahead is a conversion some time from now, as the clock of the sender says.
func ahead(d time.Duration) func() string {
	return func() string {
		return "&conversion_time=" + url.QueryEscape(time.Now().Add(d).UTC().Format(time.RFC3339))
	}
}

var fates = []fate{
	{name: "approved", offer: cpa, sale: saying(""), status: "Approved", worth: paidOnce, doors: []string{"confirmed"}},
	{name: "confirmed by the request", offer: cpa, sale: saying("&status=confirmed"), status: "Approved", worth: paidOnce, doors: []string{"confirmed"}},
	{name: "rejected by a filter", offer: cpa, more: with(slow, ""), sale: saying(""), status: "Rejected", reason: "MINIMUM_SESSION_TIME", worth: nothing, doors: []string{"declined"}},
	{
		name: "rejected by a filter that watches only", offer: cpa, more: with(slow, "monitoring_mode: true,"), sale: saying(""),
		status: "Rejected", reason: "MINIMUM_SESSION_TIME", worth: paidOnce, doors: []string{"declined"},
	},
	{name: "rejected by the advertiser", offer: cpa, sale: saying("&status=3"), status: "Rejected", reason: "ADVERTISER_REJECTED", worth: nothing, doors: []string{"declined"}},
	{name: "of a click that was turned away", offer: cpa, more: bots, agent: googlebot, sale: saying(""), status: "Rejected", reason: "CLICK_REJECTED", worth: nothing, doors: []string{"declined"}},
	{name: "of another offer", offer: cpa, sale: saying("&offer_id=o1"), status: "Rejected", reason: "OFFER_MISMATCH", worth: nothing, doors: []string{"declined"}},
	{name: "off target", offer: cpa + ", targeting_group_id: far", more: `
---
{kind: targeting_group, id: far, organization: demo, integration: market, name: Far, active: true, conversion_targeting_settings: {geo_targeting_enabled: true, geo: {countries: {JP: true}}}}
`, sale: saying(""), status: "Rejected", reason: "TARGETING_COUNTRY", worth: nothing, doors: []string{"declined"}},
	{name: "pending by hand", offer: cpa + ", manually_approve_conversions: true", sale: saying(""), status: "Pending", worth: paidOnce, doors: []string{"pending"}},
	{name: "pending by the request", offer: cpa, sale: saying("&status=2"), status: "Pending", worth: paidOnce, doors: []string{"pending"}},
	{name: "throttled", offer: cpa, more: with(shave, ""), sale: saying(""), status: "Pending", worth: paidOnce, doors: []string{"pending"}},
	{name: "throttled away", offer: cpa, more: with(shave, "throttle_status: Rejected"), sale: saying(""), status: "Rejected", reason: "THROTTLED", worth: nothing, doors: []string{"declined"}},
	{name: "throttled for its sub id", offer: cpa, more: with(shave, "additional_filters: {sub_id: {operator: is any of, values: [cheap]}}"), sub: "cheap", sale: saying(""), status: "Pending", worth: paidOnce, doors: []string{"pending"}},
	{name: "spared for its sub id", offer: cpa, more: with(shave, "additional_filters: {sub_id: {operator: is any of, values: [cheap]}}"), sub: "dear", sale: saying(""), status: "Approved", worth: paidOnce, doors: []string{"confirmed"}},
	{name: "spared by a throttle of none", offer: cpa, more: strings.ReplaceAll(shave, "100", "0"), sale: saying(""), status: "Approved", worth: paidOnce, doors: []string{"confirmed"}},
	{name: "throttled, not by hand", offer: cpa + ", manually_approve_conversions: true", more: with(shave, "throttle_status: Rejected"), sale: saying(""), status: "Rejected", reason: "THROTTLED", worth: nothing, doors: []string{"declined"}},
	{name: "on hold", offer: cpa + ", hold_period: 7", sale: saying(""), status: "Hold", worth: paidOnce, doors: []string{"hold"}},
	{name: "on hold by the request", offer: cpa, sale: saying("&status=hold"), status: "Hold", worth: paidOnce, doors: []string{"hold"}},
	{name: "of a click too old", offer: cpa + ", click_session: 5i", sale: ahead(9 * time.Minute), status: "Not_Found", worth: nothing, doors: []string{"not_found"}},
	{name: "of a click old enough", offer: cpa + ", click_session: 5i", sale: ahead(4 * time.Minute), status: "Approved", worth: paidOnce, doors: []string{"confirmed"}},
}

// TestStatuses: what becomes of a conversion, what it is worth then, and which
// of the publisher's postbacks tell it.
func TestStatuses(t *testing.T) {
	t.Parallel()
	var documents strings.Builder
	for i, f := range fates {
		documents.WriteString(offerOf(i+1, f.offer, strings.ReplaceAll(f.more, "MORE", "")))
	}
	m := openMarket(t, documents.String())
	reports := make([]report, len(fates))
	for i, f := range fates {
		reports[i] = m.convert(m.clickFor(f, i+1), f.sale())
	}
	rows := byTxID(t, m.rows("conversion"))
	for i, f := range fates {
		t.Run(f.name, func(t *testing.T) {
			row := rows[reports[i].TxID]
			if row.Text("status") != f.status || row.Text("rejected_primary_reason") != f.reason || worth(row) != f.worth {
				t.Fatalf("the conversion has %q for %q and is %q, want %q for %q, %q:\n%s",
					row.Text("status"), row.Text("rejected_primary_reason"), worth(row), f.status, f.reason, f.worth, row.Line)
			}
			if hears, want := reports[i].Status, strings.ToLower(f.status); hears != "processing" && hears != want {
				t.Errorf("the advertiser hears %q, want %q", hears, want)
			}
			m.wantCalls(t, row.Text("tx_id"), f)
		})
	}
}

// clickFor clicks as a fate wants it.
func (m *market) clickFor(f fate, number int) (id string) {
	if f.agent == "" {
		return m.comeTo(number, 1, "&sub_id="+f.sub)
	}
	who := m.stranger()
	who.agent = f.agent
	a := m.visit(who, "/click?publisher_id=1&offer_id="+strconv.Itoa(number))
	return idIn(a.location)
}

// wantCalls checks that a publisher is called at the doors for a status, and at
// no other, each time with a key of its own.
func (m *market) wantCalls(t *testing.T, tx string, f fate) {
	t.Helper()
	want := append([]string{"any", "by_creating"}, f.doors...)
	payout, _, _ := strings.Cut(f.worth, " revenue")
	keys := map[string]bool{}
	for _, door := range want {
		c := m.wantCall(t, door, tx, payout+" revenue ")
		if c.query.Get("status") != strings.ToLower(f.status) || c.query.Get("reason") != f.reason {
			t.Errorf("at %s the publisher hears %q for %q, want %q for %q", door, c.query.Get("status"), c.query.Get("reason"), f.status, f.reason)
		}
		keys[c.key] = true
	}
	if len(keys) != len(want) || keys[""] {
		t.Errorf("%d calls have the keys %v, want one each", len(want), keys)
	}
	for _, c := range m.about(tx) {
		if !slices.Contains(want, c.door) {
			t.Errorf("the publisher is called at %s, too: %v", c.door, c.query)
		}
	}
}
