package convert

import (
	"slices"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestMappingTells(t *testing.T) {
	m := NewMapping(&config.ConversionParameters{
		ClickTransactionID: []string{"cid"}, PurchaseValue: []string{"sum", "total"}, Revenue: []string{"sum"}, Secure: []string{"pass"}, Status: []string{"coupon_code"},
	})
	for name, want := range map[string][]string{
		"cid": {"transaction_id"}, "transaction_id": {"transaction_id"}, "sum": {"purchase_value", "revenue"}, "revenue": nil, "x": nil, "pass": {"secure"},
	} {
		got := m.Fields(name)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s feeds %q, want %q", name, got, want)
		}
	}
	for field, want := range map[Field]string{ClickID: "cid", PurchaseValue: "sum", Revenue: "sum", Event: "event_id", CouponCode: "coupon_code"} {
		if got := m.Name(field); got != want {
			t.Errorf("%s is asked for by %q, want %q", field, got, want)
		}
	}
	if !m.IsSecret("pass") || !m.IsSecret("signature") || m.IsSecret("secure") || m.IsSecret("cid") {
		t.Error("the secrets are not those that feed secure and signature")
	}
	if !m.Feeds("sum", Status, Revenue) || m.Feeds("sum", Status) {
		t.Error("sum feeds revenue, and no status")
	}
}
