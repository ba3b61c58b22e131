package call

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/macro"
)

func values(t *testing.T) macro.Values {
	t.Helper()
	row, err := events.DecodeRow(events.Conversion, []byte(`{"tx_id":"c1","status":"Approved","sub_id":"a\"b\r\nX: y","payout":1.5}`))
	if err != nil {
		t.Fatal(err)
	}
	return macro.Values{Row: row, AccountKey: "s3/cret"}
}

func TestFill(t *testing.T) {
	for _, tt := range []struct {
		name   string
		form   Form
		want   Call
		status bool
	}{
		{"GET without a body", Form{URL: "https://p.example/?s={sub_id}", Body: "ignored {sub_id}"},
			Call{Method: "GET", URL: "https://p.example/?s=a%22b%0D%0AX%3A%20y", Header: http.Header{}}, false},
		{"JSON by its looks", Form{URL: "https://p.example/", Method: "POST", Body: `{"s":"{sub_id}","p":{payout}}`},
			Call{Method: "POST", URL: "https://p.example/", Body: `{"s":"a\"b\r\nX: y","p":1.5}`, Header: http.Header{"Content-Type": {"application/json"}}}, false},
		{"form by its looks", Form{URL: "https://p.example/", Method: "PUT", Body: `s={sub_id}&t={status}`},
			Call{Method: "PUT", URL: "https://p.example/", Body: `s=a%22b%0D%0AX%3A%20y&t=approved`, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}}, true},
		{"type of the header", Form{URL: "https://p.example/", Method: "PATCH", Body: `{sub_id}`, Headers: map[string][]string{"content-type": {"text/plain"}}},
			Call{Method: "PATCH", URL: "https://p.example/", Body: "a\"b\r\nX: y", Header: http.Header{"Content-Type": {"text/plain"}}}, false},
		{"headers", Form{URL: "https://p.example/", Headers: map[string][]string{"x-sub": {"1", "{sub_id}"}, "X-Status": {"{status}"}}},
			Call{Method: "GET", URL: "https://p.example/", Header: http.Header{"X-Sub": {"1", "a\"b  X: y"}, "X-Status": {"approved"}}}, true},
		{"secret", Form{URL: "https://p.example/{account_key}?k={account_key}", Use: macro.ForPlatform},
			Call{Method: "GET", URL: "https://p.example/s3%2Fcret?k=s3%2Fcret", ShownURL: "https://p.example/***?k=***", Secrets: []string{"s3/cret"}, Header: http.Header{}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tmpl, err := Compile(tt.form)
			if err != nil {
				t.Fatal(err)
			}
			got := Call{Key: "k1"}
			if err := tmpl.Fill(&got, values(t)); err != nil {
				t.Fatal(err)
			}
			tt.want.Key = "k1"
			tt.want.Header.Set("Idempotency-Key", "k1")
			if !reflect.DeepEqual(got, tt.want) || tmpl.TellsStatus() != tt.status {
				t.Errorf("got\n%+v, tells status %v, want\n%+v", got, tmpl.TellsStatus(), tt.want)
			}
		})
	}
}

func TestFormsThatAreRefused(t *testing.T) {
	many := map[string][]string{"X-Many": make([]string, maxHeaders+1)}
	for _, tt := range []struct {
		form Form
		want []string
	}{
		{Form{URL: "nonsense", Method: "POST", Body: "{nope}", Headers: map[string][]string{"Host": {"x"}}}, []string{"url: ", "headers: Host is set by the call itself", "body: {nope}"}},
		{Form{URL: "https://p.example/", Headers: map[string][]string{"transfer-encoding": {"x"}}}, []string{"Transfer-Encoding is set"}},
		{Form{URL: "https://p.example/", Headers: map[string][]string{"X Y": {"x"}}}, []string{`"X Y" is no name of a header`}},
		{Form{URL: "https://p.example/", Headers: map[string][]string{"": {"x"}}}, []string{`"" is no name of a header`}},
		{Form{URL: "https://p.example/", Headers: map[string][]string{"X": {"a\r\nb"}}}, []string{"headers: X: byte 0x0d"}},
		{Form{URL: "https://p.example/", Headers: many}, []string{"51 lines: allowed are 50"}},
		{Form{URL: "https://p.example/", Method: "POST", Body: `{"r":"{revenue}"}`, Use: macro.ForPublisher}, []string{"body: {revenue}"}},
	} {
		_, err := Compile(tt.form)
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: %v, want an error with %q", tt.form, err, want)
			}
		}
	}
}

func TestKeysTellCallsApart(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range []string{
		KeyOf("c1", Manager, "m1", "Approved"), KeyOf("c1", Manager, "m1", ""), KeyOf("c2", Manager, "m1", ""),
		KeyOf("c1", Manager, "m2", ""), KeyOf("c1", Sync, "m1", ""), KeyOf("c1m", Manager, "1", ""),
	} {
		if seen[key] || len(key) != 32 {
			t.Errorf("key %q comes twice or is no 32 digits", key)
		}
		seen[key] = true
	}
	// A key that changed with the program would make every receiver count twice.
	if got := KeyOf("c1", Manager, "m1", ""); got != "61aaccbd6d2f92c7aa5ccddd91a77c10" {
		t.Errorf("key %s", got)
	}
}

func TestHost(t *testing.T) {
	for url, want := range map[string]string{
		"https://P.example/x?y": "https://p.example", "http://p.example:8080/": "http://p.example:8080", "http://[::1": "?",
	} {
		if got := (&Call{URL: url}).Host(); got != want {
			t.Errorf("host of %s is %q, want %q", url, got, want)
		}
	}
}

func TestWhatIsShown(t *testing.T) {
	c := Call{URL: "https://p.example/?k=1", Secrets: []string{"s3/c ret"}, Header: http.Header{
		"Authorization": {"Bearer x"}, "X-Api-Key": {"x", "y"}, "Cookie": {"x"}, "X-Token": {"x"}, "Idempotency-Key": {"k"}, "Accept": {"*/*"},
	}}
	want := http.Header{
		"Authorization": {"***"}, "X-Api-Key": {"***", "***"}, "Cookie": {"***"}, "X-Token": {"***"}, "Idempotency-Key": {"k"}, "Accept": {"*/*"},
	}
	if got := c.ShownHeader(); !reflect.DeepEqual(got, want) {
		t.Errorf("header is shown as %v", got)
	}
	if c.Header.Get("Authorization") != "Bearer x" {
		t.Error("showing a header changed it")
	}
	if got := c.Mask("a s3/c ret b s3%2Fc+ret c s3%2Fc%20ret"); got != "a *** b *** c ***" {
		t.Errorf("masked: %q", got)
	}
	if got := c.Shown(); got != c.URL {
		t.Errorf("shown: %q", got)
	}
	tmpl, err := Compile(Form{URL: "https://p.example/?k={account_key}", Use: macro.ForPlatform})
	if err != nil {
		t.Fatal(err)
	}
	empty := Call{Key: "k1"}
	if err := tmpl.Fill(&empty, macro.Values{}); err != nil || empty.Secrets != nil || empty.Mask("text") != "text" {
		t.Errorf("without a key: %+v, %v", empty, err)
	}
}
