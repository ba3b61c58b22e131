package edge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/explain"
)

// smart is base with two more offers and a smart link over all; Boots takes
// nobody from abroad, and Socks catches the rest.
func smart(link string) []string {
	return []string{base, `
{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1, active: true}
---
{kind: landing_page, id: boots-page, organization: org, offer: boots, incremental_id: 3, name: Page, active: true, redirect_url: "https://boots.example/"}
---
{kind: offer, id: socks, organization: org, integration: main, incremental_id: 3, name: Socks, advertiser_id: 1, active: true}
---
{kind: landing_page, id: socks-page, organization: org, offer: socks, incremental_id: 4, name: Page, active: true, redirect_url: "https://socks.example/"}
`, "{kind: smart_link, id: any, organization: org, integration: main, incremental_id: 7, external_id: ANY, name: Any, active: true, " + link + "}"}
}

const onSmartLink = "/click?smart_link_id=7&publisher_id=1"

// from clicks on a smart link as a visitor of an address.
func (r *rig) from(address, url string) answer {
	r.t.Helper()
	return r.get(url, "X-Forwarded-For: "+address)
}

func TestSmartLinkSharesVisitorsOutByWeight(t *testing.T) {
	r := newRig(t, smart("offers: [{offer: shoes, weight: 3}, {offer: boots, weight: 1}]")...)
	count := map[string]int{}
	for i := range 400 {
		address := fmt.Sprintf("203.0.%d.%d", i/200, i%200)
		first := r.from(address, onSmartLink).field("offer")
		if again := r.from(address, onSmartLink).field("offer"); again != first {
			t.Fatalf("%s was sent to %s and then to %s", address, first, again)
		}
		count[first]++
	}
	if count["Shoes"]+count["Boots"] != 400 || count["Boots"] < 60 || count["Boots"] > 140 {
		t.Errorf("400 visitors were shared out as %v, want 3 to 1", count)
	}
	a := r.get(onSmartLink)
	for field, want := range map[string]string{"smart_link_id": "7", "smartlink_db_id": "any", "status": "Approved", "final_offer": a.field("offer"), "final_offer_id": a.field("offer_id")} {
		if got := a.field(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}

// Another edge with the same documents sends every visitor to the same offer.
func TestAnyEdgePicksTheSame(t *testing.T) {
	documents := smart("offers: [{offer: shoes, weight: 1}, {offer: boots, weight: 1}, {offer: socks, weight: 1}]")
	a, b := newRig(t, documents...), newRig(t, documents...)
	for i := range 50 {
		address := fmt.Sprintf("203.0.113.%d", i)
		here := a.from(address, onSmartLink).field("offer")
		if there := b.from(address, onSmartLink).field("offer"); here != there {
			t.Errorf("%s is sent to %s by one edge and to %s by another", address, here, there)
		}
	}
}

func TestSmartLinkSkipsWhatTakesNoClick(t *testing.T) {
	const priority = "strategy: priority, offers: [{offer: boots, priority: 1}, {offer: shoes, priority: 2}], fallback_offer: socks"
	for name, tt := range map[string]struct {
		link, change, header, wantOffer, wantReason string
	}{
		"nothing to skip":         {priority, "", "", "Boots", ""},
		"inactive":                {priority, `{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1}`, "", "Shoes", ""},
		"closed to the publisher": {priority, `{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1, active: true, visibility: Private}`, "", "Shoes", ""},
		"off target": {priority, `{kind: targeting_group, id: t, organization: org, integration: main, name: T, active: true, click_targeting_settings: {language_targeting_enabled: true, language: {fr: true}}}
---
{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1, active: true, targeting_group_id: t}`, "Accept-Language: de", "Shoes", ""},
		"rejected": {priority, `{kind: fraud_filter_group, id: f, organization: org, integration: main, name: F, active: true, click_filter_settings: {device_id_enabled: true, device_id: {reject_empty_value: true}}}
---
{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1, active: true, fraud_filter_group_id: f}`, "", "Shoes", ""},
		"blocked sub id":         {priority, `{kind: blocked_sub_id, id: b, organization: org, publisher_incremental_id: 1, offer_incremental_id: 2, sub_id: bad}`, "", "Shoes", ""},
		"paused in the link":     {strings.Replace(priority, "boots, priority: 1", "boots, priority: 1, active: false", 1), "", "", "Shoes", ""},
		"without a landing page": {priority, `{kind: landing_page, id: boots-page, organization: org, offer: boots, incremental_id: 3, name: Page, redirect_url: "https://boots.example/"}`, "", "Shoes", ""},
		"all, to the fallback offer": {priority, `{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1}
---
{kind: offer, id: shoes, organization: org, integration: main, incremental_id: 1, name: Shoes, advertiser_id: 1}`, "", "Socks", ""},
		"all and no fallback offer": {strings.Replace(priority, ", fallback_offer: socks", "", 1), `{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1}
---
{kind: offer, id: shoes, organization: org, integration: main, incremental_id: 1, name: Shoes, advertiser_id: 1}`, "", "Boots", "OFFER_INACTIVE,SMART_LINK_EXHAUSTED"},
		"a bot everywhere": {priority, "", "User-Agent: curl/8.5.0", "Socks", "BOT"},
	} {
		t.Run(name, func(t *testing.T) {
			documents := smart(tt.link)
			if tt.change != "" {
				documents = append(documents, tt.change)
			}
			r := newRig(t, documents...)
			headers := []string{}
			if tt.header != "" {
				headers = append(headers, tt.header)
			}
			a := r.get(onSmartLink+"&sub_id=bad", headers...)
			if a.field("offer") != tt.wantOffer || a.field("rejections") != tt.wantReason {
				t.Errorf("the click ended at %q, rejected by %q; want %q, %q", a.field("offer"), a.field("rejections"), tt.wantOffer, tt.wantReason)
			}
			host := map[string]string{"Shoes": "shop", "Boots": "boots", "Socks": "socks"}[tt.wantOffer]
			if tt.wantReason != "" {
				host = "fallback"
			}
			if !strings.HasPrefix(a.location, "https://"+host+".example/") {
				t.Errorf("the visitor went to %q, want %s", a.location, host)
			}
		})
	}
}

// An excluded offer takes no click, which is no reason to drop one that another
// offer takes.
func TestSmartLinkSkipsExcludedOffers(t *testing.T) {
	documents := smart("strategy: priority, offers: [{offer: boots, priority: 1}, {offer: shoes, priority: 2}]")
	documents[0] = edited(t, "default_filters:", "excluded_sources: {offers: [boots]}\ndefault_filters:")
	newRig(t, documents...).get(onSmartLink).want(t, 302, "https://shop.example/", "Approved", "")
}

// Trials of offers that are not taken leave no count.
func TestSkippedOffersCountNothing(t *testing.T) {
	r := newRig(t, append(smart("strategy: priority, offers: [{offer: boots, priority: 1}, {offer: shoes, priority: 2}]"), `
{kind: fraud_filter_group, id: f, organization: org, integration: main, name: F, active: true, click_filter_settings: {device_id_enabled: true, device_id: {reject_empty_value: true}, click_flooding_enabled: true, click_flooding: {max_duplicate_ip: 2, expires_in_seconds: 600}}}
---
{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1, active: true, fraud_filter_group_id: f}`)...)
	for range 5 {
		if offer := r.from("203.0.113.1", onSmartLink).field("offer"); offer != "Shoes" {
			t.Fatalf("a click without a device id went to %s", offer)
		}
	}
	for i, want := range []string{"Boots", "Boots", "Shoes"} {
		if offer := r.from("203.0.113.1", onSmartLink+"&device_id=38400000-8cf0-11bd-b23e-10b96e40000d").field("offer"); offer != want {
			t.Errorf("click %d went to %s, want %s: two are allowed", i+1, offer, want)
		}
	}
}

func TestUnknownSmartLink(t *testing.T) {
	r := newRig(t, smart("offers: [{offer: shoes, weight: 1}]")...)
	for _, id := range []string{"8", "nothing"} {
		if got := r.get("/click?smart_link_id=" + id + "&publisher_id=1&offer_id=1").field("rejections"); got != "SMART_LINK_UNKNOWN" {
			t.Errorf("smart link %s is rejected by %q, want SMART_LINK_UNKNOWN", id, got)
		}
	}
	for _, id := range []string{"ANY", "any"} {
		if offer := r.get("/click?smart_link=" + id + "&publisher_id=1").field("offer"); offer != "Shoes" {
			t.Errorf("smart link %s led to %q", id, offer)
		}
	}
}

func TestLandingPagesRotateByWeight(t *testing.T) {
	r := newRig(t, base, `{kind: landing_page, id: page, organization: org, offer: shoes, incremental_id: 1, name: Page, active: true, weight: 1, redirect_url: "https://shop.example/one"}
---
{kind: landing_page, id: sale, organization: org, offer: shoes, incremental_id: 2, name: Sale, active: true, weight: 1, hide_from_publishers: true, redirect_url: "https://shop.example/two"}`)
	count := map[string]int{}
	for i := range 100 {
		address := fmt.Sprintf("203.0.113.%d", i)
		a := r.from(address, good)
		if again := r.from(address, good); again.location != a.location {
			t.Fatalf("%s was sent to %s and then to %s", address, a.location, again.location)
		}
		count[a.field("landing_page_id")]++
	}
	if count["1"] < 30 || count["2"] < 30 {
		t.Errorf("pages were picked %v times, want about half each", count)
	}
	if a := r.get(good + "&landing_page_id=1"); !strings.Contains(a.location, "/one") {
		t.Errorf("a link that names page 1 led to %s", a.location)
	}
}

func TestSmartLinkIsExplained(t *testing.T) {
	r := newRig(t, append(smart("strategy: priority, offers: [{offer: boots, priority: 1}, {offer: shoes, priority: 2}]"),
		`{kind: offer, id: boots, organization: org, integration: main, incremental_id: 2, name: Boots, advertiser_id: 1}`)...)
	s := r.Explain(&explain.Request{URL: onSmartLink, Headers: []explain.Header{{Name: "User-Agent", Value: firefox}}}).SmartLink
	if s == nil || s.Chosen != "shoes" || len(s.Candidates) != 2 || strings.Join(s.Candidates[0].Rejections, ",") != "OFFER_INACTIVE" || !s.Candidates[1].Chosen {
		t.Errorf("explained as %+v", s)
	}
}

// A click that every offer rejects is judged by a few of them only.
func TestLongSmartLinksAreBounded(t *testing.T) {
	var offers, link []string
	for i := range 100 {
		offers = append(offers, fmt.Sprintf(`{kind: offer, id: o%d, organization: org, integration: main, incremental_id: %d, name: O%d, advertiser_id: 1, active: true}`, i, 100+i, i))
		link = append(link, fmt.Sprintf("{offer: o%d, priority: %d}", i, i))
	}
	r := newRig(t, base, strings.Join(offers, "\n---\n"), fmt.Sprintf(`{kind: smart_link, id: any, organization: org, integration: main, incremental_id: 7, name: Any, active: true, strategy: priority, offers: [%s]}`, strings.Join(link, ", ")))
	s := r.Explain(asked(onSmartLink, "User-Agent: "+googlebot)).SmartLink
	if len(s.Candidates) != mostTrials {
		t.Errorf("a bot was judged by %d offers, want %d", len(s.Candidates), mostTrials)
	}
	if a := r.get(onSmartLink, "User-Agent: "+googlebot); a.field("rejections") != "BOT,SMART_LINK_EXHAUSTED" || a.field("offer") != "O0" {
		t.Errorf("a bot is rejected by %s on %s", a.field("rejections"), a.field("offer"))
	}
}
