package edge

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

func TestEarnings(t *testing.T) {
	m := money.MustParse
	defaults := config.Amounts{ClickPayout: m("0.1"), ClickRevenue: m("0.2")}
	tests := map[string]struct {
		terms             config.Payout
		click, impression amounts
	}{
		"no terms":         {config.Payout{}, amounts{m("0.1"), m("0.2")}, amounts{}},
		"by the click":     {config.Payout{PayoutType: "CPC", Payout: m("1"), RevenueType: "RPC", Revenue: m("2")}, amounts{m("1"), m("2")}, amounts{}},
		"by a thousand":    {config.Payout{PayoutType: "CPM", Payout: m("5"), RevenueType: "RPM", Revenue: m("8")}, amounts{}, amounts{m("0.005"), m("0.008")}},
		"by conversions":   {config.Payout{PayoutType: "CPA", Payout: m("1"), RevenueType: "RPA", Revenue: m("2")}, amounts{}, amounts{}},
		"each its own way": {config.Payout{PayoutType: "CPA", Payout: m("1"), RevenueType: "RPC", Revenue: m("2")}, amounts{m("0"), m("2")}, amounts{}},
		"one without":      {config.Payout{PayoutType: "CPC", Payout: m("1")}, amounts{m("1"), m("0.2")}, amounts{}},
	}
	for name, tt := range tests {
		e := earnings(&config.Offer{DefaultPayout: tt.terms}, &defaults)
		if e[click.PlaneClick] != tt.click || e[click.PlaneImpression] != tt.impression {
			t.Errorf("%s: clicks earn %v and impressions %v, want %v and %v", name, e[click.PlaneClick], e[click.PlaneImpression], tt.click, tt.impression)
		}
	}
}
