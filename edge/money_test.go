package edge

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

// priced is an offer with terms of every sort.
const priced = `
{kind: publisher, id: vip, organization: org, incremental_id: 2, name: VIP, active: true}
---
{kind: custom_payout, id: more, organization: org, publisher_incremental_id: 2, offer_incremental_id: 1, payout_type: CPC, payout: 0.75}
---
{kind: offer, id: shoes, organization: org, integration: main, incremental_id: 1, external_id: EXT-7, name: Shoes, advertiser_id: 1, active: true, deep_link_enabled: true, allowed_domains: [deep.example],
 default_payout: {payout_type: CPC, payout: 0.1, revenue_type: RPC, revenue: 0.3},
 payments: [{os: [Windows], type: fixed, total: 5, revenue: 4}, {os: [Windows], devices: [desktop], type: fixed, total: 7, url: "https://windows.example/?o={offer_id}&p={payout}"}, {goal: Sale, type: fixed, revenue: 9, url: "https://goal.example/"}]}
---
{kind: offer_event, id: sold, organization: org, offer: shoes, incremental_id: 5, name: Sale, active: true}
---
{kind: offer_event, id: old, organization: org, offer: shoes, incremental_id: 4, name: Sale, archived: true}
`

// What a click earns, by whose terms, and where a payment item sends it.
func TestClicksByTerms(t *testing.T) {
	const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
	r := newRig(t, base, priced)
	for name, tt := range map[string]struct{ publisher, agent, more, payout, payoutBy, revenue, revenueBy, to, toBy string }{
		"the offer":               {"1", firefox, "", "0.1", "offer", "0.3", "offer", "https://shop.example/?click=", "landing page"},
		"a custom payout":         {"2", firefox, "", "0.75", "custom payout", "0.3", "offer", "https://shop.example/?click=", "landing page"},
		"a rate by conversion":    {"1", windows, "", "", "payment item 1", "", "payment item 2", "https://windows.example/?o=1&p=0", "url of the payment item"},
		"custom before that rate": {"2", windows, "", "0.75", "custom payout", "", "payment item 2", "https://windows.example/?o=1", "url of the payment item"},
		"a deep link goes before": {"1", windows, "&redirect_url=https%3A%2F%2Fdeep.example%2Fx", "", "payment item 1", "", "payment item 2", "https://deep.example/x", "deep link"},
		"a page does not":         {"1", windows, "&landing_page_id=2", "", "payment item 1", "", "payment item 2", "https://windows.example/", "url of the payment item"},
	} {
		url := "/click?offer_id=1&publisher_id=" + tt.publisher + tt.more
		report := r.Explain(asked(url, "User-Agent: "+tt.agent))
		a := r.get(url, "User-Agent: "+tt.agent)
		if a.field("payout") != tt.payout || a.field("revenue") != tt.revenue {
			t.Errorf("%s: earns %q and %q, want %q and %q", name, a.field("payout"), a.field("revenue"), tt.payout, tt.revenue)
		}
		if d := report.Decision; d.PayoutBy != tt.payoutBy || d.RevenueBy != tt.revenueBy {
			t.Errorf("%s: by %q and %q, want %q and %q", name, d.PayoutBy, d.RevenueBy, tt.payoutBy, tt.revenueBy)
		}
		if !strings.HasPrefix(a.location, tt.to) || report.Destination.By != tt.toBy {
			t.Errorf("%s: goes to %s by %q, want %s by %q", name, a.location, report.Destination.By, tt.to, tt.toBy)
		}
	}
	a := r.get("/impression?offer_id=1&publisher_id=2", "User-Agent: "+firefox)
	if a.field("payout") != "" || a.field("revenue") != "" {
		t.Errorf("an impression earns %q and %q, want nothing", a.field("payout"), a.field("revenue"))
	}
}

// A payment item for an event that was archived and made anew is for the new
// one.
func TestArchivedEventsHaveNoTerms(t *testing.T) {
	r := newRig(t, base, priced)
	in, _ := r.snapshot.Load().parts.integrations.Get("main")
	o, _ := in.offers.Find("1")
	c := &click.Click{Plane: click.PlaneConversion}
	c.Conversion.EventNumber = "5"
	if got := o.terms.Price(c); got.PayoutBy != "payment item 3" {
		t.Errorf("the event is paid by %q, want payment item 3", got.PayoutBy)
	}
}
