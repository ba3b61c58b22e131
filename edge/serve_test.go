package edge

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

const good = "/click?offer_id=1&publisher_id=1&sub_id=abc"

func TestApprovedClickGoesToTheLandingPage(t *testing.T) {
	r := newRig(t, base)
	a := r.get(good + "&color=blue")
	tx := a.field("tx_id")
	a.want(t, 302, "https://shop.example/?click="+tx+"&sub=abc&color=blue", "Approved", "")
	if cc := string(a.header.Peek("Cache-Control")); cc != "no-store" {
		t.Errorf("Cache-Control is %q, want no-store (D-6)", cc)
	}
	for field, want := range map[string]string{
		"click_ip": "203.0.113.9", "offer_id": "1", "offer_db_id": "shoes", "publisher_db_id": "pub",
		"advertiser_db_id": "adv", "sub_id": "abc", "integration_id": "main", "organization_id": "org",
		"payout": "0.5", "revenue": "0.8", "config_version": "7", "browser_name": "Firefox", "uuid": tx,
		"extra_params.keys": "color", "extra_params.values": "blue", "request_time": "2026-05-01T12:00:00.000Z",
	} {
		if got := a.field(field); got != want {
			t.Errorf("row field %s is %q, want %q", field, got, want)
		}
	}
}

func TestWhatALinkNames(t *testing.T) {
	r := newRig(t, base, `
{kind: publisher, id: gone, organization: org, incremental_id: 2, name: Gone, active: false}
---
{kind: offer, id: old, organization: org, integration: main, incremental_id: 2, name: Old, advertiser_id: 1, active: false}
---
{kind: offer, id: vip, organization: org, integration: main, incremental_id: 3, name: VIP, advertiser_id: 1, active: true, visibility: Private}
---
{kind: offer, id: bare, organization: org, integration: main, incremental_id: 4, name: Bare, advertiser_id: 1, active: true}
---
{kind: advertiser, id: sleeping, organization: org, incremental_id: 2, name: Sleeping, active: false}
---
{kind: offer, id: orphan, organization: org, integration: main, incremental_id: 5, name: Orphan, advertiser_id: 2, active: true}
---
{kind: blocked_sub_id, id: b1, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, sub_id: bad}
`)
	tests := map[string]struct{ url, location, status, reason string }{
		"incremental id":       {"/click?offer_id=1&publisher_id=1", "https://shop.example/?click=", "Approved", ""},
		"external id":          {"/click?offer_id=EXT-7&publisher_id=1", "https://shop.example/?click=", "Approved", ""},
		"opaque ids":           {"/click?offer=shoes&publisher=pub", "https://shop.example/?click=", "Approved", ""},
		"landing page":         {"/click?offer_id=1&publisher_id=1&landing_page_id=2", "https://shop.example/sale", "Approved", ""},
		"unknown landing page": {"/click?offer_id=1&publisher_id=1&landing_page_id=9", "https://fallback.example/?reason=LANDING_PAGE_UNKNOWN", "Rejected", "LANDING_PAGE_UNKNOWN"},
		"unknown offer":        {"/click?offer_id=99&publisher_id=1", "https://fallback.example/?reason=OFFER_UNKNOWN", "Rejected", "OFFER_UNKNOWN"},
		"no offer":             {"/click?publisher_id=1", "https://fallback.example/?reason=OFFER_UNKNOWN", "Rejected", "OFFER_UNKNOWN"},
		"inactive offer":       {"/click?offer_id=2&publisher_id=1", "https://fallback.example/?reason=OFFER_INACTIVE", "Rejected", "OFFER_INACTIVE"},
		"private offer":        {"/click?offer_id=3&publisher_id=1", "https://fallback.example/?reason=OFFER_NOT_ALLOWED", "Rejected", "OFFER_NOT_ALLOWED"},
		"offer without a page": {"/click?offer_id=4&publisher_id=1", "https://fallback.example/?reason=NO_TARGET", "Rejected", "NO_TARGET"},
		"inactive advertiser":  {"/click?offer_id=5&publisher_id=1", "https://fallback.example/?reason=ADVERTISER_INACTIVE", "Rejected", "ADVERTISER_INACTIVE"},
		"unknown publisher":    {"/click?offer_id=1&publisher_id=9", "https://fallback.example/?reason=PUBLISHER_UNKNOWN", "Rejected", "PUBLISHER_UNKNOWN"},
		"inactive publisher":   {"/click?offer_id=1&publisher_id=2", "https://fallback.example/?reason=PUBLISHER_INACTIVE", "Rejected", "PUBLISHER_INACTIVE"},
		"blocked sub id":       {"/click?offer_id=1&publisher_id=1&sub_id=bad", "https://fallback.example/?reason=SUB_ID_BLOCKED", "Rejected", "SUB_ID_BLOCKED"},
		"sub id of other case": {"/click?offer_id=1&publisher_id=1&sub_id=BAD", "https://shop.example/?click=", "Approved", ""},
		"a bot":                {"/click?offer_id=1&publisher_id=1&agent=bot", "https://fallback.example/?reason=BOT", "Rejected", "BOT"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			agent := firefox
			if strings.HasSuffix(tt.url, "agent=bot") {
				agent = googlebot
			}
			a := r.get(tt.url, "User-Agent: "+agent)
			a.want(t, 302, tt.location, tt.status, tt.reason)
			if rejected := tt.status == "Rejected"; rejected && (a.field("payout") != "" || a.field("blocked") != "1") {
				t.Errorf("a rejected click has payout %q and blocked %q, want none and 1", a.field("payout"), a.field("blocked"))
			}
		})
	}
}

func TestIntegrationByHostAndPath(t *testing.T) {
	second := strings.NewReplacer("id: main", "id: other", "global_fallback_url: \"https://fallback.example", "global_fallback_url: \"https://other.example").
		Replace(strings.SplitN(base, "---", 2)[0]) + "custom_domain: {host: go.brand.example, click_path: /go}\n"
	inactive := strings.NewReplacer("id: main", "id: asleep", "\nactive: true", "\nactive: false").Replace(strings.SplitN(base, "---", 2)[0])
	silent := strings.NewReplacer("id: main", "id: silent", "\nactive: true", "\nactive: false",
		"clicks_config: {global_fallback_url: \"https://fallback.example/?reason={rejection_reason}\"}", "clicks_config: {}").Replace(strings.SplitN(base, "---", 2)[0])
	r := newRig(t, base, second, inactive, silent)
	tests := map[string]struct {
		host, url, location, status string
		code                        int
	}{
		"default":                     {"trk.example", "/click", "https://fallback.example/", "Rejected", 302},
		"host label":                  {"other.trk.example", "/click", "https://other.example/", "Rejected", 302},
		"host label with port":        {"OTHER.trk.example:8080", "/click", "https://other.example/", "Rejected", 302},
		"path":                        {"trk.example", "/i/other/click", "https://other.example/", "Rejected", 302},
		"unknown id in the path":      {"trk.example", "/i/nobody/click", "", "", 404},
		"custom domain":               {"go.brand.example", "/go", "https://other.example/", "Rejected", 302},
		"custom domain, common path":  {"go.brand.example", "/click", "https://other.example/", "Rejected", 302},
		"custom domain, unknown path": {"go.brand.example", "/gone", "", "", 404},
		"unknown path":                {"trk.example", "/nothing", "", "", 404},
		"inactive with a fallback":    {"asleep.trk.example", "/click", "https://fallback.example/", "", 302},
		"inactive without":            {"silent.trk.example", "/click", "", "", 410},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			reason := ""
			if tt.status != "" {
				reason = "OFFER_UNKNOWN"
			}
			r.get(tt.url, "Host: "+tt.host).want(t, tt.code, tt.location, tt.status, reason)
		})
	}
}

func TestWithoutIntegrationNothingIsFound(t *testing.T) {
	r := newRigWith(t, Settings{})
	r.get("/click?offer_id=1").want(t, 404, "", "", "")
}

func TestWithoutFallback(t *testing.T) {
	bare := strings.Replace(base, `{global_fallback_url: "https://fallback.example/?reason={rejection_reason}"}`, "{}", 1)
	r := newRig(t, bare)
	r.get("/click?offer_id=99&publisher_id=1").want(t, 404, "", "Rejected", "OFFER_UNKNOWN")
	blocked := r.get(good, "User-Agent: "+googlebot)
	if blocked.location != "" || blocked.field("rejected_primary_reason") != "BOT" {
		t.Errorf("a bot without a fallback was sent to %q and recorded as %q, want a block page and BOT", blocked.location, blocked.field("rejected_primary_reason"))
	}
}

func TestPlainPaths(t *testing.T) {
	r := newRig(t, base)
	if a := r.get("/robots.txt"); a.code != 200 || !strings.Contains(a.body, "Disallow: /") {
		t.Errorf("/robots.txt: %d %q", a.code, a.body)
	}
	if a := r.get("/favicon.ico"); a.code != 204 {
		t.Errorf("/favicon.ico: %d, want 204", a.code)
	}
	a := r.do("PUT", good)
	if a.code != 405 || string(a.header.Peek("Allow")) != "GET, HEAD, POST" || a.row != nil {
		t.Errorf("PUT: %d with Allow %q, want 405 and no event", a.code, a.header.Peek("Allow"))
	}
}

func TestImpressionIsAPixel(t *testing.T) {
	r := newRig(t, base)
	a := r.get("/impression?offer_id=1&publisher_id=1")
	if a.code != 200 || a.body != string(pixel) || string(a.header.ContentType()) != "image/gif" {
		t.Errorf("impression: %d %s with %d bytes", a.code, a.header.ContentType(), len(a.body))
	}
	a.want(t, 200, "", "Approved", "")
	if got := r.rows()[0].Kind.String(); got != "impression" {
		t.Errorf("the event went to %s, want impression", got)
	}
}

func TestJSONAnswer(t *testing.T) {
	r := newRig(t, base)
	ok := r.get(good + "&json=1")
	for _, want := range []string{`"status":"approved"`, `"transaction_id":"` + ok.field("tx_id") + `"`, `"redirect_url":"https://shop.example/?click=`} {
		if ok.code != 200 || !strings.Contains(ok.body, want) {
			t.Errorf("json=1: %d, the body lacks %s: %s", ok.code, want, ok.body)
		}
	}
	bot := r.get(good, "Accept: application/json", "User-Agent: "+googlebot)
	for _, want := range []string{`"status":"rejected"`, `"reason":"BOT"`, `"rejections":["BOT"]`, `"redirect_url":"https://fallback.example/?reason=BOT"`, `"is_bot":true`} {
		if !strings.Contains(bot.body, want) {
			t.Errorf("Accept: application/json: the body lacks %s: %s", want, bot.body)
		}
	}
	if none := r.get(good + "&no_redirect=1"); none.code != 204 || none.row == nil {
		t.Errorf("no_redirect=1: %d, want 204 and an event", none.code)
	}
}

const flood = `[{type: BOT}, {type: CLICK_FLOODING, settings: {max_duplicate_ip: 1, expires_in_seconds: 60, extra_expires_in_seconds_when_rejected: 1}}]`

func TestWhoIsNoVisitorIsSentOnAndNotCounted(t *testing.T) {
	r := newRig(t, strings.Replace(base, "[{type: BOT}]", flood, 1))
	tests := map[string]struct{ method, header, purpose string }{
		"HEAD":        {"HEAD", "X-Nothing: 1", "head"},
		"Sec-Purpose": {"GET", "Sec-Purpose: prefetch;prerender", "prefetch"},
		"Purpose":     {"GET", "Purpose: prefetch", "prefetch"},
		"X-Moz":       {"GET", "X-Moz: prefetch", "prefetch"},
		"unfurler":    {"GET", "User-Agent: " + facebook, "unfurl"},
	}
	for name, tt := range tests {
		for range 3 {
			a := r.do(tt.method, good, tt.header)
			a.want(t, 302, "https://shop.example/", "Approved", "")
			if a.field("purpose") != tt.purpose || a.field("payout") != "" {
				t.Errorf("%s: purpose %q and payout %q, want %q and none", name, a.field("purpose"), a.field("payout"), tt.purpose)
			}
		}
	}
	r.get(good).want(t, 302, "https://shop.example/", "Approved", "")
	r.get(good).want(t, 302, "https://fallback.example/", "Rejected", "CLICK_FLOODING")
	if a := r.do("HEAD", good); a.field("rejected_primary_reason") != "CLICK_FLOODING" {
		t.Errorf("HEAD of a flooder is judged %q, want CLICK_FLOODING", a.field("rejected_primary_reason"))
	}
}

func TestCountsSurviveAReload(t *testing.T) {
	documents := strings.Replace(base, "[{type: BOT}]", flood, 1)
	r := newRig(t, documents)
	r.get(good).want(t, 302, "https://shop.example/", "Approved", "")
	r.apply(documents, "{kind: publisher, id: new, organization: org, incremental_id: 5, name: New, active: true}")
	r.get(good).want(t, 302, "https://fallback.example/", "Rejected", "CLICK_FLOODING")
}

func TestCookieRecognisesAVisitor(t *testing.T) {
	r := newRig(t, strings.Replace(base, "[{type: BOT}]",
		"[{type: DUPLICATE_USER, settings: [{enable_duplicate_uuid: true, max_duplicates: 1, expires_in_seconds: 60}]}]", 1))
	first := r.get(good)
	cookie := string(first.header.PeekCookie(uuidCookie))
	if !strings.HasPrefix(cookie, uuidCookie+"="+first.field("tx_id")+";") {
		t.Fatalf("the first click got the cookie %q, want the click's id", cookie)
	}
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	again := "Cookie: " + uuidCookie + "=" + first.field("tx_id")
	second := r.get(good, again, "X-Forwarded-For: 203.0.113.200")
	second.want(t, 302, "https://fallback.example/", "Rejected", "DUPLICATE_UUID")
	if len(second.header.PeekCookie(uuidCookie)) > 0 {
		t.Error("a visitor with a cookie got another one")
	}
	forged := r.get(good, "Cookie: "+uuidCookie+"=0123456789abcdef0123456789abcdef", "X-Forwarded-Proto: https")
	forged.want(t, 302, "https://shop.example/", "Approved", "")
	if cookie := string(forged.header.PeekCookie(uuidCookie)); !strings.Contains(cookie, "secure; SameSite=None") {
		t.Errorf("a forged cookie over https was replaced by %q, want a secure one for all sites", cookie)
	}
}

func TestABugSendsTheVisitorToTheFallback(t *testing.T) {
	r := newRig(t, base)
	before := r.counters.refused[refusedPanic].Get()
	in, _, _ := r.snapshot.Load().router.Route("trk.example", "/click")
	o, _ := in.offers.Find("1")
	o.doc = nil
	r.get(good).want(t, 302, "https://fallback.example/", "", "")
	if got := r.counters.refused[refusedPanic].Get() - before; got != 1 {
		t.Errorf("%d panics were counted, want 1", got)
	}
	r.get("/click?offer_id=99&publisher_id=1").want(t, 302, "https://fallback.example/", "Rejected", "OFFER_UNKNOWN")

	ctx := request("GET", good)
	broken := &visit{edge: r.Edge, course: course{ctx: ctx, in: in}} // without a snapshot the fallback breaks too
	broken.broke("a bug")
	if got := ctx.Response.StatusCode(); got != 404 {
		t.Errorf("a fallback that breaks as well was answered %d, want 404", got)
	}
}

func TestCountersAddUp(t *testing.T) {
	r := newRig(t, base)
	sum := func() (n uint64) {
		for _, c := range r.counters.answers[click.PlaneClick] {
			n += c.Get()
		}
		return n
	}
	received, answered := r.counters.received[click.PlaneClick].Get(), sum()
	r.get(good)
	r.get("/click?offer_id=99")
	r.get(good, "User-Agent: "+googlebot)
	r.get("/i/nobody/click") // names no integration: no click
	if got := r.counters.received[click.PlaneClick].Get() - received; got != 3 {
		t.Errorf("received grew by %d, want 3", got)
	}
	if got := sum() - answered; got != 3 {
		t.Errorf("answered grew by %d, want 3", got)
	}
	if s := r.Log.Stats(); s.Appended != 3 || s.Acknowledged != 3 || s.AtRisk != 0 {
		t.Errorf("appended %d, acknowledged %d, at risk %d, want 3, 3 and 0", s.Appended, s.Acknowledged, s.AtRisk)
	}
}

// Browsers are asked for more client hints where that is switched on, and over
// https only: elsewhere they would not listen.
func TestAsksForClientHints(t *testing.T) {
	for _, tt := range []struct {
		ask    bool
		scheme string
		want   bool
	}{{true, "https", true}, {true, "http", false}, {false, "https", false}} {
		r := newRigWith(t, Settings{DefaultIntegration: "main", AskClientHints: tt.ask}, base)
		asked := len(r.get(good, "X-Forwarded-Proto: "+tt.scheme).header.Peek("Accept-CH")) > 0
		if asked != tt.want {
			t.Errorf("setting %v over %s: asked %v, want %v", tt.ask, tt.scheme, asked, tt.want)
		}
	}
}

// TestBeacon: pages may tell of a click in the background. Nobody reads
// the answer, so it redirects nowhere.
func TestBeacon(t *testing.T) {
	a := newRig(t, base).do("POST", good, "Origin: https://shop.example", "Content-Type: text/plain;charset=UTF-8")
	a.want(t, 204, "", "Approved", "")
}
