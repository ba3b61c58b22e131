package match

import (
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
)

// TestTrial: every document that makes calls can be tried, live or not, and
// tells which events it is about.
func TestTrial(t *testing.T) {
	platform := &config.Integration{Meta: config.Meta{ID: "int3"}, AccountAPIURL: "https://p.example/?s={status}"}
	offer := &config.Offer{
		Meta: config.Meta{ID: "off3"}, IncrementalID: 9, ImpressionForwardingURL: "https://p.example/seen", ImpressionForwardingEnabled: true,
		ParallelTrackingURL: "https://p.example/click",
	}
	half := &config.Offer{Meta: config.Meta{ID: "off4"}, IncrementalID: 10, ParallelTrackingURL: "https://p.example/click", ParallelTrackingEnabled: true}
	publishers := &config.PublisherPostback{Meta: config.Meta{ID: "pp"}, PublisherIncrementalID: 12, URL: "https://p.example/", OfferIncrementalID: 8, Active: true}
	r := compile(t, &config.Integration{Meta: config.Meta{ID: "other"}})
	conversions, clicks, impressions := []events.Kind{events.Conversion, events.Event}, []events.Kind{events.Click}, []events.Kind{events.Impression}
	for _, tt := range []struct {
		name      string
		d         config.Document
		source    call.Source
		kinds     []events.Kind
		row       events.Row
		isSource  call.Source
		about     bool
		matches   bool
		wouldFire bool
	}{
		{"manager", manager("m", nil), "", conversions[:1], row(t, events.Conversion, nil), call.Manager, true, true, true},
		{"inactive manager", manager("m", func(d *config.PostbackManager) { d.Active = false }), "", conversions[:1], row(t, events.Conversion, nil), call.Manager, true, true, false},
		{"manager, other kind", manager("m", nil), "", conversions[:1], row(t, events.Click, nil), call.Manager, true, false, false},
		{"manager, other offer", manager("m", func(d *config.PostbackManager) { d.Filters.OfferID = "8" }), "", conversions[:1], row(t, events.Conversion, nil), call.Manager, true, false, false},
		{"manager, other publisher", manager("m", func(d *config.PostbackManager) { d.Filters.PublisherID = "13" }), "", conversions[:1], row(t, events.Conversion, nil), call.Manager, false, false, false},
		{"manager, other integration", manager("m", nil), "", conversions[:1], row(t, events.Conversion, fields{"integration_id": "other"}), call.Manager, false, false, false},
		{"postback", publishers, "", conversions, row(t, events.Event, fields{"offer_db_id": "off2"}), call.Publisher, true, true, true},
		{"postback, other offer", publishers, "", conversions, row(t, events.Event, nil), call.Publisher, true, false, false},
		{"postback, other publisher", publishers, "", conversions, row(t, events.Event, fields{"publisher_db_id": "pub2", "offer_db_id": "off2"}), call.Publisher, false, false, false},
		{"sync switched off", platform, "", conversions, row(t, events.Conversion, fields{"integration_id": "int3", "status": "Rejected"}), call.Sync, true, true, false},
		{"sync of another status", platform, "", conversions, row(t, events.Conversion, fields{"integration_id": "int3"}), call.Sync, true, false, false},
		{"sync of a click", platform, "", conversions, row(t, events.Click, fields{"integration_id": "int3", "status": "Rejected"}), call.Sync, true, false, false},
		{"sync elsewhere", platform, "", conversions, row(t, events.Conversion, fields{"status": "Rejected"}), call.Sync, false, false, false},
		{"forwarding", offer, "", impressions, row(t, events.Impression, fields{"offer_db_id": "off3"}), call.Forwarding, true, true, true},
		{"forwarding of a click", offer, "", impressions, row(t, events.Click, fields{"offer_db_id": "off3"}), call.Forwarding, true, false, false},
		{"forwarding of another", offer, "", impressions, row(t, events.Impression, nil), call.Forwarding, false, false, false},
		{"parallel", offer, call.Parallel, clicks, row(t, events.Click, fields{"offer_db_id": "off3"}), call.Parallel, true, true, false},
		{"the only one", half, "", clicks, row(t, events.Click, fields{"offer_db_id": "off4"}), call.Parallel, true, true, true},
	} {
		trial, err := r.Trial(tt.d, tt.source)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		p, err := trial.Preview(tt.row, now)
		if err != nil || trial.Source() != tt.isSource || !slices.Equal(trial.Kinds(), tt.kinds) || p.Call.Source != tt.isSource || p.Call.Owner != tt.d.Key().ID {
			t.Errorf("%s: %s for %v, %+v, %v", tt.name, trial.Source(), trial.Kinds(), p.Call, err)
		}
		if trial.IsAbout(tt.row) != tt.about || trial.Matches(tt.row) != tt.matches || p.Fires != tt.wouldFire {
			t.Errorf("%s: is about it %v, matches %v, fires %v", tt.name, trial.IsAbout(tt.row), trial.Matches(tt.row), p.Fires)
		}
	}
	for want, d := range map[string]config.Document{
		"account_api_url":                 &config.Integration{Meta: config.Meta{ID: "x"}},
		"no URL for parallel_tracking":    &config.Offer{Meta: config.Meta{ID: "x"}, ImpressionForwardingURL: "https://p.example/"},
		"no_such_macro":                   manager("x", func(d *config.PostbackManager) { d.URL += "{no_such_macro}" }),
		"makes no calls":                  &config.Publisher{Meta: config.Meta{ID: "x"}},
		"no_macro_of_ours":                &config.Integration{Meta: config.Meta{ID: "x"}, AccountAPIURL: "https://p.example/{no_macro_of_ours}"},
		"unknown kind of event \"dance\"": manager("x", func(d *config.PostbackManager) { d.ServiceType = "dance" }),
	} {
		if _, err := r.Trial(d, call.Parallel); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "/x") {
			t.Errorf("%v, want an error with %q", err, want)
		}
	}
	if r.Set() == nil {
		t.Error("the rules have no config")
	}
}
