package macro

import (
	"errors"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/events"
)

func row(t testing.TB, kind events.Kind, line string) events.Row {
	t.Helper()
	r, err := events.DecodeRow(kind, []byte(line))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const conversionLine = `{"tx_id":"c1","click_tx_id":"k1","request_time":"2026-11-21T10:00:00.250Z","conversion_time":"2026-11-21T09:59:00.000Z",` +
	`"click_time":"2026-11-20T08:00:00.000Z","status":"Rejected","rejected_simple_reason":"BOT","offer":"Shoes","offer_id":"7","publisher":"Blog",` +
	`"real_publisher":"blog-ext","advertiser":"Acme","advertiser_id":"3","sub_id":"INVALID_SUB_ID","invalid_sub_id":"a b&c","sub_id_2":"two",` +
	`"payout":1.25,"revenue":2.5,"purchase_value":99.9,"currency":"EUR","event_id":4,"event_name":"Sale","browser_language":["de","en"],` +
	`"session_time":93600,"extra_params":{"keys":["x","x","gclid"],"values":["","first","G-1"]},"third_party_status":"open",` +
	`"third_party_rejection_reason":"late","user_agent":"Evil\r\nX-Admin: 1","country":"DE","city":"Köln","os_name":"iOS","external_transaction_id":"o-9"}`

func TestEveryMacro(t *testing.T) {
	v := &Values{
		Row: row(t, events.Conversion, conversionLine), PublisherNumber: "12",
		Key: "abc", AccountKey: "s3cret", Random: 42,
	}
	for name, want := range map[string]string{
		"tx_id": "c1", "click_id": "k1", "click_tx_id": "k1", "transaction_id": "k1", "idempotency_key": "abc",
		"offer": "7", "offer_id": "7", "offer_name": "Shoes", "publisher": "12", "publisher_id": "12", "publisher_name": "Blog",
		"advertiser": "3", "advertiser_name": "Acme", "sub_id": "a b&c", "sub_id_2": "two", "sub_id_3": "",
		"date_time": "2026-11-21T10:00:00Z", "unix_time": "1795255200", "click_time": "2026-11-20T08:00:00.000Z",
		"conversion_time": "2026-11-21T09:59:00.000Z", "session_time": "93600", "random": "42",
		"status": "rejected", "rejection_reason": "BOT", "payout": "1.25", "revenue": "2.5", "purchase_value": "99.9",
		"currency": "EUR", "event": "4", "event_id": "4", "event_name": "Sale", "goal": "Sale", "browser_languages": "de,en",
		"param:x": "first", "param:gclid": "G-1", "param:none": "", "third_party_status": "open", "third_party_rejected_reason": "late",
		"geo_country": "DE", "country": "DE", "geo_city": "Köln", "city": "Köln", "os": "iOS", "external_transaction_id": "o-9",
		"account_key": "s3cret",
	} {
		tmpl, err := Body("{"+name+"}", "text/plain", ForPlatform)
		if err != nil {
			t.Errorf("{%s}: %v", name, err)
			continue
		}
		if got, _, _ := tmpl.Fill(v); got != want {
			t.Errorf("{%s} is %q, want %q", name, got, want)
		}
	}
}

func TestAmountsAreZeroWhereTheRowLeavesThemOut(t *testing.T) {
	v := &Values{Row: row(t, events.Conversion, `{"tx_id":"c1","click_tx_id":""}`)}
	tmpl, err := Body(`{payout}|{revenue}|{purchase_value}|{event_id}|{goal}|{click_id}`, "text/plain", ForNetwork)
	if err != nil {
		t.Fatal(err)
	}
	if got, _, _ := tmpl.Fill(v); got != "0|0|0|0||" {
		t.Errorf("got %q", got)
	}
	click := &Values{Row: row(t, events.Click, `{"tx_id":"k1","request_time":"2026-11-21T10:00:00.000Z"}`)}
	tmpl, _ = Body(`{click_id}|{tx_id}|{click_time}`, "text/plain", ForNetwork)
	if got, _, _ := tmpl.Fill(click); got != "k1|k1|2026-11-21T10:00:00.000Z" {
		t.Errorf("of a click got %q", got)
	}
}

func TestValuesAreWrittenAsTheirPlaceDemands(t *testing.T) {
	type compile = func(raw string) (*Template, error)
	url := func(raw string) (*Template, error) { return URL(raw, ForNetwork) }
	header := func(raw string) (*Template, error) { return Header(raw, ForNetwork) }
	body := func(contentType string) compile {
		return func(raw string) (*Template, error) { return Body(raw, contentType, ForNetwork) }
	}
	for _, tt := range []struct {
		name          string
		compile       compile
		template, sub string
		want          string
	}{
		{"query", url, "https://p.example/x?s={sub_id_2}&t=1", "a b&c=ü", "https://p.example/x?s=a%20b%26c%3D%C3%BC&t=1"},
		{"path", url, "https://p.example/{sub_id_2}/x", "a/b?c#d", "https://p.example/a%2Fb%3Fc%23d/x"},
		{"path of dots", url, "https://p.example/a/{sub_id_2}/x", "..", "https://p.example/a//x"},
		{"raw query", url, "https://p.example/?{raw:sub_id_2}", "a=1&b=%20 <\x01", "https://p.example/?a=1&b=%20%20%3C%01"},
		{"raw path", url, "https://p.example/{raw:sub_id_2}", "a/b?c", "https://p.example/a/b%3Fc"},
		{"raw path that climbs", url, "https://p.example/{raw:sub_id_2}", "a/%2E./b", "https://p.example/a%2F%252E%2Fb"},
		{"fragment is not sent", url, "https://p.example/?a={sub_id_2}#{sub_id}{nope}", "1", "https://p.example/?a=1"},
		{"literal bytes", url, "https://p.example/ü?q=\"{sub_id_2}\"", "1", "https://p.example/%C3%BC?q=%221%22"},
		{"header", header, "Bearer {sub_id_2}", "a\r\nSet-Cookie: x\x00\x7f", "Bearer a  Set-Cookie: x  "},
		{"json", body("application/json; charset=utf-8"), `{"s":"{sub_id_2}","n":{payout}}`, "a\"b\\\n\x01ü", `{"s":"a\"b\\\n\u0001ü","n":0}`},
		{"json dialect", body("application/vnd.api+json"), `"{sub_id_2}"`, `"`, `"\""`},
		{"raw json", body("application/json"), `[{raw:sub_id_2}]`, `{"a":1}`, `[{"a":1}]`},
		{"form", body("application/x-www-form-urlencoded"), "a={sub_id_2}&b=1", "x&b=2", "a=x%26b%3D2&b=1"},
		{"no type is a form", body(""), "a={sub_id_2}", "x y", "a=x%20y"},
		{"xml", body("text/xml"), "<a b='{sub_id_2}'/>", "<'&\x02\">", "<a b='&lt;&apos;&amp; &quot;&gt;'/>"},
		{"text", body("text/plain"), "{sub_id_2}", "a b&c", "a b&c"},
		{"braces that are no macro", body("text/plain"), "{} { a } {1} {{sub_id_2}} {", "v", "{} { a } {1} {v} {"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tmpl, err := tt.compile(tt.template)
			if err != nil {
				t.Fatal(err)
			}
			got, shown, err := tmpl.Fill(&Values{Row: rowWith(t, "sub_id_2", tt.sub)})
			if err != nil || got != tt.want || shown != tt.want {
				t.Errorf("%q with %q is\n%q, shown %q, %v, want\n%q", tt.template, tt.sub, got, shown, err, tt.want)
			}
		})
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	url := func(use Use) func(string) error {
		return func(raw string) error { _, err := URL(raw, use); return err }
	}
	header := func(raw string) error { _, err := Header(raw, ForNetwork); return err }
	body := func(raw string) error { _, err := Body(raw, "", ForNetwork); return err }
	for _, tt := range []struct {
		name    string
		compile func(string) error
		raw     string
		want    string
	}{
		{"unknown", url(ForNetwork), "https://p.example/?a={clickid}", `{clickid} at offset 21: unknown macro "clickid"; did you mean click_id?`},
		{"no scheme", url(ForNetwork), "p.example/x", "does not begin with http:// or https://"},
		{"other scheme", url(ForNetwork), "file:///etc/passwd", "does not begin with http:// or https://"},
		{"macro in host", url(ForNetwork), "https://{sub_id}.example/", "host and port must be written out"},
		{"macro as host", url(ForNetwork), "https://{param:h}", "host and port must be written out"},
		{"userinfo", url(ForNetwork), "https://u:p@p.example/", "user name or password before the host"},
		{"no host", url(ForNetwork), "https:///x", "is no host and port"},
		{"port", url(ForNetwork), "https://p.example:70000/", "allowed are 1 to 65535"},
		{"empty port", url(ForNetwork), "https://p.example:/", "allowed are 1 to 65535"},
		{"zone", url(ForNetwork), "https://[fe80::1%25eth0]/", "is no IPv6 address"},
		{"space", url(ForNetwork), "https://p.example/a b", "byte 0x20 at offset 19"},
		{"line break", url(ForNetwork), "https://p.example/\r\n", "byte 0x0d at offset 18"},
		{"escape", url(ForNetwork), "https://p.example/100%", "invalid URL escape"},
		{"long URL", url(ForNetwork), "https://p.example/" + strings.Repeat("a", MaxURL), "allowed are 4096"},
		{"revenue for publishers", url(ForPublisher), "https://p.example/?r={revenue}", "the network's own"},
		{"advertiser for publishers", url(ForPublisher), "https://p.example/?r={raw:advertiser}", "the network's own"},
		{"key of the platform", url(ForNetwork), "https://p.example/?r={account_key}", "for the platform behind"},
		{"parameter", url(ForNetwork), "https://p.example/?r={param:a b}", "spaces and control characters"},
		{"empty parameter", url(ForNetwork), "https://p.example/?r={param:}", "parameter name \"\""},
		{"header break", header, "a\nb", "byte 0x0a at offset 1"},
		{"long header", header, strings.Repeat("a", MaxHeader+1), "allowed are 4096"},
		{"unknown in body", body, "x={nope}", `{nope} at offset 2: unknown macro "nope"`},
		{"long body", body, strings.Repeat("a", MaxBody+1), "allowed are 65536"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.compile(tt.raw); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	tmpl, err := URL("https://p.example/?k={account_key}&s={status}", ForPlatform)
	if err != nil {
		t.Fatal(err)
	}
	text, shown, err := tmpl.Fill(&Values{Row: row(t, events.Conversion, conversionLine), AccountKey: "s3 cret"})
	if err != nil || text != "https://p.example/?k=s3%20cret&s=rejected" || shown != "https://p.example/?k=***&s=rejected" {
		t.Errorf("got %q, shown %q, %v", text, shown, err)
	}
	if !tmpl.TellsStatus() {
		t.Error("a template with {status} does not tell the status")
	}
	if plain, _ := URL("https://p.example/?k={sub_id}", ForNetwork); plain.TellsStatus() {
		t.Error("a template without {status} tells the status")
	}
}

func TestFilledTextsAreBounded(t *testing.T) {
	tmpl, err := URL("https://p.example/?"+strings.Repeat("{sub_id_2}", 300), ForNetwork)
	if err != nil {
		t.Fatal(err)
	}
	v := &Values{Row: rowWith(t, "sub_id_2", strings.Repeat("ü", 100))}
	if _, _, err := tmpl.Fill(v); !errors.Is(err, errTooLong) {
		t.Errorf("got %v, want %v", err, errTooLong)
	}
}

func TestNamesAreThoseOfTheirUse(t *testing.T) {
	has := func(use Use, name string) bool {
		return strings.Contains(","+strings.Join(Names(use), ",")+",", ","+name+",")
	}
	for name, uses := range map[string][3]bool{"tx_id": {true, true, true}, "revenue": {true, false, true}, "account_key": {false, false, true}} {
		for _, use := range []Use{ForNetwork, ForPublisher, ForPlatform} {
			if has(use, name) != uses[use] {
				t.Errorf("%s for use %d: %v", name, use, !uses[use])
			}
		}
	}
}
