package e2e

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// quota is an offer with caps, and what becomes of conversions that come one
// after the other, each of a click of its own.
type quota struct {
	name string
	// offer are its fields, beside the terms.
	offer string
	sales []surge
}

// surge is a click and its conversion.
type surge struct {
	publisher  int
	sub, query string
	status     string
}

func caps(list, more string) string { return ", caps: [" + list + "]" + more }

const (
	ok   = "Approved"
	over = "Pending_Cap"
)

var quotas = []quota{
	{"conversions", caps("{period: all, type: conversions, value: 2}", ""), []surge{{1, "", "", ok}, {2, "", "", ok}, {1, "", "", over}, {2, "", "", over}}},
	{"conversions of each publisher", caps("{period: month, type: conversions, value: 1, affiliate_type: each}", ""), []surge{{1, "", "", ok}, {2, "", "", ok}, {1, "", "", over}}},
	{"conversions of one publisher", caps("{period: all, type: conversions, value: 1, affiliate_type: exact, affiliates: [2]}", ""), []surge{{2, "", "", ok}, {1, "", "", ok}, {2, "", "", over}, {1, "", "", ok}}},
	{"conversions of each sub id", caps("{period: all, type: conversions, value: 1, sub_id_each: true}", ""), []surge{{1, "a", "", ok}, {1, "b", "", ok}, {1, "a", "", over}}},
	{"payout, filled to the cent", caps("{period: all, type: budget, value: 2.4}", ""), []surge{{1, "", "", ok}, {1, "", "", ok}, {1, "", "", over}}},
	{"payout, a cent short", caps("{period: all, type: budget, value: 2.39}", ""), []surge{{1, "", "", ok}, {1, "", "", over}}},
	{"revenue", caps("{period: all, type: revenue, value: 3}", ""), []surge{{1, "", "", ok}, {1, "", "", ok}, {1, "", "", over}}},
	{"one goal", caps("{period: all, type: conversions, value: 1, goal_type: exact, goals: [Lead]}", ""), []surge{{1, "", "&goal=lead", ok}, {1, "", "", ok}, {1, "", "&goal=visit", ok}, {1, "", "&goal=lead", over}, {1, "", "", ok}}},
	{"events", caps("{period: all, type: events, value: 1}", ""), []surge{{1, "", "", ok}, {1, "", "&goal=lead", ok}, {1, "", "", ok}, {1, "", "&goal=visit", over}}},
	{"rejected ones do not count", caps("{period: all, type: conversions, value: 1}", ""), []surge{{1, "", "&status=3", "Rejected"}, {1, "", "", ok}, {1, "", "&status=3", "Rejected"}, {1, "", "", over}}},
	{"pending ones do", caps("{period: all, type: conversions, value: 1}", ""), []surge{{1, "", "&status=2", "Pending"}, {1, "", "", over}}},
	{"only what caps_status names", caps("{period: all, type: conversions, value: 1}", ", caps_status: [confirmed]"), []surge{{1, "", "&status=2", "Pending"}, {1, "", "", ok}, {1, "", "", over}}},
	{"two caps", caps("{period: all, type: conversions, value: 3}, {period: day, type: budget, value: 1.3}", ""), []surge{{1, "", "", ok}, {1, "", "", over}}},
}

// TestCaps: what is over a cap waits, keeps its amounts, and its publisher hears
// that it is pending.
func TestCaps(t *testing.T) {
	t.Parallel()
	var documents strings.Builder
	for i, q := range quotas {
		documents.WriteString(offerOf(i+1, cpa+q.offer, goals))
	}
	m := openMarket(t, documents.String())
	reports := make([][]report, len(quotas))
	for i, q := range quotas {
		for _, s := range q.sales {
			click := m.comeTo(i+1, s.publisher, "&sub_id="+s.sub)
			reports[i] = append(reports[i], m.convert(click, s.query))
			m.convert(click, s.query) // a repeat takes no place
		}
	}
	rows := byTxID(t, m.rows("conversion,event"))
	for i, q := range quotas {
		t.Run(q.name, func(t *testing.T) {
			for j, s := range q.sales {
				row := rows[reports[i][j].TxID]
				if row.Text("status") != s.status || (row.Text("cap_reason") != "") != (s.status == over) {
					t.Errorf("conversion %d is %q for %q, want %q", j+1, row.Text("status"), row.Text("cap_reason"), s.status)
				}
				if s.status == over {
					c := m.wantCall(t, "pending", row.Text("tx_id"), "payout "+row.Text("payout")+" revenue ")
					if row.Text("payout") == "" || c.query.Get("status") != "pending_cap" {
						t.Errorf("the publisher hears %v of %s", c.query, row.Line)
					}
				}
			}
		})
	}
}

// TestCapsNameGoalsInAnyCase as requests and payment items do.
func TestCapsNameGoalsInAnyCase(t *testing.T) {
	m := openMarket(t, offerOf(1, cpa+caps("{period: all, type: conversions, value: 1, goal_type: exact, goals: [lead]}", ""), goals))
	m.convert(m.comeTo(1, 1, ""), "&goal=lead")
	m.convert(m.comeTo(1, 1, ""), "&goal=lead")
	if rows := m.rows("event"); len(rows) != 2 || rows[1].Text("status") != over {
		t.Errorf("%d events, the second %s", len(rows), rows[len(rows)-1].Line)
	}
}

// TestClickCaps: clicks over a cap go elsewhere, or go on and earn nothing.
func TestClickCaps(t *testing.T) {
	t.Parallel()
	const cpc = "default_payout: {payout_type: CPC, payout: 0.05, revenue_type: RPC, revenue: 0.08}"
	m := openMarket(t, offerOf(1, cpc+caps("{period: all, type: clicks, value: 2}", ", is_redirect_overcap: true"), "")+
		offerOf(2, cpc+caps("{period: all, type: clicks, value: 2}", ""), "")+
		offerOf(3, cpa+caps("{period: all, type: conversions, value: 1}", ", is_redirect_overcap: true"), "")+
		offerOf(4, "default_payout: {payout_type: CPM, payout: 5}"+caps("{period: all, type: impressions, value: 2}", ""), ""))
	var to [2][]bool // whether each click lands
	for range 3 {
		for i := range to {
			a := m.visit(m.stranger(), "/click?publisher_id=1&offer_id="+strconv.Itoa(i+1))
			to[i] = append(to[i], strings.HasPrefix(a.location, m.url+"/landing?"))
		}
		if a := m.visit(m.stranger(), "/impression?publisher_id=1&offer_id=4"); a.status != http.StatusOK {
			t.Errorf("an impression is answered %d", a.status)
		}
	}
	if !slices.Equal(to[0], []bool{true, true, false}) || !slices.Equal(to[1], []bool{true, true, true}) {
		t.Errorf("clicks land: %v", to)
	}
	click := m.comeTo(3, 1, "")
	m.convert(click, "")
	m.visit(m.stranger(), "/click?publisher_id=1&offer_id=3").wantRedirect(t, m.url+"/nowhere?")

	m.awaitDelivery()
	earned := map[string][]string{}
	for _, row := range m.rows("click,impression") {
		offer := row.Text("offer_db_id")
		earned[offer] = append(earned[offer], row.Text("payout")+row.Text("rejected_primary_reason"))
	}
	for offer, want := range map[string][]string{
		"o1": {"0.05", "0.05", "CAP_REACHED"}, "o2": {"0.05", "0.05", ""}, "o3": {"", "CAP_REACHED"}, "o4": {"0.005", "0.005", ""},
	} {
		if !slices.Equal(earned[offer], want) {
			t.Errorf("what comes to %s earns %q, want %q", offer, earned[offer], want)
		}
	}
}
