package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// TestCapsOutliveRestarts: a cap is as full after a crash as it was before.
func TestCapsOutliveRestarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "scarce.yaml")
	if err := os.WriteFile(file, []byte(`
{kind: offer, id: scarce, organization: demo, integration: demo, incremental_id: 20, name: Scarce, advertiser_id: 1, active: true, currency: EUR,
 default_payout: {payout_type: CPA, payout: 2, revenue_type: RPA, revenue: 3},
 caps: [{period: day, type: conversions, value: 2, goal_type: all, affiliate_type: all}]}
---
{kind: landing_page, id: scarce-home, organization: demo, offer: scarce, incremental_id: 20, name: Home, active: true, redirect_url: "http://localhost:9090/demo/landing?click_id={click_id}"}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	documents := demoDocuments + "," + file
	convert := func(n *node) string {
		id := idIn(n.visit(visitor{agent: firefox}, "/click?offer_id=20&publisher_id=1").location)
		n.visit(visitor{}, "/conversion?secure=demo-secret&transaction_id="+id)
		return string(n.conversionOf(t, id)["status"])
	}
	n := startDemo(t, dir, "--apply", documents)
	for range 2 {
		if got := convert(n); got != `"Approved"` {
			t.Errorf("below the cap: %s", got)
		}
	}
	n.kill()
	n = startDemo(t, dir, "--apply", documents)
	n.awaitMetric("clickgate_caps_book_well", "1", func(v float64) bool { return v == 1 })
	if got := convert(n); got != `"Pending_Cap"` {
		t.Errorf("after a crash, over the cap: %s", got)
	}
}
