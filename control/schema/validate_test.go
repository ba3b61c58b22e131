package schema

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
)

// bodyOf is a body that takes all fields of a document.
func bodyOf(tb testing.TB, b *Book, kind config.Kind) *huma.Schema {
	tb.Helper()
	doc, ok := config.NewDocument(kind)
	if !ok {
		tb.Fatalf("no kind %s", kind)
	}
	whole := b.Of(doc)
	var names []string
	for name := range whole.Properties {
		names = append(names, name)
	}
	return b.Define(string(kind), Cut(whole, names, nil))
}

// mistakes are "location: message (value)", for short tables.
func mistakes(found []problem.Detail) string {
	var lines []string
	for _, d := range found {
		line := d.Location + ": " + d.Message
		if d.Value != nil {
			value, _ := json.Marshal(d.Value)
			line += " (" + string(value) + ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestValidate(t *testing.T) {
	b := NewBook()
	offer := b.Resolve(bodyOf(t, b, config.KindOffer))
	offer.Required = []string{"advertiser_id", "name"}
	delete(offer.Properties, "archived")
	b.Shown(offer, []string{"archived", "name_with_id"})
	const head = `{"name":"A","advertiser_id":1,`
	for _, tc := range []struct{ name, body, want string }{
		{"good", head + `"default_payout":{"payout":1.5,"payout_type":"CPA"},"allowed_domains":["a.example"],"block_on_reject":true}`, ""},
		{"no object", `[]`, "body: must be an object, not a list ([])"},
		{"null", `null`, "body: must be an object, not null"},
		{"missing fields", `{}`, "body.advertiser_id: missing\nbody.name: missing"},
		{"wrong case", head + `"Active":true}`, "body.Active: unknown field; did you mean active?; allowed are active, "},
		{"unknown", head + `"no such":1}`, `body["no such"]: unknown field; allowed are active, `},
		{"shown", head + `"archived":true,"name_with_id":"x"}`, "body.archived: is read-only\nbody.name_with_id: is read-only"},
		{"wrong types", `{"name":1,"advertiser_id":"1","active":"true","allowed_domains":"x","default_payout":7,"label":true,"currency":{}}`,
			`body.active: must be true or false, not a string ("true")` + "\n" + `body.advertiser_id: must be a whole number, not a string ("1")` + "\n" +
				`body.allowed_domains: must be a list, not a string ("x")` + "\n" + `body.currency: must be a string, not an object ({})` + "\n" +
				`body.default_payout: must be an object, not 7 (7)` + "\n" + `body.label: must be a string, not true (true)` + "\n" + `body.name: must be a string, not 1 (1)`},
		{"fraction", `{"name":"A","advertiser_id":1.0}`, "body.advertiser_id: must be a whole number without fraction or exponent, found 1.0 (1.0)"},
		{"long fraction", `{"name":"A","advertiser_id":1.` + strings.Repeat("0", 50) + `}`, "body.advertiser_id: must be a whole number without fraction or exponent, found a number (1."},
		{"beyond int64", `{"name":"A","advertiser_id":9223372036854775808}`, "body.advertiser_id: must be from -9223372036854775808 to 9223372036854775807 (9223372036854775808)"},
		{"enum", head + `"currency":"usd"}`, `body.currency: unknown value; did you mean USD?; allowed are USD, EUR ("usd")`},
		{"limits", head + `"default_payout":{"payout":-0.01,"payout_percent":100.5}}`,
			"body.default_payout.payout: must be at least 0 (-0.01)\nbody.default_payout.payout_percent: must be at most 100 (100.5)"},
		{"in a list", head + `"allowed_domains":["a",1,null]}`, "body.allowed_domains[1]: must be a string, not 1 (1)\nbody.allowed_domains[2]: must be a string, not null"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := mistakes(b.Validate(offer, parsed(t, tc.body)))
			if got != tc.want && (tc.want == "" || !strings.HasPrefix(got, tc.want)) {
				t.Errorf("%s has the mistakes\n%s\nwant\n%s", tc.body, got, tc.want)
			}
		})
	}
}

func TestValidateParts(t *testing.T) {
	one, two, three := 1, 2, 3
	word := &huma.Schema{Type: huma.TypeString, MinLength: &two, MaxLength: &three}
	words := &huma.Schema{Type: huma.TypeArray, Items: word, MinItems: &one, MaxItems: &three, UniqueItems: true}
	either := &huma.Schema{OneOf: []*huma.Schema{words, object("", fields{"a": word})}}
	for _, tc := range []struct {
		name   string
		schema *huma.Schema
		value  string
		want   string
	}{
		{"long enough", words, `["éé","ééé"]`, ""},
		{"too short and too long", words, `["é","éééé"]`, "body[0]: must have at least 2 characters, found 1 (\"é\")\nbody[1]: must have at most 3 characters, found 4 (\"éééé\")"},
		{"too few", words, `[]`, "body: must have at least 1 entries, found 0"},
		{"too many", words, `["aa","bb","cc",1]`, "body: must have at most 3 entries, found 4"},
		{"twice", words, `["aa","bb","aa"]`, `body[2]: is given already as entry 0; keep one ("aa")`},
		{"one of two", either, `["aa"]`, ""},
		{"the other of two", either, `{"a":"a"}`, `body.a: must have at least 2 characters, found 1 ("a")`},
		{"none of two", either, `7`, `body: must be a list or an object, not 7 (7)`},
		{"map", mapOf(word, ""), `{"x":"aa","y":"a","x y":false}`, "body[\"x y\"]: must be a string, not false (false)\nbody.y: must have at least 2 characters, found 1 (\"a\")"},
		{"anything", &huma.Schema{}, `{"x":[1,null]}`, ""},
		{"number", percent(""), `1e400`, `body: is too large; the largest number is about 1.8e308 (1e400)`},
		{"secret number", object("", fields{"password": word}), `{"password":12345}`, `body.password: must be a string, not a number (12345)`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := json.NewDecoder(strings.NewReader(tc.value))
			d.UseNumber()
			var value any
			if err := d.Decode(&value); err != nil {
				t.Fatal(err)
			}
			if got := mistakes(NewBook().Validate(tc.schema, value)); got != tc.want {
				t.Errorf("%s has the mistakes\n%s\nwant\n%s", tc.value, got, tc.want)
			}
		})
	}
}

func TestValidateCountsVeryManyMistakes(t *testing.T) {
	b := NewBook()
	body := bodyOf(t, b, config.KindIntegration)
	value := map[string]any{}
	for i := range 3000 {
		value["field"+json.Number(string(rune('a'+i%26))).String()+strings.Repeat("x", i/26)] = true
	}
	found := b.Validate(body, value)
	if n, last := len(found), found[len(found)-1].Message; n != 1001 || last != "and 2000 more mistakes" {
		t.Errorf("%d mistakes, the last says %q", n, last)
	}
	filters := make([]any, 1500)
	for i := range filters {
		filters[i] = map[string]any{"type": "BOT", "target": "nowhere"}
	}
	found = b.Validate(body, map[string]any{"default_filters": filters})
	if n, last := len(found), found[len(found)-1].Message; n != 1001 || last != "and 500 more mistakes" {
		t.Errorf("%d mistakes, the last says %q", n, last)
	}
}

// What a schema takes, the document's decoder takes too.
func FuzzValidate(f *testing.F) {
	kinds := append(config.Kinds(), config.AccountKinds()...)
	b := NewBook()
	bodies := map[config.Kind]*huma.Schema{}
	for i, kind := range kinds {
		bodies[kind] = bodyOf(f, b, kind)
		f.Add(i, `{"id":"a","name":"A","active":true,"priority":1}`)
	}
	f.Add(0, `{"clicks_config":{"redirect_strategy":"302","limited_url_parameters":{"offer":true}},"custom_domain":null,"default_filters":[{"type":"BOT","settings":{"a":[1e3]}}],"fraud_click_filter_settings":{"bot":{"invert":1},"bot_enabled":true}}`)
	f.Add(6, `{"default_payout":{"payout":1.50,"payout_type":"CPA"},"block_on_reject":false}`)
	f.Add(11, `{"additional_filters":{"sub_id":{"operator":"is any of","values":["x"]}},"throttle_percentage":100}`)
	f.Add(10, `{"meta":{"x":{"y":[null]}}}`)
	f.Add(12, `{"headers":{"X-A":["1"]},"delay_value":1}`)
	f.Add(3, `{"click_targeting_settings":{"device":{"os_versions":{"iOS":{"is_allowed":true}}},"geo":{"countries":{"DE":true}}}}`)
	f.Fuzz(func(t *testing.T, i int, text string) {
		kind := kinds[uint(i)%uint(len(kinds))]
		value, found := Parse([]byte(text))
		if len(found) > 0 {
			return
		}
		value = WithoutNulls(value)
		found = b.Validate(bodies[kind], value)
		for _, d := range found {
			if !strings.HasPrefix(d.Location, "body") || d.Message == "" {
				t.Errorf("a mistake says too little: %+v", d)
			}
		}
		if len(found) > 0 {
			return
		}
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if _, problems := config.DecodeDocument(kind, data); len(problems) > 0 {
			t.Errorf("%s: %s was taken, but %v", kind, data, problems)
		}
	})
}
