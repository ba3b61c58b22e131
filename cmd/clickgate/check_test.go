package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestChecksCoverWhatTheEdgeCompiles: what apply lets through, every edge must
// be able to take over. Each line is refused by a part of the edge.
func TestChecksCoverWhatTheEdgeCompiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "documents.yaml")
	demo, err := os.ReadFile("../../deploy/examples/demo-documents.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		"{type: VPN}\n  - type: ISP", "{type: VPN, settings: {threshold_percentage: 101}}\n  - type: ISP",
		"{Phone: true}", "{Fone: true}",
		"default_impression_filters:\n  - {type: BOT}", "default_impression_filters:\n  - {type: CLICK_FLODING}",
		"fallback_url: http://localhost:9090/demo/fallback?offer={offer_id}", "fallback_url: http://localhost:9090/demo/fallback?offer={ofer_id}",
		"advertiser_id: 1\nactive: true\ncurrency: EUR\ndefault_payout: {payout_type: CPC", "advertiser_id: 1\nactive: true\nallowed_domains: [com]\ncurrency: EUR\ndefault_payout: {payout_type: CPC",
	).Replace(string(demo))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = readSet(nil, []string{file})
	if err == nil {
		t.Fatal("documents with five mistakes were accepted")
	}
	for _, want := range []string{
		"integration/demo: default_filters[1].settings.threshold_percentage: ",
		`targeting_group/dach-phones: click_targeting_settings.device.device_types["Fone"]: `,
		`offer/game: fallback_url: {ofer_id}: unknown macro "ofer_id"; did you mean offer_id?`,
		"offer/shoes: allowed_domains[0]: ",
		"integration/demo: default_impression_filters[0].type: there is no filter CLICK_FLODING on the impression plane",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the mistakes lack %q:\n%s", want, err)
		}
	}
}

func TestDemoDocumentsAreValid(t *testing.T) {
	if _, err := readSet(nil, []string{"../../deploy/examples/demo-documents.yaml"}); err != nil {
		t.Error(err)
	}
}
