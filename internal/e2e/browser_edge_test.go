package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// browserDocuments are an offer without filters, whose visitors land on %s. Its
// conversions may come from browsers.
const browserDocuments = `
kind: integration
id: pages
organization: demo
name: Pages
type: Custom
active: true
monitoring_mode: false
offer_preview_enabled: false
clicks_config: {}
conversions_config: {pixel_conversions_enabled: true}
conversion_secure_code: of-no-use-here
default_revenue_payout: {}
currency: EUR
---
{kind: advertiser, id: shop, organization: demo, incremental_id: 1, name: Shop, active: true}
---
{kind: publisher, id: blog, organization: demo, incremental_id: 1, name: Blog, active: true}
---
kind: offer
id: thing
organization: demo
integration: pages
incremental_id: 1
name: Thing
advertiser_id: 1
active: true
currency: EUR
default_payout: {payout_type: CPA, payout: 1, revenue_type: RPA, revenue: 2}
---
{kind: offer_event, id: sale, organization: demo, offer: thing, incremental_id: 1, name: sale, active: true, payout_type: CPS, payout_percent: 10}
---
{kind: landing_page, id: home, organization: demo, offer: thing, incremental_id: 1, name: Home, active: true, redirect_url: "%s?click_id={click_id}"}
`

const browserBoot = `
apply: [documents.yaml]
edge: {default_integration: pages}
control: {organization: demo}
`

// conversion is what was recorded of a conversion.
type conversion struct {
	click, order, event, value string
}

// tracker is a running clickgate as the browser tests see it.
type tracker struct{ *node }

// newTracker starts clickgate, which sends visitors of offer 1 to landing.
func newTracker(t *testing.T, landing string) tracker {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"boot.yaml": browserBoot, "documents.yaml": fmt.Sprintf(browserDocuments, landing)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return tracker{start(t, filepath.Join(dir, "data"), "--config", filepath.Join(dir, "boot.yaml"))}
}

func (s tracker) url() string {
	return "http://" + s.edge
}

func (s tracker) clicks() (ids []string) {
	for _, e := range s.events("--kind", "click") {
		ids = append(ids, e.TxID)
	}
	return ids
}

// conversions waits for the first conversion in the log and returns those
// recorded, in their order.
func (s tracker) conversions() (all []conversion) {
	eventually(s.tb, func() string { return "no conversion has been recorded" }, func() bool {
		all = s.logged()
		return len(all) > 0
	})
	return all
}

func (s tracker) logged() (all []conversion) {
	out := s.must("tail", "--from-start", "--no-follow", "--json", "--kind", "conversion,event")
	for line := range bytes.Lines([]byte(out)) {
		var row struct {
			Click string          `json:"click_tx_id"`
			Order string          `json:"external_transaction_id"`
			Event string          `json:"event_name"`
			Value json.RawMessage `json:"purchase_value"`
		}
		if err := json.Unmarshal(line, &row); err != nil {
			s.tb.Fatalf("tail --json printed %q: %v", line, err)
		}
		all = append(all, conversion{row.Click, row.Order, row.Event, strings.Trim(string(row.Value), `"`)})
	}
	return all
}
