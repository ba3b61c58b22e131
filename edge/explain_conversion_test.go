package edge

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/explain"
)

// ids are tx_ids: those of a trial are not those of what happens.
var ids = regexp.MustCompile(`[0-9a-f]{32}`)

func printed(t *testing.T, r explain.Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is explained of a conversion is what happens to it, and is said in words.
func TestConversionExplanationsAreWhatHappens(t *testing.T) {
	const (
		session = "default_conversion_filters: [{type: MINIMUM_SESSION_TIME, settings: {min_session_time_seconds: 60}}]\ndefault_filters:"
		lasting = "duplicate_external_tx_id_enabled: true\nduplicate_external_tx_id_cache_expiry_seconds: 3600\ndefault_filters:"
		ask     = "/conversion?secure=secret&transaction_id=ID"
		capped  = "name: Shoes, caps: [{period: day, type: conversions, value: 1, goal_type: all, affiliate_type: all}],"
	)
	offer := func(more string) []string { return []string{"name: Shoes,", "name: Shoes, " + more + ","} }
	integration := func(more string) []string { return []string{"conversions_config: {}", "conversions_config: " + more} }
	for name, tt := range map[string]struct {
		edits  []string
		more   string
		before string // a conversion before
		after  time.Duration
		url    string
		want   []string
	}{
		"approved":      {url: ask, want: []string{"yes  secure code is the integration's", "transaction_id is an id of ours", "attribution\n  found", "found by         click_id", "payout 1.2 (offer), revenue 1.5 (offer)", "Approved", "answer\n  200"}},
		"below its id":  {url: "/i/main" + ask, want: []string{"Approved"}},
		"another path":  {edits: []string{"default_filters:", "conversion_paths: [/postback]\ndefault_filters:"}, url: "/postback?secure=secret&transaction_id=ID", want: []string{"Approved"}},
		"mapped":        {edits: integration("{request_parameters_mapping: {click_transaction_id: [cid], purchase_value: [sum]}}"), url: "/conversion?secure=secret&cid=ID&sum=5&x=y", want: []string{"-> purchase_value", "= y   -> extra", "a secret is not shown"}},
		"an event":      {url: ask + "&goal=lead+signup&purchase_value=49.90", want: []string{"9 Lead Signup (lead)", "payout 4.99 (event)"}},
		"custom payout": {more: "---\n{kind: custom_payout, id: c, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, payout_type: CPA, payout: 7}\n", url: ask, want: []string{"payout 7 (custom payout)"}},
		"payment item":  {edits: offer("payments: [{type: fixed, revenue: 3, total: 4}]"), url: ask, want: []string{"payout 3 (payment item 1), revenue 4 (payment item 1)"}},

		"no code":             {url: "/conversion?transaction_id=ID", want: []string{"refuses by missing_secure_code", "answer\n  401"}},
		"a wrong code":        {url: "/conversion?secure=wrong-one&transaction_id=ID", want: []string{"no   secure code", "refuses by wrong_secure_code", "answer\n  403"}},
		"not signed":          {edits: integration("{signing_key: 0123456789abcdef}"), url: ask, want: []string{"no   signature", "refuses by wrong_signature"}},
		"a sender elsewhere":  {edits: offer("allowed_ip: 192.0.2.1"), url: ask, want: []string{"no   sender's address is allowed: 203.0.113.9", "refuses by sender_not_allowed"}},
		"a forged click":      {url: "/conversion?secure=secret&transaction_id=0190a1b2c3d4e5f60718293a4b5c6d7e", want: []string{"no   transaction_id is an id of ours", "refuses by forged_transaction_id", "attribution\n  refused"}},
		"no click":            {url: "/conversion?secure=secret", want: []string{"missing_transaction_id"}},
		"a bad amount":        {url: ask + "&purchase_value=lots", want: []string{"invalid_purchase_value: purchase_value: must be an amount"}},
		"an unknown event":    {url: ask + "&event_id=8", want: []string{"invalid_event_id"}},
		"a bad escape":        {url: ask + "&x=%zz", want: []string{"invalid_request", "answer\n  400"}},
		"a click that is new": {url: "/conversion?secure=secret&transaction_id=FRESH", want: []string{"attribution\n  not found", "processing"}},

		"off target":           {edits: offer("targeting_group_id: far"), more: "---\n{kind: targeting_group, id: far, organization: org, integration: main, name: Far, active: true, conversion_targeting_settings: {language_targeting_enabled: true, language: {fr: true}}}\n", url: ask, want: []string{"rejects by TARGETING_LANGUAGE", "Rejected TARGETING_LANGUAGE", "not earned: payout 1.2, revenue 1.5"}},
		"rejected by a filter": {edits: []string{"default_filters:", session}, after: time.Second, url: ask, want: []string{"MINIMUM_SESSION_TIME: hit -> MINIMUM_SESSION_TIME", `"min_session_time_seconds":60`, "Rejected MINIMUM_SESSION_TIME"}},
		"another offer's":      {url: ask + "&offer_id=99", want: []string{"the request names the offer of its click 99", "Rejected OFFER_MISMATCH"}},
		"declined":             {url: ask + "&status=declined", want: []string{"the request does not reject it declined", "Rejected ADVERTISER_REJECTED"}},
		"session over":         {edits: offer("click_session: 1h"), after: 61 * time.Minute, url: ask, want: []string{"no   session of the click is open: 1h1m0s", "wants at most 1h0m0s (click_session)", "makes it Not_Found"}},
		"beyond the look-back": {edits: []string{"default_filters:", "max_attribution_lookup_days: 2\ndefault_filters:"}, after: 49 * time.Hour, url: ask, want: []string{"no   integration still looks at the click: 49h0m0s", "at most 48h0m0s"}},
		"by hand":              {edits: offer("manually_approve_conversions: true"), url: ask, want: []string{"no   nobody has to approve it by hand", "makes it Pending", "  Pending"}},
		"told to wait":         {url: ask + "&status=2", want: []string{"no   the request names no other status"}},
		"hold":                 {edits: offer("hold_period: 7"), url: ask, want: []string{"no   the offer holds nothing back", "  Hold"}},
		"hiatus":               {edits: offer("allow_duplicate_conversions: true, conversion_hiatus_period: 60"), before: ask, url: ask, want: []string{"no   none of its click came shortly before", "yes  click may earn it more than once"}},
		"throttled":            {more: "---\n{kind: custom_throttle, id: t, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, throttle_percentage: 100, active: true}\n", url: ask, want: []string{"no   throttle t lets it through: 100 % of publisher 1"}},
		"over a cap":           {edits: []string{"name: Shoes,", capped}, before: "/conversion?secure=secret&transaction_id=OTHER", url: ask, want: []string{"no   caps[0] of offer shoes: 1 conversions a day: 1 so far, and 1 more", "wants at most 1", "Pending_Cap"}},
		"below a cap":          {edits: []string{"name: Shoes,", capped}, url: ask, want: []string{"yes  caps[0] of offer shoes: 1 conversions a day: 0 so far, and 1 more"}},

		"a duplicate":             {before: ask, url: ask, want: []string{"no   click has not earned it before", "a duplicate of ", `"duplicate":true`}},
		"a duplicate external id": {edits: []string{"default_filters:", lasting}, before: "/conversion?secure=secret&external_transaction_id=o1&transaction_id=OTHER", url: ask + "&external_transaction_id=o1", want: []string{"no   external_transaction_id is new", "wants not within 1h0m0s before", "a duplicate of "}},
		"an expired external id":  {edits: []string{"default_filters:", lasting}, before: "/conversion?secure=secret&external_transaction_id=o1&transaction_id=OTHER", after: 61 * time.Minute, url: ask + "&external_transaction_id=o1", want: []string{"yes  external_transaction_id is new", "Approved"}},

		"a pixel":             {edits: integration("{pixel_conversions_enabled: true}"), url: "/pixel.gif?transaction_id=ID&payout=1000", want: []string{"yes  browsers may send", "not believed", "(an image of 42 bytes)", "payout 1.2"}},
		"a pixel's page":      {edits: integration("{pixel_conversions_enabled: true}"), url: "/pixel?transaction_id=ID", want: []string{"answer\n  200 text/html", "<!DOCTYPE html>"}},
		"a pixel of nobody's": {edits: integration("{pixel_conversions_enabled: true}"), url: "/pixel.gif", want: []string{"no   the click's id or, where conversions are matched, our cookie vouches"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := converting(t, paid(t, tt.edits...)+tt.more)
			r.Incarnation = "test.1"
			r.Caps = caps.NewBook(caps.IncarnationOf(r.Incarnation), caps.Options{})
			var fresh [clickid.Size]byte
			r.IDs.Next(r.now.UnixMilli(), &fresh)
			known := strings.NewReplacer("ID", r.clicked(good), "OTHER", r.clicked(good), "FRESH", string(fresh[:]))
			if tt.before != "" {
				told(t, r.get(known.Replace(tt.before)))
			}
			r.now = r.now.Add(tt.after)
			url := known.Replace(tt.url)
			rows := len(r.rows())
			report := r.Explain(asked(url))
			if n := len(r.rows()); n != rows {
				t.Errorf("asking left %d rows", n-rows)
			}
			text := printed(t, report)
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("it does not say %q:\n%s", want, text)
				}
			}
			a := r.get(url)
			wantSame(t, &report, a)
			if a.row == nil || a.row.Kind == events.Received {
				return
			}
			if d := report.Decision; d == nil || d.Status != a.field("status") || strings.Join(d.Rejections, ",") != a.field("rejections") {
				t.Errorf("explained as %+v, and the row is %s", d, a.row.Line)
			}
			if would, is := ids.ReplaceAllString(string(report.Event), ""), ids.ReplaceAllString(string(a.row.Line), ""); would != strings.TrimSpace(is) {
				t.Errorf("the row would be\n%s\nand is\n%s", report.Event, a.row.Line)
			}
		})
	}
}

// wantSame: the answer is as it was explained, but for the ids that are made up.
func wantSame(t *testing.T, report *explain.Report, a answer) {
	t.Helper()
	told := report.Conversion.Answer
	if told == nil {
		t.Fatalf("no answer is told, and it was %d %s", a.code, a.body)
	}
	body := ids.ReplaceAllString(a.body, "")
	if strings.HasPrefix(told.ContentType, "image/") {
		body = fmt.Sprintf("(an image of %d bytes)", len(a.body))
	}
	if told.Status != a.code || told.ContentType != string(a.header.ContentType()) || ids.ReplaceAllString(told.Body, "") != body {
		t.Errorf("the answer is explained as\n%+v\nand was\n%d %s %s", told, a.code, a.header.ContentType(), a.body)
	}
}

// Explanations leave no row, claim, place or count behind.
func TestExplainCountsNoConversion(t *testing.T) {
	r := limited(t, "caps: [{period: day, type: conversions, value: 1, goal_type: all, affiliate_type: all}]")
	d := r.Finder.(*desk)
	id := r.clicked(good)
	book, held, rows := r.Caps.Len(), len(d.held), len(r.rows())
	counters := &r.counters.conversions
	count := func() (n uint64) {
		for _, c := range counters.statuses {
			if c != nil {
				n += c.Get()
			}
		}
		return n + counters.duplicates.Get() + counters.deferred.Get() + counters.unkept.Get() + counters.unanswered.Get()
	}
	before := count()
	for _, url := range []string{conv + id, "/conversion?secure=no&transaction_id=" + id, "/conversion?secure=secret", "/conversion?secure=secret&new_rejected_reason=x&transaction_id=" + id} {
		for range 3 {
			r.Explain(asked(url))
		}
	}
	d.silent = true
	r.Explain(asked(conv + id))
	d.silent = false
	if n := r.Caps.Len(); n != book || len(d.held) != held || len(r.rows()) != rows || count() != before {
		t.Errorf("%d counters of caps, %d claims, %d rows and %d counts more", n-book, len(d.held)-held, len(r.rows())-rows, count()-before)
	}
	if data := told(t, r.get(conv+id)); data["status"] != "approved" {
		t.Errorf("the conversion is answered %v after explanations only", data)
	}
	before = count()
	r.Explain(asked(conv + id)) // a duplicate
	if count() != before {
		t.Error("a duplicate that is explained is counted")
	}
}

// No explanation holds a secret, be it right or wrong.
func TestExplainShowsNoSecret(t *testing.T) {
	r, _ := converting(t, paid(t, "conversion_secure_code: secret", "conversion_secure_code: 0right0"))
	id := r.clicked(good)
	for _, code := range []string{"0right0", "0wrong0"} {
		report := r.Explain(asked("/conversion?transaction_id=" + id + "&secure=" + code + "&signature=0signed0"))
		data, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"0right0", "0wrong0", "0signed0"} {
			if text := string(data) + printed(t, report); strings.Contains(text, secret) {
				t.Errorf("%s is shown in %s", secret, text)
			}
		}
	}
}

// Bodies are read as those of senders; lists are not.
func TestExplainBodies(t *testing.T) {
	r, _ := converting(t, paid(t))
	id := r.clicked(good)
	request := asked("/conversion", "Content-Type: application/json")
	request.Method, request.Body = "POST", `{"secure":"secret","transaction_id":"`+id+`","purchase_value":5,"goal":"lead"}`
	if report := r.Explain(request); report.Decision == nil || report.Decision.Payout.String() != "0.5" {
		t.Errorf("explained as %s", printed(t, report))
	}
	request.Body = `[{"transaction_id":"` + id + `"}]`
	if report := r.Explain(request); !strings.Contains(report.Refused, "a list of conversions") {
		t.Errorf("a list is refused by %q", report.Refused)
	}
	for url, want := range map[string]string{"/conversion": "only GET, POST are served", "/pixel": "only GET are served", "/cg.js": "it is no click"} {
		request := asked(url)
		request.Method = "HEAD"
		if report := r.Explain(request); !strings.Contains(report.Refused, want) {
			t.Errorf("HEAD %s is refused by %q, want %q", url, report.Refused, want)
		}
	}
}

// Without an answer of the click store what the request tells is told.
func TestExplainWithoutTheClick(t *testing.T) {
	for name, tt := range map[string]struct {
		break_  func(*rig, *desk)
		outcome string
		answers bool
	}{
		"a store that is silent":    {func(_ *rig, d *desk) { d.silent = true }, explain.NoAnswer, true},
		"a store that is behind":    {func(_ *rig, d *desk) { d.lagging = true }, explain.NoAnswer, true},
		"a click that is not known": {func(_ *rig, d *desk) { d.behind = true }, explain.NotFound, true},
		"no store":                  {func(r *rig, _ *desk) { r.Finder = nil }, explain.NotAsked, false},
	} {
		t.Run(name, func(t *testing.T) {
			r, d := converting(t, paid(t))
			id := r.clicked(good)
			tt.break_(r, d)
			report := r.Explain(asked(conv + id + "&offer_id=1&goal=lead"))
			a := report.Conversion.Attribution
			if a == nil || a.Outcome != tt.outcome || a.Detail == "" || report.Decision != nil || report.Refused != "" {
				t.Fatalf("explained as %s", printed(t, report))
			}
			if answer := report.Conversion.Answer; (answer != nil) != tt.answers || tt.answers && !strings.Contains(answer.Body, "processing") {
				t.Errorf("answered %+v", answer)
			}
			if text := printed(t, report); !strings.Contains(text, "9 Lead Signup (lead)") {
				t.Errorf("the event is not told:\n%s", text)
			}
		})
	}
	r, _ := converting(t, paid(t))
	r.Finder = nil
	for id, want := range map[string]string{"0190a1b2c3d4e5f60718293a4b5c6d7e": "", "17": "invalid_transaction_id"} {
		report := r.Explain(asked(conv + id))
		if reason, _, _ := strings.Cut(report.Refused, ": "); reason != want {
			t.Errorf("without keys %s is refused by %q, want %q", id, reason, want)
		}
	}
}

// What a request would do to earlier conversions is told and not done.
func TestExplainRejections(t *testing.T) {
	r, _ := rejecting(t, paid(t))
	id := r.clicked(good)
	tx := told(t, r.get(conv+id))["transaction_id"].(string)
	report := r.Explain(asked("/conversion?secure=secret&new_rejected_reason=returned&transaction_id=" + id))
	if got := report.Conversion.Changes; len(got) != 1 || got[0].Name != tx || got[0].Value != "changed" || !strings.Contains(report.Conversion.Answer.Body, `"updated":1`) {
		t.Errorf("explained as %s", printed(t, report))
	}
	if got := r.latest(tx).Text("status"); got != "Approved" {
		t.Errorf("the conversion became %s", got)
	}
	report = r.Explain(asked("/conversion?secure=secret&new_rejected_reason=returned&event=other&transaction_id=" + id))
	if text := printed(t, report); !strings.Contains(text, "no conversion fits") {
		t.Errorf("explained as %s", text)
	}
}

// A click of another integration is none, and nothing is told of its visitor.
func TestForeignClicks(t *testing.T) {
	const second = `---
{kind: integration, id: second, organization: other, name: Second, type: Custom, active: true, monitoring_mode: false, offer_preview_enabled: false, clicks_config: {}, conversions_config: {}, conversion_secure_code: other, default_revenue_payout: {}}
`
	r, _ := converting(t, paid(t)+second)
	id := r.clicked(good + "&sub_id=private")
	url := "/i/second/conversion?secure=other&fields=sub_id,click_ip&transaction_id=" + id
	report := r.Explain(asked(url))
	data, err := json.Marshal(report)
	if err != nil || report.Conversion.Attribution.Outcome != explain.OtherSide || strings.Contains(string(data), "private") || report.Decision.Status != "Not_Found" {
		t.Errorf("%v, explained as %s", err, printed(t, report))
	}
	a := r.get(url)
	if a.field("status") != "Not_Found" || strings.Contains(a.body+string(a.row.Line), "private") || a.field("click_ip") != "" {
		t.Errorf("answered %s, and the row is %s", a.body, a.row.Line)
	}
	wantSame(t, &report, a)
}
