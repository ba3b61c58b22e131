package edge

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/explain"
)

// asked is the click that rig.get makes, as a request for an explanation.
func asked(url string, headers ...string) *explain.Request {
	r := &explain.Request{URL: url, Address: "127.0.0.1"}
	given := map[string]bool{}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		given[name] = true
		r.Headers = append(r.Headers, explain.Header{Name: name, Value: value})
	}
	for _, h := range [][2]string{{"Host", "trk.example"}, {"User-Agent", firefox}, {"Accept-Language", "de"}, {"X-Forwarded-For", "203.0.113.9"}} {
		if !given[h[0]] {
			r.Headers = append(r.Headers, explain.Header{Name: h[0], Value: h[1]})
		}
	}
	return r
}

const onShoes = "/click?offer_id=1&publisher_id=1"

// ruled is a config that rejects by rules of every part.
const ruled = `
{kind: targeting_group, id: t, organization: org, integration: main, name: T, active: true, click_targeting_settings: {language_targeting_enabled: true, language: {de: true}}}
---
{kind: fraud_filter_group, id: f, organization: org, integration: main, name: Fraud, active: true, click_filter_settings: {bot_enabled: true, device_id_enabled: true, device_id: {reject_empty_value: true}}}
---
{kind: filter_group, id: g, organization: org, integration: main, name: Group, active: true, priority: 1, publisher_ids: [pub], filters: [{type: BOT, target: click}, {type: CLICK_FLOODING, target: click, settings: {max_duplicate_ip: 3, expires_in_seconds: 600}}]}
---
{kind: filter_group, id: h, organization: org, integration: main, name: Other, active: true, priority: 2, filters: [{type: BOT, target: click}]}
---
{kind: offer, id: shoes, organization: org, integration: main, incremental_id: 1, external_id: EXT-7, name: Shoes, advertiser_id: 1, active: true, targeting_group_id: t, fraud_filter_group_id: f, sub_account_1: "a,b"}
---
{kind: blocked_sub_id, id: b, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, sub_id: b}
`

// What is explained is what happens, for any click at any state of the counts.
func TestExplanationsAreWhatHappens(t *testing.T) {
	r := newRig(t, base, ruled)
	random := rand.New(rand.NewPCG(4, 2))
	for range 300 {
		url := "/click?publisher_id=" + pick(random, "1", "1", "1", "2") + "&offer_id=" + pick(random, "1", "1", "1", "EXT-7", "9") +
			"&sub_id=" + pick(random, "a", "a", "b", "c") + pick(random, "", "&device_id=38400000-8cf0-11bd-b23e-10b96e40000d") + pick(random, "", "&landing_page_id=9")
		headers := []string{
			"User-Agent: " + pick(random, firefox, firefox, googlebot), "Accept-Language: " + pick(random, "de", "de", "fr"),
			fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", random.IntN(4)),
		}
		report := r.Explain(asked(url, headers...))
		a := r.get(url, headers...)
		if report.Decision == nil {
			t.Fatalf("%s is not explained: %+v", url, report)
		}
		if got := strings.Join(report.Decision.Rejections, ","); report.Decision.Status != a.field("status") || got != a.field("rejections") {
			t.Fatalf("%s was explained as %s by %q and became %s by %q", url, report.Decision.Status, got, a.field("status"), a.field("rejections"))
		}
		id := a.field("tx_id")
		if report.Destination.Status != a.code || len(report.Destination.URL) != len(a.location) && !strings.Contains(a.location, id) {
			t.Fatalf("%s was explained as %d to %s and became %d to %s", url, report.Destination.Status, report.Destination.URL, a.code, a.location)
		}
		// The rejections are those that rules and filters tell.
		told := map[string]bool{}
		for _, rule := range report.Rules {
			told[rule.Reason] = true
		}
		for _, f := range report.Filters {
			for _, reason := range f.Reasons {
				told[reason] = true
			}
		}
		for _, reason := range report.Decision.Rejections {
			if !told[reason] {
				t.Errorf("%s: nothing tells of %s", url, reason)
			}
		}
	}
}

func TestExplainCountsNothing(t *testing.T) {
	r := newRig(t, base, ruled)
	device := onShoes + "&sub_id=a&device_id=38400000-8cf0-11bd-b23e-10b96e40000d"
	for range 10 {
		r.Explain(asked(device))
	}
	if len(r.rows()) != 0 {
		t.Errorf("%d events were left", len(r.rows()))
	}
	for i := range 3 {
		if a := r.get(device); a.field("status") != "Approved" {
			t.Errorf("click %d is rejected by %s, after explanations only", i, a.field("rejections"))
		}
	}
	report := r.Explain(asked(device))
	if got := strings.Join(report.Decision.Rejections, ","); got != "CLICK_FLOODING" {
		t.Errorf("the fourth click is explained by %q, want CLICK_FLOODING", got)
	}
}

func TestExplainTellsTheWay(t *testing.T) {
	r := newRig(t, base, ruled)
	report := r.Explain(asked(onShoes + "&sub_id=a&extra=1"))
	if report.ConfigVersion != "7" || report.Integration.ID != "main" || !report.Time.Equal(r.now) {
		t.Errorf("config %s, integration %+v, time %s", report.ConfigVersion, report.Integration, report.Time)
	}
	fields := map[string]string{}
	for _, p := range report.Parameters {
		fields[p.Name] = p.Field
	}
	if fields["offer_id"] != "offer_id" || fields["sub_id"] != "sub_id" || fields["extra"] != "" || len(fields) != 4 {
		t.Errorf("parameters %+v", report.Parameters)
	}
	var groups []string
	for _, g := range report.Groups {
		groups = append(groups, fmt.Sprintf("%s:%v:%d", g.Name, g.Judges, g.Score))
	}
	if got := strings.Join(groups, " "); got != "Group:true:1 Other:false:0 the integration's own filters:false:0 Fraud:true:0" {
		t.Errorf("groups %s", got)
	}
	var filters []string
	for _, f := range report.Filters {
		filters = append(filters, fmt.Sprintf("%s:%s:%v:%s", f.Type, f.Verdict, f.Skipped, f.Group))
	}
	if got := strings.Join(filters, " "); got != "BOT:pass:false:g CLICK_FLOODING:pass:false:g BOT:pass:true:f DEVICE_ID:hit:false:f" {
		t.Errorf("filters %s", got)
	}
	if report.Destination.By != "global_fallback_url" || report.Event == nil || report.Decision.Detail == "" {
		t.Errorf("destination %+v, decision %+v", report.Destination, report.Decision)
	}
	var text strings.Builder
	if err := report.Print(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"config version 7", "extra                = 1   -> extra", "DEVICE_ID: hit -> DEVICE_ID", "skipped: the matched group has its own", "Rejected DEVICE_ID", "by: global_fallback_url"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, &text)
		}
	}
}

func TestExplainTellsWhyThereIsNoClick(t *testing.T) {
	r := newRig(t, base, `{kind: integration, id: off, organization: org, name: Off, type: Custom, active: false, monitoring_mode: false, offer_preview_enabled: false, clicks_config: {}, conversions_config: {}, conversion_secure_code: s, default_revenue_payout: {}}
---
{kind: integration, id: picky, organization: org, name: Picky, type: Custom, active: true, monitoring_mode: false, offer_preview_enabled: false, clicks_config: {}, conversions_config: {}, conversion_secure_code: s, default_revenue_payout: {}, excluded_sources: {publishers: ["1"]}}`)
	for url, want := range map[string]string{
		"/i/none/click":              "name no integration",
		"/i/main/nothing":            "nothing at this path",
		"/i/off/click":               "not active",
		"/i/picky/click?publisher=1": "excluded, or not on the whitelist",
	} {
		report := r.Explain(asked(url))
		if !strings.Contains(report.Refused, want) || report.Decision != nil {
			t.Errorf("%s is explained by %q, want %q", url, report.Refused, want)
		}
	}
}

func TestExplainEvent(t *testing.T) {
	r := newRig(t, base, ruled)
	a := r.get(onShoes+"&sub_id=c", "User-Agent: "+googlebot)
	report, err := r.ExplainEvent(*a.row)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(report.Decision.Rejections, ","); got != a.field("rejections") || string(report.Recorded) != string(a.row.Line) {
		t.Errorf("explained by %q, recorded %s; want %q", got, report.Recorded, a.field("rejections"))
	}
	if !report.Time.Equal(r.now) {
		t.Errorf("judged for %s, want the time of the event, %s", report.Time, r.now)
	}
}
