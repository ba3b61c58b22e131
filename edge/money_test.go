package edge

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

func TestEarnings(t *testing.T) {
	defaults := config.Amounts{ClickPayout: 0.1, ClickRevenue: 0.2}
	tests := map[string]struct {
		terms             config.Payout
		click, impression amounts
	}{
		"no terms":         {config.Payout{}, amounts{0.1, 0.2}, amounts{}},
		"by the click":     {config.Payout{PayoutType: "CPC", Payout: 1, RevenueType: "RPC", Revenue: 2}, amounts{1, 2}, amounts{}},
		"by a thousand":    {config.Payout{PayoutType: "CPM", Payout: 5, RevenueType: "RPM", Revenue: 8}, amounts{}, amounts{0.005, 0.008}},
		"by conversions":   {config.Payout{PayoutType: "CPA", Payout: 1, RevenueType: "RPA", Revenue: 2}, amounts{}, amounts{}},
		"each its own way": {config.Payout{PayoutType: "CPA", Payout: 1, RevenueType: "RPC", Revenue: 2}, amounts{0, 2}, amounts{}},
		"one without":      {config.Payout{PayoutType: "CPC", Payout: 1}, amounts{1, 0.2}, amounts{}},
	}
	for name, tt := range tests {
		e := earnings(&config.Offer{DefaultPayout: tt.terms}, &defaults)
		if e[click.PlaneClick] != tt.click || e[click.PlaneImpression] != tt.impression {
			t.Errorf("%s: clicks earn %v and impressions %v, want %v and %v", name, e[click.PlaneClick], e[click.PlaneImpression], tt.click, tt.impression)
		}
	}
}
