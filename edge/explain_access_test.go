package edge

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/explain"
)

// TestReasonsStandOnce: a publisher that may not use an offer is refused for one
// reason, however many of the offer's rules bar him; each rule says so itself.
func TestReasonsStandOnce(t *testing.T) {
	const facebook = "User-Agent: facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
	for name, tt := range map[string]struct {
		rules   string // of the offer
		headers []string
		want    string // the rules that refuse
		reasons string
	}{
		"open":             {want: "", reasons: ""},
		"private":          {rules: "visibility: Private, ", want: "approved_publisher_ids", reasons: "OFFER_NOT_ALLOWED"},
		"terms":            {rules: "terms_and_conditions_enabled: true, ", want: "terms_accepted_publisher_ids", reasons: "OFFER_NOT_ALLOWED"},
		"both":             {rules: "visibility: Private, terms_and_conditions_enabled: true, ", want: "approved_publisher_ids terms_accepted_publisher_ids", reasons: "OFFER_NOT_ALLOWED"},
		"barred, over":     {rules: `blocked_publisher_ids: [pub], stop_at: "2026-04-01", `, want: "blocked_publisher_ids stop_at", reasons: "OFFER_NOT_ALLOWED OFFER_SCHEDULE"},
		"no rule is asked": {rules: "visibility: Private, ", headers: []string{facebook}, want: "publisher may use the offer", reasons: "OFFER_NOT_ALLOWED"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, edited(t, "name: Shoes,", "name: Shoes, "+tt.rules))
			report := r.Explain(asked(onShoes, tt.headers...))
			if got := refusing(report.Rules); got != tt.want {
				t.Errorf("refused by %q, want %q", got, tt.want)
			}
			if got := strings.Join(report.Decision.Rejections, " "); got != tt.reasons {
				t.Errorf("explained by %q, want %q", got, tt.reasons)
			}
			var row struct{ Rejections []string }
			if err := json.Unmarshal(r.get(onShoes, tt.headers...).row.Line, &row); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(row.Rejections, " "); got != tt.reasons {
				t.Errorf("the row says %q, want %q", got, tt.reasons)
			}
		})
	}
}

// refusing names the rules that do not fit.
func refusing(rules []explain.Rule) string {
	var names []string
	for _, rule := range rules {
		if !rule.Fits {
			names = append(names, rule.Name)
		}
	}
	return strings.Join(names, " ")
}

// TestMonitoringAdmitsNobody: a publisher that may not use an offer is not let
// through by monitoring mode.
func TestMonitoringAdmitsNobody(t *testing.T) {
	r := newRig(t, edited(t, "monitoring_mode: false", "monitoring_mode: true", "name: Shoes,", "name: Shoes, visibility: Private,"))
	r.get(onShoes).want(t, 302, "https://fallback.example/", "Rejected", "OFFER_NOT_ALLOWED")
}
