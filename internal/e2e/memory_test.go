package e2e

import "testing"

// strict is an integration that lets three clicks of an address through in ten
// minutes.
const strict = `
{kind: integration, id: strict, organization: demo, name: Strict, type: Custom, active: true, monitoring_mode: false, offer_preview_enabled: false, clicks_config: {}, conversions_config: {}, conversion_secure_code: s, default_revenue_payout: {},
 default_filters: [{type: CLICK_FLOODING, settings: {max_duplicate_ip: 3, expires_in_seconds: 600}}]}
---
{kind: offer, id: hats, organization: demo, integration: strict, incremental_id: 70, name: Hats, advertiser_id: 1, active: true}
---
{kind: landing_page, id: hats-home, organization: demo, offer: hats, incremental_id: 70, name: Home, active: true, redirect_url: "https://hats.example/"}
`

const strictLink = "/i/strict/click?offer_id=70&publisher_id=1"

// TestCountsSurvive a stop, and a kill but for the last interval.
func TestCountsSurvive(t *testing.T) {
	t.Parallel()
	// The demo with counts saved every second.
	dir := t.TempDir()
	boot, _ := writeOwnBoot(t)
	appendTo(t, boot, "filters: {save_every: 1s}\n")
	v := visitor{agent: firefox, address: "81.0.0.9"}
	n := start(t, dir, "--config", boot)
	n.must("apply", "-f", write(t, "strict.yaml", strict))
	n.awaitMetric("clickgate_config_version", "2", func(v float64) bool { return v >= 2 })
	click := func(n *node, what, reason string) {
		t.Helper()
		n.visit(v, strictLink)
		all := n.events()
		if last := all[len(all)-1]; last.Reason != reason {
			t.Errorf("%s is rejected by %q, want %q", what, last.Reason, reason)
		}
	}
	click(n, "the first click", "")
	n.stop()

	n = start(t, dir, "--config", boot)
	click(n, "the second click, after a stop", "")
	click(n, "the third click", "")
	saves := n.metric("clickgate_filters_saves_total", `result="done"`)
	n.awaitMetric("clickgate_filters_saves_total", "two more than before", func(v float64) bool { return v >= saves+2 })
	n.kill()

	n = start(t, dir, "--config", boot)
	click(n, "the fourth click, after a kill", "CLICK_FLOODING")
}
