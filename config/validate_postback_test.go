package config

import (
	"slices"
	"strings"
	"testing"
)

// allowedMacros is how a message lists the macros of a use.
func allowedMacros(use postbackUse) string {
	return "allowed are " + strings.Join(use.names(), ", ") + " and param:NAME"
}

func TestPostbackMacrosOfManagers(t *testing.T) {
	const url, body = "https://hooks.example.com/in?tx={tx_id}", `'{"sub":"{sub_id}"}'`
	notify := func(problems ...string) (list []string) {
		for _, p := range problems {
			list = append(list, "postback_manager/notify: "+p)
		}
		return list
	}
	made := func(filters string) string {
		return "created_by_publisher: true\nfilters: {publisher_id: \"1\", " + filters
	}
	checkRules(t, testChecks, []rule{
		{url, "https://x/{click_id}/{raw:sub_id_6}?{param:my-p}={revenue}&a={1}&b={}&c={a-b}", nil},
		{url, "https://x/{Tx_id}", notify(`url: {Tx_id} at byte 10: unknown macro; did you mean tx_id?; ` + allowedMacros(forNetwork))},
		{url, "https://x/{tx_id}{wrong}", notify(`url: {wrong} at byte 17: unknown macro; ` + allowedMacros(forNetwork))},
		{url, "https://x/{raw:nothing}", notify(`url: {raw:nothing} at byte 10: unknown macro; ` + allowedMacros(forNetwork))},
		{url, "https://x/{nothing:tx_id}", notify(`url: {nothing:tx_id} at byte 10: unknown macro; ` + allowedMacros(forNetwork))},
		{url, "https://x/{param:a b}", notify(`url: must not hold spaces or control characters, found ' ' at byte 18`)},
		{url, "https://x/{param:}", notify(`url: {param:} at byte 10: the name of a parameter is 1 to 64 letters, digits, "-", ".", "_" or "~", found ""`)},
		{url, "https://x/{account_key}", notify(`url: {account_key} at byte 10: is for the platform behind an integration only`)},
		{url, "https://x/#{tx_id}", notify(`url: must have no macros behind #: that part is never sent`)},
		{url, "https://x/" + strings.Repeat("x", 4086), nil},
		{url, "https://x/" + strings.Repeat("x", 4087), notify(`url: must have at most 4096 bytes, found 4097`)},
		{url, "https://{tx_id}.example.com/", notify(`url: the host must be written out, without macros, found "{tx_id}.example.com"`)},
		{body, `'{"a":{"b":"{payout}"},"c":{}}'`, nil},
		{body, `'{"a":"{payouts}"}'`, notify(`body: {payouts} at byte 6: unknown macro; did you mean payout?; ` + allowedMacros(forNetwork))},
		{body, "'" + strings.Repeat("x", 64<<10+1) + "'", notify(`body: must have at most 65536 bytes, found 65537`)},
		{"{X-Token: [secret]}", `{X-A: ["{tx_id}", "{wrong}"]}`, notify(`headers.X-A: {wrong} at byte 0: unknown macro; ` + allowedMacros(forNetwork))},
		{"{X-Token: [secret]}", `{X-A: [` + strings.Repeat("x", 4097) + `]}`, notify(`headers.X-A: a value must have at most 4096 bytes, found 4097`)},
		{"{X-Token: [secret]}", `{Idempotency-Key: [x]}`, notify(`headers.Idempotency-Key: the sender sets this header itself`)},

		{"primary_domain: go.example.com\n", "account_api_url: https://api.example.com/{account_key}?r={revenue}\n", nil},
		{"primary_domain: go.example.com\n", "account_api_url: api.example.com\n", []string{`integration/demo: account_api_url: must be an absolute URL that begins with http:// or https://, found "api.example.com"`}},
		{"primary_domain: go.example.com\n", "account_api_url: https://api.example.com/{wrong}\n", []string{`integration/demo: account_api_url: {wrong} at byte 24: unknown macro; ` + allowedMacros(forPlatform)}},
		{"filters: {filter_status: Rejected, ", made("filter_status: Rejected, "), nil},
		{"filters: {filter_status: Rejected, ", "created_by_publisher: true\nfilters: {", notify(`filters.publisher_id: missing; what a publisher made is for its own traffic`)},
		{body + "\nactive: true\ndelay_value: 5\ndelay_metric: Minute\nfilters: {", "'{revenue} {advertiser}'\n" + made(""), notify(`body: {revenue} at byte 0: is the network's own; what goes to a publisher must not tell it`)},
		{"filter_status: Rejected", "filter_status: Any, statuses: [Hold, Pending_Cap]", nil},
		{"filter_status: Rejected", "statuses: [hold, Hold, Hold]", notify(
			`filters.statuses[0]: unknown value "hold"; did you mean Hold?; allowed are Approved, Rejected, Pending, Hold, Not_Found or Pending_Cap`,
			`filters.statuses[2]: "Hold" is given already as entry 1; keep one`,
		)},
		{"filter_status: Rejected", "filter_status: Pending, statuses: [Hold]", notify(`filters.filter_status: must be Any or left out where statuses are given, found "Pending"`)},
		{"service_type: conversion\nurl: " + url + "\nmethod: POST\nheaders: {X-Token: [secret]}\nbody: " + body + "\nactive: true\ndelay_value: 5\ndelay_metric: Minute\nfilters: {filter_status: Rejected", "service_type: click\nurl: https://x/\nfilters: {statuses: [Approved]",
			notify(`filters.statuses: must be empty: a click has a verdict only, see filter_status`)},
	})
}

func TestWhatPublishersMake(t *testing.T) {
	tell := func(problems ...string) (list []string) {
		for _, p := range problems {
			list = append(list, "publisher_postback/tell: "+p)
		}
		return list
	}
	thanks := func(problems ...string) (list []string) {
		for _, p := range problems {
			list = append(list, "publisher_pixel/thanks: "+p)
		}
		return list
	}
	const url = "https://blog.example.com/in?sub={sub_id}&sum={payout}&status={status}"
	const pair = "publisher_incremental_id: 1\noffer_incremental_id: 1\n"
	const image = `<img src="https://blog.example.com/p.gif">`
	checkRules(t, testChecks, []rule{
		{pair + "url: " + url + "\n", "", tell(
			`publisher_incremental_id: missing; it is the incremental id of the publisher, at least 1`,
			`url: missing`,
		)},
		{pair + "url", "publisher_incremental_id: 7\noffer_incremental_id: 8\nurl", tell(
			`offer_incremental_id: there is no offer with incremental id 8`,
			`publisher_incremental_id: there is no publisher with incremental id 7`,
		)},
		{pair + "url", "publisher_incremental_id: 1\noffer_incremental_id: -1\nurl", tell(`offer_incremental_id: missing; it is the incremental id of the offer, at least 1`)},
		{url, "blog", tell(`url: must be an absolute URL that begins with http:// or https://, found "blog"`)},
		{url, "https://x/{revenue}", tell(`url: {revenue} at byte 10: is the network's own; what goes to a publisher must not tell it`)},
		{url, "https://x/{wrong}", tell(`url: {wrong} at byte 10: unknown macro; ` + allowedMacros(forPublisher))},
		{"method: POST\nstatus: confirmed", "method: HEAD\nstatus: approved", tell(
			`method: unknown value "HEAD"; allowed are GET, POST, PUT, DELETE or PATCH`,
			`status: unknown value "approved"; allowed are by_creating, confirmed, pending, declined, hold or not_found`,
		)},
		{"goal: Lead signup", "goal: ' Lead'", tell(`goal: must not begin or end with a space, found " Lead"`)},
		{"goal: Lead signup", "goal: " + strings.Repeat("ä", 101), tell(`goal: must have at most 100 characters, found 101`)},
		{"method: POST\nstatus: confirmed\ngoal: Lead signup", "", nil},

		{pair + "name: Thanks\ncode: " + image + "\ncode_type: image\n", "", thanks(
			`code: missing`,
			`code_type: missing`,
			`name: missing`,
			`offer_incremental_id: missing; it is the incremental id of the offer, at least 1`,
			`publisher_incremental_id: missing; it is the incremental id of the publisher, at least 1`,
		)},
		{"code_type: image", "code_type: video", thanks(`code_type: unknown value "video"; allowed are javascript, iframe or image`)},
		{"code_type: image", "code_type: iframe", thanks(`code: must hold a <iframe> element, as its code_type iframe says`)},
		{image + "\ncode_type: image", `<SCRIPT>let a={b}</SCRIPT>` + "\ncode_type: javascript", nil},
		{image, "<img" + strings.Repeat("ä", 4998), nil},
		{image, "<img" + strings.Repeat("ä", 4998) + "x", thanks(`code: must have at most 10000 bytes, found 10001`)},
		{"name: Thanks", "name: " + strings.Repeat("x", 101), thanks(`name: must have at most 100 characters, found 101`)},
		{"moderation_status: approved", "moderation_status: active", thanks(`moderation_status: unknown value "active"; allowed are pending, approved or rejected`)},
	})
}

func TestPixelsAreShownWhenApproved(t *testing.T) {
	for _, tc := range []struct {
		active bool
		status string
		want   bool
	}{{true, "approved", true}, {false, "approved", false}, {true, "", false}, {true, "pending", false}, {true, "rejected", false}} {
		if got := (&PublisherPixel{IsActive: tc.active, ModerationStatus: tc.status}).Shown(); got != tc.want {
			t.Errorf("a pixel with active %t and %q is shown: %t", tc.active, tc.status, got)
		}
	}
}

// TestPostbackMacrosAreOneTable: each name stands for one value, and says so.
func TestPostbackMacrosAreOneTable(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range PostbackMacros {
		if m.Doc == "" || strings.HasSuffix(m.Doc, ".") {
			t.Errorf("%s: the sentence %q", m.Name, m.Doc)
		}
		for _, name := range append([]string{m.Name}, m.Aliases...) {
			if seen[name] || !isMacroName(name) {
				t.Errorf("%q is twice there or no name", name)
			}
			seen[name] = true
		}
	}
	// Those that the rules name.
	for name := range strings.FieldsSeq(`advertiser publisher offer sub_id sub_id_2 sub_id_3 sub_id_4 sub_id_5 sub_id_6 device_id user_agent
		click_ip referer browser_languages transaction_id external_transaction_id bundle_id keyword revenue payout click_time conversion_time
		conversion_ip session_time third_party_rejected_reason third_party_status purchase_value impression_time impression_ip site_url
		geo_city geo_country os browser date_time unix_time status rejection_reason random click_id tx_id click_tx_id currency event_id
		event_name goal idempotency_key`) {
		if !seen[name] {
			t.Errorf("there is no macro %s", name)
		}
	}
	for _, secret := range []string{"secure", "conversion_secure_code", "signing_key", "user_email"} {
		if seen[secret] {
			t.Errorf("%s is a macro", secret)
		}
	}
	if names := forNetwork.names(); slices.Contains(names, "account_key") || !slices.Contains(names, "revenue") || !slices.Contains(forPlatform.names(), "account_key") {
		t.Errorf("the network has %v", names)
	}
}

// FuzzCheckMacros: whatever the text, a check ends, and what it lets through
// has known macros only.
func FuzzCheckMacros(f *testing.F) {
	for _, seed := range []string{"", "{", "{}", "{tx_id}", "{raw:param:a}", `{"a":{"b":"{payout}"}}`, "{{tx_id}}", "{revenue}", "{param:}", "{é}"} {
		f.Add(seed, uint8(0))
	}
	f.Fuzz(func(t *testing.T, template string, use uint8) {
		u := postbackUse(use % 3)
		if checkMacros(template, u) != nil {
			return
		}
		for i := range len(template) {
			body, ok := macroAt(template[i:])
			if !ok {
				continue
			}
			name := strings.TrimPrefix(body, "raw:")
			if !strings.HasPrefix(name, "param:") && !slices.Contains(u.names(), name) {
				t.Errorf("%q passes with {%s}", template, body)
			}
		}
	})
}
