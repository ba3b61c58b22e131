package edge

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// traded is base with external ids everywhere, and an offer of another
// advertiser.
func traded(t *testing.T, lists string) string {
	t.Helper()
	return edited(t,
		"default_filters:", lists+"\ndefault_filters:",
		"name: Advertiser,", "external_id: ACME, name: Advertiser,",
		"name: Publisher,", "external_id: blog, name: Publisher,",
	) + `
---
{kind: advertiser, id: rival, organization: org, incremental_id: 2, name: Rival, active: true}
---
{kind: offer, id: hats, organization: org, integration: main, incremental_id: 2, name: Hats, advertiser_id: 2, active: true}
---
{kind: landing_page, id: hat, organization: org, offer: hats, incremental_id: 3, name: Hat, active: true, redirect_url: "https://shop.example/hat"}
`
}

func TestSourcesAreDroppedWithoutAnEvent(t *testing.T) {
	const hats = "/click?offer_id=2&publisher_id=1"
	tests := map[string]struct {
		lists, url string
		drops      bool
	}{
		"nothing listed":                {"", good, false},
		"publisher excluded, number":    {`excluded_sources: {publishers: ["1"]}`, good, true},
		"publisher excluded, opaque":    {`excluded_sources: {publishers: [pub]}`, good, true},
		"publisher excluded, external":  {`excluded_sources: {publishers: [blog]}`, good, true},
		"publisher excluded, stranger":  {`excluded_sources: {publishers: [someone]}`, "/click?offer_id=1&publisher_id=someone", true},
		"offer excluded, opaque":        {`excluded_sources: {offers: [shoes]}`, good, true},
		"offer excluded, number":        {`excluded_sources: {offers: ["1"]}`, "/click?offer_id=EXT-7&publisher_id=1", true},
		"offer excluded, external":      {`excluded_sources: {offers: [EXT-7]}`, good, true},
		"advertiser excluded, opaque":   {`excluded_sources: {advertisers: [adv]}`, good, true},
		"advertiser excluded, external": {`excluded_sources: {advertisers: [ACME]}`, good, true},
		"advertiser excluded, received": {`excluded_sources: {advertisers: [shady]}`, good + "&advertiser=shady", true},
		"another excluded":              {`excluded_sources: {publishers: ["2"]}`, good, false},

		"on the whitelist, number":             {`whitelist_sources: {publishers: ["1"]}`, good, false},
		"on the whitelist, external":           {`whitelist_sources: {publishers: [blog]}`, good, false},
		"on the whitelist, offer's opaque":     {`whitelist_sources: {offers: [shoes]}`, good, false},
		"on the whitelist, offer's external":   {`whitelist_sources: {offers: [EXT-7]}`, good, false},
		"on the whitelist, advertiser":         {`whitelist_sources: {advertisers: [adv]}`, good, false},
		"on the whitelist, its external":       {`whitelist_sources: {advertisers: [ACME]}`, good, false},
		"on the whitelist, the link lies":      {`whitelist_sources: {advertisers: [adv]}`, good + "&advertiser=rival", false},
		"not on the whitelist":                 {`whitelist_sources: {publishers: ["2"]}`, good, true},
		"not on the whitelist, advertiser":     {`whitelist_sources: {advertisers: [adv]}`, hats, true},
		"not on the whitelist, the link lies":  {`whitelist_sources: {advertisers: [adv]}`, hats + "&advertiser=adv", true},
		"on one of two whitelists":             {`whitelist_sources: {advertisers: [adv], publishers: ["2"]}`, good, true},
		"whitelisted and excluded":             {"whitelist_sources: {offers: [shoes]}\nexcluded_sources: {offers: [shoes]}", good, true},
		"whitelisted and excluded, two names":  {"whitelist_sources: {offers: [shoes]}\nexcluded_sources: {offers: [EXT-7]}", good, true},
		"no database, country not whitelisted": {`whitelist_sources: {countries: [DE]}`, good, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := newRig(t, traded(t, tt.lists)).get(tt.url)
			if tt.drops {
				a.want(t, 302, "https://fallback.example/", "", "")
				return
			}
			a.want(t, 302, "https://shop.example/", "Approved", "")
		})
	}
}

// TestWhitelistOfStrangers: what names nothing of ours is known by what the
// link calls it.
func TestWhitelistOfStrangers(t *testing.T) {
	r := newRig(t, traded(t, `whitelist_sources: {offers: [soon], advertisers: [adv]}`))
	const url = "/click?publisher_id=1&offer_id="
	r.get(url+"soon&advertiser=adv").want(t, 302, "https://fallback.example/", "Rejected", "OFFER_UNKNOWN")
	r.get(url+"soon&advertiser=rival").want(t, 302, "https://fallback.example/", "", "")
	r.get(url+"other&advertiser=adv").want(t, 302, "https://fallback.example/", "", "")
}

// TestSmartLinksProveNoOffer: an offer that is named beside a smart link is not
// where the click goes.
func TestSmartLinksProveNoOffer(t *testing.T) {
	const link = "\n---\n{kind: smart_link, id: any, organization: org, integration: main, incremental_id: 1, name: Any, active: true, strategy: weight, offers: [{offer: hats, weight: 1}]}\n"
	for list, drops := range map[string]bool{"hats": false, "shoes": true} {
		a := newRig(t, traded(t, "whitelist_sources: {offers: ["+list+"]}")+link).get("/click?smart_link=1&offer_id=shoes&publisher_id=1")
		if dropped := a.row == nil; dropped != drops {
			t.Errorf("the smart link leads to hats; with %s whitelisted it is dropped: %v, want %v", list, dropped, drops)
		}
	}
}

func TestCountriesOfSources(t *testing.T) {
	for _, tc := range []struct {
		excluded, whitelist string
		country             string
		known, drops        bool
	}{
		{"", "DE", "DE", true, false},
		{"", "de", "DE", true, false},
		{"", "DE", "AT", true, true},
		{"", "DE", "", true, true}, // a database that is there does not know him
		{"", "DE", "", false, false},
		{"DE", "", "DE", true, true},
		{"de", "", "DE", true, true},
		{"DE", "", "AT", true, false},
		{"DE", "", "", true, false},
		{"DE", "", "", false, false},
		{"DE", "DE", "DE", true, true},
	} {
		in := &integration{
			excluded:  newSources(config.Sources{Countries: strings.Fields(tc.excluded)}),
			whitelist: newSources(config.Sources{Countries: strings.Fields(tc.whitelist)}),
		}
		v := &visit{course: course{in: in}, click: click.Click{Geo: click.Geo{Country: tc.country, PlaceKnown: tc.known}}}
		if got := v.dropped(); got != tc.drops {
			t.Errorf("a visitor from %q (known: %v) with %q excluded and %q whitelisted is dropped: %v", tc.country, tc.known, tc.excluded, tc.whitelist, got)
		}
	}
}

func TestSourcesAllocateNothing(t *testing.T) {
	r := newRig(t, traded(t, "excluded_sources: {publishers: [x], offers: [x], advertisers: [x], countries: [KP]}\nwhitelist_sources: {publishers: [blog], offers: [EXT-7], advertisers: [ACME], countries: [DE]}"))
	v := r.visits.Get().(*visit)
	v.begin(request("GET", good))
	if why := v.findClick(); why != notRefused {
		t.Fatalf("refused: %v", why)
	}
	v.read()
	v.lookUp()
	v.resolve()
	v.click.Geo = click.Geo{Country: "DE", PlaceKnown: true}
	dropped := false
	if n := testing.AllocsPerRun(100, func() { dropped = dropped || v.dropped() }); n != 0 || dropped {
		t.Errorf("%v allocations, dropped %v; want 0, false", n, dropped)
	}
}
