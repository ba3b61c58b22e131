package edge

import (
	"fmt"
	"strings"
	"testing"
)

// groupDoc is a filter group that blocks the given ISP keyword's opposite: it
// only has to be told apart by its id in the row.
func groupDoc(id string, priority int, conditions string) string {
	return fmt.Sprintf("{kind: filter_group, id: %s, organization: org, integration: main, name: %s, active: true, priority: %d, %s filters: [{type: BOT, target: click}]}",
		id, id, priority, conditions)
}

func TestFilterGroupByScoreAndPriority(t *testing.T) {
	other := "{kind: publisher, id: pub2, organization: org, incremental_id: 2, name: P2, active: true}\n---\n" +
		"{kind: advertiser, id: adv2, organization: org, incremental_id: 2, name: A2, active: true}\n---\n" +
		"{kind: offer, id: hats, organization: org, integration: main, incremental_id: 2, name: Hats, advertiser_id: 2, active: true}"
	tests := map[string]struct {
		groups []string
		want   string
	}{
		"none: the defaults":              {nil, ""},
		"one for all":                     {[]string{groupDoc("all", 5, "")}, "all"},
		"more conditions win":             {[]string{groupDoc("all", 1, ""), groupDoc("p", 2, "publisher_ids: [pub],"), groupDoc("po", 3, "publisher_ids: [pub], offer_ids: ['1'],")}, "po"},
		"equal score: lower priority":     {[]string{groupDoc("late", 9, "publisher_ids: [pub],"), groupDoc("early", 2, "offer_ids: [shoes],"), groupDoc("mid", 5, "advertiser_ids: [adv],")}, "early"},
		"equal score without conditions":  {[]string{groupDoc("late", 9, ""), groupDoc("early", 2, "")}, "early"},
		"a list without the value is out": {[]string{groupDoc("po", 1, "publisher_ids: [pub], offer_ids: [hats],"), groupDoc("all", 2, "")}, "all"},
		"another publisher's":             {[]string{groupDoc("p2", 1, "publisher_ids: [pub2],")}, ""},
		"offer by external id":            {[]string{groupDoc("ext", 1, "offer_ids: [EXT-7],")}, ""},
		"inactive":                        {[]string{strings.Replace(groupDoc("off", 1, ""), "active: true", "active: false", 1)}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := newRig(t, append([]string{base, other}, tt.groups...)...).get(good)
			if got := a.field("filter_group_id"); got != tt.want {
				t.Errorf("judged by group %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("offer as the link names it", func(t *testing.T) {
		r := newRig(t, base, groupDoc("ext", 1, "offer_ids: [EXT-7],"))
		if got := r.get("/click?offer_id=EXT-7&publisher_id=1").field("filter_group_id"); got != "ext" {
			t.Errorf("judged by group %q, want ext (R-8)", got)
		}
	})
}

func TestGroupReplacesTheDefaultFilters(t *testing.T) {
	lenient := "{kind: filter_group, id: lenient, organization: org, integration: main, name: L, active: true, priority: 1, publisher_ids: [pub]}"
	newRig(t, base, lenient).get(good, "User-Agent: "+googlebot).want(t, 302, "https://shop.example/", "Approved", "")
}

func TestFraudFilterGroupOfTheOffer(t *testing.T) {
	fraud := "{kind: fraud_filter_group, id: f, organization: org, integration: main, name: F, active: true, click_filter_settings: {click_flooding_enabled: true, click_flooding: {max_duplicate_ip: 1, expires_in_seconds: 60, extra_expires_in_seconds_when_rejected: 1}}}"
	r := newRig(t, edited(t, "external_id: EXT-7,", "fraud_filter_group_id: f,"), fraud)
	r.get(good).want(t, 302, "https://shop.example/", "Approved", "")
	a := r.get(good, "User-Agent: "+googlebot)
	a.want(t, 302, "https://fallback.example/", "Rejected", "BOT")
	if got := a.field("rejections"); got != "BOT,CLICK_FLOODING" {
		t.Errorf("rejections are %q, want the default filter's and then the fraud filter group's", got)
	}
}

func TestTargetingRejects(t *testing.T) {
	targeting := "{kind: targeting_group, id: t, organization: org, integration: main, name: T, active: true, click_targeting_settings: {language_targeting_enabled: true, language: {fr: true}}}"
	r := newRig(t, edited(t, "external_id: EXT-7,", "targeting_group_id: t,"), targeting)
	a := r.get(good)
	a.want(t, 302, "https://fallback.example/", "Rejected", "TARGETING_LANGUAGE")
	if a.field("rejection_type") != "targeting" || a.field("targeting_group_id") != "t" {
		t.Errorf("the row says rejection_type %q and targeting_group_id %q, want targeting and t", a.field("rejection_type"), a.field("targeting_group_id"))
	}
	r.get(good, "Accept-Language: fr").want(t, 302, "https://shop.example/", "Approved", "")
	r.get("/impression?offer_id=1&publisher_id=1").want(t, 200, "", "Approved", "")
}

func TestBrokenConfigKeepsTheLastGoodOne(t *testing.T) {
	r := newRig(t, base)
	broken := set(t, base)
	for in := range broken.Integrations() {
		in.ClicksConfig.GlobalFallbackURL = "https://x.example/{nonsense}"
	}
	if err := r.Apply(broken, 8, nil); err == nil || !strings.Contains(err.Error(), "integration/main: clicks_config.global_fallback_url") {
		t.Errorf("a broken config was answered with %v, want an error that names the field", err)
	}
	if r.Version() != 7 {
		t.Errorf("version %d serves, want the last good one, 7", r.Version())
	}
	r.get(good).want(t, 302, "https://shop.example/", "Approved", "")
}
