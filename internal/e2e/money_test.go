package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// deal is an offer, and what a click and a conversion of it come to: "payout 1
// revenue 2".
type deal struct {
	name string
	// offer are fields of the offer, more its other documents.
	offer, more string
	publisher   int // 1 unless it says another
	view        bool
	click       string // parameters of the click
	sale        string // parameters of the conversion
	clickWorth  string // empty: it is worth nothing
	saleWorth   string
	goal        string
}

const nothing = "payout  revenue "

// event9 is an event with its own terms.
const event9 = `
---
{kind: offer_event, id: eNUMBER, organization: demo, offer: oNUMBER, incremental_id: 900NUMBER, name: Lead, active: true, payout_type: CPS, payout_percent: 20, revenue_type: RPA, revenue: 7}
`

// custom is a payout of publisher 2's own.
const custom = `
---
{kind: custom_payout, id: cNUMBER, organization: demo, publisher_incremental_id: 2, offer_incremental_id: NUMBER, FORWHAT}
`

func terms(s string) string { return "default_payout: {" + s + "}" }

var deals = []deal{
	{name: "CPA", offer: terms("payout_type: CPA, payout: 1.20, revenue_type: RPA, revenue: 1.50"), sale: "&purchase_value=49.90&payout=9&revenue=9", saleWorth: "payout 1.2 revenue 1.5"},
	{name: "CPS", offer: terms("payout_type: CPS, payout_percent: 10, revenue_type: RPS, revenue_percent: 12.5"), sale: "&purchase_value=49.90", saleWorth: "payout 4.99 revenue 6.2375"},
	{name: "CPS, a cent and thirds", offer: terms("payout_type: CPS, payout_percent: 33.333333, revenue_type: RPS, revenue_percent: 66.666667"), sale: "&purchase_value=0.01", saleWorth: "payout 0.003333 revenue 0.006667"},
	{name: "CPS, no sale", offer: terms("payout_type: CPS, payout_percent: 10, revenue_type: RPS, revenue_percent: 12.5"), saleWorth: nothing},
	{name: "CPAxCPS", offer: terms("payout_type: CPAxCPS, payout: 1, payout_percent: 10, revenue_type: RPAxRPS, revenue: 2, revenue_percent: 12.5"), sale: "&purchase_value=49.90", saleWorth: "payout 5.99 revenue 8.2375"},
	{name: "CPAxCPS, no sale", offer: terms("payout_type: CPAxCPS, payout: 1, payout_percent: 10, revenue_type: RPAxRPS, revenue: 2, revenue_percent: 12.5"), saleWorth: "payout 1 revenue 2"},
	{name: "CPC", offer: terms("payout_type: CPC, payout: 0.05, revenue_type: RPC, revenue: 0.08"), sale: "&purchase_value=49.90&payout=9&revenue=9", clickWorth: "payout 0.05 revenue 0.08", saleWorth: nothing},
	{name: "CPC from RPS", offer: terms("payout_type: CPC, payout: 0.05, revenue_type: RPS, revenue_percent: 10"), sale: "&purchase_value=1", clickWorth: "payout 0.05 revenue ", saleWorth: "payout  revenue 0.1"},
	{name: "CPM", offer: terms("payout_type: CPM, payout: 3.50, revenue_type: RPM, revenue: 4.25"), view: true, clickWorth: "payout 0.0035 revenue 0.00425"},
	{name: "CPM, of a click", offer: terms("payout_type: CPM, payout: 3.50, revenue_type: RPM, revenue: 4.25"), sale: "&payout=9", saleWorth: nothing},
	{name: "PRV of a fixed revenue", offer: terms("payout_type: PRV, payout_percent: 70, revenue_type: RPA, revenue: 10.01"), saleWorth: "payout 7.007 revenue 10.01"},
	{name: "PRV of a share", offer: terms("payout_type: PRV, payout_percent: 70, revenue_type: RPS, revenue_percent: 10"), sale: "&purchase_value=49.90", saleWorth: "payout 3.493 revenue 4.99"},
	{name: "PRV of a click", offer: terms("payout_type: PRV, payout_percent: 70, revenue_type: RPC, revenue: 0.08"), clickWorth: "payout 0.056 revenue 0.08", saleWorth: nothing},
	{name: "PRV of what the request says", offer: terms("payout_type: PRV, payout_percent: 70, revenue_type: RPS, revenue_percent: 10"), sale: "&revenue=5", saleWorth: "payout 3.5 revenue 5"},
	{name: "the request's amounts", offer: terms("payout_type: CPS, payout_percent: 10, revenue_type: RPS, revenue_percent: 12.5"), sale: "&payout=2.50&revenue=3.75", saleWorth: "payout 2.5 revenue 3.75"},
	{name: "default amounts", offer: "description: none", clickWorth: "payout 0.01 revenue 0.02", saleWorth: "payout 0.4 revenue 0.6"},
	{name: "default revenue", offer: terms("payout_type: CPA, payout: 0.30"), clickWorth: "payout  revenue 0.02", saleWorth: "payout 0.3 revenue 0.6"},
	{name: "an event's terms", offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 2"), more: event9, sale: "&goal=lead&purchase_value=10.05", saleWorth: "payout 2.01 revenue 7", goal: "Lead"},
	{name: "beside an event's terms", offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 2"), more: event9, sale: "&purchase_value=10.05", saleWorth: "payout 1 revenue 2"},
	{
		name: "custom payout, revenue left to the offer", publisher: 2, offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 3"),
		more: strings.ReplaceAll(custom, "FORWHAT", "payout_type: CPA, payout: 2.22, revenue_type: Unknown"), saleWorth: "payout 2.22 revenue 3",
	},
	{
		name: "custom payout of another", offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 3"),
		more: strings.ReplaceAll(custom, "FORWHAT", "payout_type: CPA, payout: 2.22"), saleWorth: "payout 1 revenue 3",
	},
	{
		name: "custom payout of an event", publisher: 2, offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 3"),
		more: event9 + strings.ReplaceAll(custom, "FORWHAT", "event_incremental_id: 900NUMBER, payout_type: CPS, payout_percent: 50, revenue_type: RPS, revenue_percent: 60"),
		sale: "&event_id=900NUMBER&purchase_value=3.33", saleWorth: "payout 1.665 revenue 1.998", goal: "Lead",
	},
	{name: "custom payout by the click", publisher: 2, offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 3"), more: strings.ReplaceAll(custom, "FORWHAT", "payout_type: CPC, payout: 0.07"), clickWorth: "payout 0.07 revenue ", saleWorth: "payout  revenue 3"},
	{name: "a country's payment", offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 2") + ", payments: [{type: fixed, total: 9, revenue: 8}, {countries: [DE], type: fixed, total: 2.75, revenue: 2.25}, {countries: [FR], type: fixed, total: 7, revenue: 6}]", saleWorth: "payout 2.25 revenue 2.75"},
	{name: "a payment in percent, excluded elsewhere", offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 2") + ", payments: [{country_exclude: [DE], devices: [desktop], type: fixed, total: 9, revenue: 8}, {devices: [desktop], type: percent, total: 30, revenue: 20}]", sale: "&purchase_value=12.34", saleWorth: "payout 2.468 revenue 3.702"},
	{name: "a personal payment", publisher: 2, offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 2") + ", payments: [{countries: [DE], type: fixed, total: 9, revenue: 8}, {partners: [2], type: fixed, total: 2.75, revenue: 2.25}]", saleWorth: "payout 2.25 revenue 2.75"},
	{name: "a payment for a goal", offer: terms("payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 2") + ", conversion_name: Order, payments: [{goal: Order, type: fixed, total: 6, revenue: 5}]", sale: "&goal=order", saleWorth: "payout 5 revenue 6"},
}

// TestMoney follows the money from the link to the publisher's own server, for
// every sort of terms.
func TestMoney(t *testing.T) {
	t.Parallel()
	var documents strings.Builder
	for i, d := range deals {
		documents.WriteString(offerOf(i+1, d.offer, d.more))
	}
	m := openMarket(t, documents.String())
	clicks, sales := make([]string, len(deals)), make([]report, len(deals))
	for i, d := range deals {
		number, publisher := i+1, max(d.publisher, 1)
		if d.view {
			if a := m.visit(m.stranger(), fmt.Sprintf("/impression?offer_id=%d&publisher_id=%d", number, publisher)); a.status != http.StatusOK {
				t.Fatalf("%s: an impression is answered %d", d.name, a.status)
			}
			continue
		}
		clicks[i] = m.comeTo(number, publisher, d.click)
		sales[i] = m.convert(clicks[i], strings.ReplaceAll(d.sale, "NUMBER", fmt.Sprint(number)))
	}
	m.awaitDelivery()
	seen, sold := byTxID(t, m.rows("click")), byTxID(t, m.rows("conversion,event"))
	if len(sold) != len(deals)-1 {
		t.Errorf("%d conversions are recorded, want one for each of %d", len(sold), len(deals)-1)
	}
	for i, d := range deals {
		t.Run(d.name, func(t *testing.T) {
			if d.view {
				m.wantView(t, d)
				return
			}
			m.wantCall(t, "click", clicks[i], worthOr(d.clickWorth))
			if got := worth(seen[clicks[i]]); got != worthOr(d.clickWorth) {
				t.Errorf("the click has %q, want %q", got, worthOr(d.clickWorth))
			}
			row, ok := sold[sales[i].TxID]
			if !ok || row.Text("click_tx_id") != clicks[i] || row.Text("status") != "Approved" || row.Text("currency") != "EUR" {
				t.Fatalf("the row of %+v is %s", sales[i], row.Line)
			}
			if got := worth(row); got != d.saleWorth {
				t.Errorf("the conversion has %q, want %q:\n%s", got, d.saleWorth, row.Line)
			}
			payout, _, _ := strings.Cut(d.saleWorth, " revenue")
			for _, door := range []string{"any", "by_creating", "confirmed"} {
				c := m.wantCall(t, door, row.Text("tx_id"), payout+" revenue ")
				if c.query.Get("click") != clicks[i] || c.query.Get("goal") != d.goal || c.query.Get("status") != "approved" {
					t.Errorf("the publisher hears %v, want click %s, goal %q, approved", c.query, clicks[i], d.goal)
				}
			}
		})
	}
}

func worthOr(s string) string {
	if s == "" {
		return nothing
	}
	return s
}

// wantView looks at the only impression.
func (m *market) wantView(t *testing.T, d deal) {
	t.Helper()
	views := m.rows("impression")
	if len(views) != 1 {
		t.Fatalf("%d impressions are recorded, want 1", len(views))
	}
	if got := worth(views[0]); got != d.clickWorth {
		t.Errorf("the impression has %q, want %q", got, d.clickWorth)
	}
	if c := m.wantCall(t, "impression", views[0].Text("tx_id"), d.clickWorth); c.method != http.MethodPost {
		t.Errorf("the call is a %s, want a POST", c.method)
	}
}

// wantCall waits for the call at a door about a conversion, click or impression,
// which tells what it is worth.
func (m *market) wantCall(t *testing.T, door, tx, worth string) (found call) {
	t.Helper()
	eventually(t, func() string { return fmt.Sprintf("nobody called at %s about %s", door, tx) }, func() bool {
		for _, c := range m.about(tx) {
			if c.door == door {
				found = c
				return true
			}
		}
		return false
	})
	if got := "payout " + amount(found.query, "payout") + " revenue " + amount(found.query, "revenue"); got != worth {
		t.Errorf("the call at %s says %q, want %q", door, got, worth)
	}
	return found
}
