package macro

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clickgate/clickgate/events"
)

// rowWith is a click whose row has one field.
func rowWith(t testing.TB, field, value string) events.Row {
	t.Helper()
	line, err := json.Marshal(map[string]string{"tx_id": "k1", field: value})
	if err != nil {
		t.Fatal(err)
	}
	if !utf8.ValidString(value) { // as rows never are
		line = []byte(`{"tx_id":"k1","` + field + `":"` + value + `"}`)
	}
	return row(t, events.Click, string(line))
}

// FuzzCompile: whatever compiles can be filled and sent, and leads to the host
// that was written out.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{"https://p.example/?a={sub_id}", "http://[::1]:8/{raw:sub_id}#x", "https://h{", "https://h/{param:a}%zz", "HTTPS://h?{sub_id}&&"} {
		f.Add(seed, "value")
	}
	f.Fuzz(func(t *testing.T, template, value string) {
		tmpl, err := URL(template, ForNetwork)
		if err != nil || !utf8.ValidString(value) {
			return
		}
		text, _, err := tmpl.Fill(&Values{Row: rowWith(t, "sub_id", value)})
		if err != nil {
			return
		}
		filled, err := url.Parse(text)
		if err != nil {
			t.Fatalf("%q filled with %q cannot be read: %v", template, value, err)
		}
		_, rest, _ := strings.Cut(template, "://")
		if end := strings.IndexAny(rest, "/?#"); end >= 0 {
			rest = rest[:end]
		}
		if filled.Host != rest {
			t.Fatalf("%q filled with %q leads to %q", template, value, filled.Host)
		}
		if _, err := http.NewRequest(http.MethodGet, text, nil); err != nil {
			t.Fatalf("%q: no request: %v", text, err)
		}
	})
}

// FuzzValues: a value stays in its place whatever it is.
func FuzzValues(f *testing.F) {
	for _, seed := range []string{"plain", "a b&c=d", "\"}],\\", "\r\nX: y", "<!--", "../..", "\u2028ü", "%00"} {
		f.Add(seed)
	}
	query, _ := URL("https://p.example/{sub_id}?a={sub_id}&b=2", ForNetwork)
	body, _ := Body(`{"a":"{sub_id}","b":2}`, "application/json", ForNetwork)
	form, _ := Body("a={sub_id}&b=2", "", ForNetwork)
	header, _ := Header("v {sub_id}", ForNetwork)
	f.Fuzz(func(t *testing.T, value string) {
		if !utf8.ValidString(value) {
			return
		}
		v := &Values{Row: rowWith(t, "sub_id", value)}
		if value = v.Row.Text("sub_id"); len(value) > 1000 {
			return
		}
		text, _, _ := query.Fill(v)
		if u, err := url.Parse(text); err != nil || u.Query().Get("a") != value || len(u.Query()) != 2 || u.Host != "p.example" {
			t.Errorf("query of %q: %q, %v", value, text, err)
		}
		var decoded struct {
			A string
			B int
		}
		text, _, _ = body.Fill(v)
		if err := json.Unmarshal([]byte(text), &decoded); err != nil || decoded.A != value || decoded.B != 2 {
			t.Errorf("JSON of %q: %q, %v", value, text, err)
		}
		text, _, _ = form.Fill(v)
		if values, err := url.ParseQuery(text); err != nil || values.Get("a") != value || len(values) != 2 {
			t.Errorf("form of %q: %q, %v", value, text, err)
		}
		if text, _, _ = header.Fill(v); strings.ContainsAny(text, "\r\n\x00") {
			t.Errorf("header of %q: %q", value, text)
		}
	})
}
