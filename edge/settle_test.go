package edge

import (
	"strings"
	"testing"
)

// without returns base with one part of its text replaced.
func edited(t *testing.T, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(base, pairs[i]) {
			t.Fatalf("base has no %q", pairs[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(base)
}

func TestMonitoringLetsRejectedClicksPass(t *testing.T) {
	group := func(monitoring string) string {
		return "{kind: filter_group, id: g, organization: org, integration: main, name: G, active: true, priority: 1, " + monitoring + "filters: [{type: BOT, target: click}]}"
	}
	tests := map[string]struct {
		integration, group, location, monitored string
	}{
		"off":                         {"false", "", "https://fallback.example/", ""},
		"on":                          {"true", "", "https://shop.example/", "1"},
		"group inherits":              {"true", group(""), "https://shop.example/", "1"},
		"group live, integration not": {"true", group("monitoring_mode: false, "), "https://fallback.example/", ""},
		"group monitors alone":        {"false", group("monitoring_mode: true, "), "https://shop.example/", "1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			documents := []string{edited(t, "monitoring_mode: false", "monitoring_mode: "+tt.integration)}
			if tt.group != "" {
				documents = append(documents, tt.group)
			}
			a := newRig(t, documents...).get(good, "User-Agent: "+googlebot)
			a.want(t, 302, tt.location, "Rejected", "BOT")
			if got := strings.Trim(a.field("monitoring_mode"), "0"); got != tt.monitored {
				t.Errorf("the row says monitoring_mode %q, want %q", got, tt.monitored)
			}
			if paid := a.field("payout") != ""; paid != (tt.monitored == "1") {
				t.Errorf("payout %q: a rejected click earns only where monitoring let it pass (D-29)", a.field("payout"))
			}
		})
	}
}

func TestMonitoringCannotMendABrokenLink(t *testing.T) {
	r := newRig(t, edited(t, "monitoring_mode: false", "monitoring_mode: true"))
	r.get("/click?offer_id=99&publisher_id=1").want(t, 302, "https://fallback.example/", "Rejected", "OFFER_UNKNOWN")
}

func TestFallbackOrder(t *testing.T) {
	offer := "external_id: EXT-7,"
	tests := map[string]struct {
		edits    []string
		query    string
		location string
	}{
		"integration's":                {nil, "", "https://fallback.example/"},
		"offer's first":                {[]string{offer, offer + " fallback_url: 'https://offer.example/{offer_id}',"}, "", "https://offer.example/1"},
		"preview of the integration":   {[]string{"offer_preview_enabled: false", "offer_preview_enabled: true"}, "", "https://shop.example/preview"},
		"offer says no preview":        {[]string{"offer_preview_enabled: false", "offer_preview_enabled: true", offer, offer + " offer_preview_enabled: false,"}, "", "https://fallback.example/"},
		"preview before the offer's":   {[]string{offer, offer + " offer_preview_enabled: true, fallback_url: 'https://offer.example/',"}, "", "https://shop.example/preview"},
		"the link's, on a known host":  {nil, "&fallback_url=https%3A%2F%2Ffallback.example%2Fmine", "https://fallback.example/mine"},
		"the link's, on a strange one": {nil, "&fallback_url=https%3A%2F%2Fevil.example%2F", "https://fallback.example/?reason=BOT"},
		"integration blocks":           {[]string{"clicks_config: {", "clicks_config: {block_on_reject: true, "}, "", ""},
		"offer blocks":                 {[]string{offer, offer + " block_on_reject: true,"}, "", ""},
		"offer forbids the block":      {[]string{"clicks_config: {", "clicks_config: {block_on_reject: true, ", offer, offer + " block_on_reject: false,"}, "", "https://fallback.example/"},
		"filter blocks":                {[]string{offer, offer + " block_on_reject: false,", "{type: BOT}", "{type: BOT, block_on_reject: true}"}, "", ""},
		"filter forbids the block":     {[]string{offer, offer + " block_on_reject: true,", "{type: BOT}", "{type: BOT, block_on_reject: false}"}, "", "https://fallback.example/"},
		"block before preview (D-4)":   {[]string{"offer_preview_enabled: false", "offer_preview_enabled: true", "{type: BOT}", "{type: BOT, block_on_reject: true}"}, "", ""},
		"never back to us":             {[]string{"https://fallback.example/?", "https://trk.example/click?"}, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := newRig(t, edited(t, tt.edits...)).get(good+tt.query, "User-Agent: "+googlebot)
			if tt.location == "" && a.location != "" || !strings.HasPrefix(a.location, tt.location) {
				t.Errorf("sent to %q, want %q", a.location, tt.location)
			}
			if used := a.field("preview_url_enabled") == "1"; used != strings.HasSuffix(tt.location, "/preview") {
				t.Errorf("the row says preview_url_enabled %q", a.field("preview_url_enabled"))
			}
		})
	}
}

func TestLinkMayChooseItsTargetOnlyWhereAllowed(t *testing.T) {
	deep := []string{"external_id: EXT-7,", "external_id: EXT-7, deep_link_enabled: true, allowed_domains: [shop.example],"}
	tests := map[string]struct {
		edits         []string
		url, location string
	}{
		"deep links are off":        {nil, "https://shop.example/item/5", "https://shop.example/?click="},
		"deep link":                 {deep, "https://shop.example/item/5", "https://shop.example/item/5"},
		"subdomain":                 {deep, "https://m.shop.example/item/5", "https://m.shop.example/item/5"},
		"strange host":              {deep, "https://evil.example/", "https://shop.example/?click="},
		"strange host, look-alike":  {deep, "https://evilshop.example/", "https://shop.example/?click="},
		"user name before the host": {deep, "https://shop.example@evil.example/", "https://shop.example/?click="},
		"no scheme":                 {deep, "//evil.example/", "https://shop.example/?click="},
		"script":                    {deep, "javascript:alert(1)//shop.example", "https://shop.example/?click="},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := newRig(t, edited(t, tt.edits...)).get(good + "&redirect_url=" + escape(tt.url))
			if !strings.HasPrefix(a.location, tt.location) {
				t.Errorf("redirect_url %s: sent to %q, want %q", tt.url, a.location, tt.location)
			}
		})
	}
}

func escape(s string) string {
	return strings.NewReplacer(":", "%3A", "/", "%2F", "@", "%40").Replace(s)
}

func TestSecureTargets(t *testing.T) {
	r := newRig(t, edited(t, "clicks_config: {", "clicks_config: {secure_redirect_url_enabled: true, ", "https://shop.example/?click", "http://shop.example/?click"))
	r.get(good).want(t, 302, "https://shop.example/?click=", "Approved", "")
}

func TestRedirectStrategyAndCache(t *testing.T) {
	r := newRig(t, edited(t, "clicks_config: {", "clicks_config: {redirect_strategy: '301', redirect_cache_expiry_seconds: 60, "))
	a := r.get(good)
	a.want(t, 301, "https://shop.example/", "Approved", "")
	if cc := string(a.header.Peek("Cache-Control")); cc != "private, max-age=60" {
		t.Errorf("Cache-Control of an approved click is %q, want private, max-age=60", cc)
	}
	rejected := r.get(good, "User-Agent: "+googlebot)
	if cc := string(rejected.header.Peek("Cache-Control")); cc != "no-store" {
		t.Errorf("Cache-Control of a rejected click is %q, want no-store: the next one may be good", cc)
	}
}
