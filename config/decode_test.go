package config

import (
	"reflect"
	"strings"
	"testing"
)

// TestDecodeReportsAllMistakes is one file with a mistake on almost every line.
func TestDecodeReportsAllMistakes(t *testing.T) {
	text := `kind: offer
id: demo
nam: Demo                      # unknown, name is near
active: yes                    # a string in YAML 1.2
incremental_id: "1"
advertiser_id: 1.5
default_payout:
  payout: one
  payout_type: 7
  margin: 3
approved_publisher_ids: pub
allowed_domains: [a, 1, [b]]
currency: null
targeting_group_id: &anchor a
terms_and_conditions: *anchor
description: !!binary aGVsbG8=
external_id: 0x10
active: true
---
kind: integration
id: other
clicks_config: []
max_attribution_lookup_days: 99999999999999999999
default_filters:
  - {type: BOT, settings: {a: 1, a: 2}}
  - BOT
custom_domain: {<<: {host: a}, 1: b, host: [c]}
---
id: nameless
---
kind: ofer
---
- a list
---
kind: advertiser
kind: advertiser
`
	want := strings.Split(`all.yaml:3: offer/demo: nam: unknown field; did you mean name?
all.yaml:4: offer/demo: active: must be true or false, not the string "yes"
all.yaml:5: offer/demo: incremental_id: must be a whole number, not the string "1"
all.yaml:6: offer/demo: advertiser_id: must be a whole number without fraction or exponent, found 1.5
all.yaml:8: offer/demo: default_payout.payout: must be a number, not the string "one"
all.yaml:9: offer/demo: default_payout.payout_type: must be a string, not the number 7; put it in quotes
all.yaml:10: offer/demo: default_payout.margin: unknown field
all.yaml:11: offer/demo: approved_publisher_ids: must be a list, not the string "pub"
all.yaml:12: offer/demo: allowed_domains[1]: must be a string, not the number 1; put it in quotes
all.yaml:12: offer/demo: allowed_domains[2]: must be a string, not a list
all.yaml:13: offer/demo: currency: must be a string, not null; leave it out instead
all.yaml:14: offer/demo: targeting_group_id: anchor &anchor is not allowed; write the value out where it is needed
all.yaml:15: offer/demo: terms_and_conditions: alias *anchor is not allowed; write the value out
all.yaml:16: offer/demo: description: tag !!binary is not allowed; leave it out
all.yaml:17: offer/demo: external_id: number 0x10 must be a plain decimal like 10 or 0.5; put it in quotes if it is a string
all.yaml:18: offer/demo: active: given twice; keep one
all.yaml:22: integration/other: clicks_config: must be an object, not a list
all.yaml:23: integration/other: max_attribution_lookup_days: must be from -9223372036854775808 to 9223372036854775807, found 99999999999999999999
all.yaml:25: integration/other: default_filters[0].settings.a: given twice; keep one
all.yaml:26: integration/other: default_filters[1]: must be an object, not the string "BOT"
all.yaml:27: integration/other: custom_domain: merge key << is not allowed; write the fields out
all.yaml:27: integration/other: custom_domain: key 1 must be a plain string; put it in quotes
all.yaml:27: integration/other: custom_domain.host: must be a string, not a list
all.yaml:29: kind: missing; allowed are integration, advertiser, publisher, targeting_group, fraud_filter_group, filter_group, offer, landing_page, offer_event, blocked_sub_id, custom_payout, custom_throttle, postback_manager, offer_dictionary, publisher_dictionary, publisher_sub_id, smart_link, publisher_postback or publisher_pixel
all.yaml:31: kind: unknown kind ofer; did you mean offer?; allowed are integration, advertiser, publisher, targeting_group, fraud_filter_group, filter_group, offer, landing_page, offer_event, blocked_sub_id, custom_payout, custom_throttle, postback_manager, offer_dictionary, publisher_dictionary, publisher_sub_id, smart_link, publisher_postback or publisher_pixel
all.yaml:33: must be an object with the fields of a document and its kind, not a list
all.yaml:36: kind: given twice; keep one`, "\n")
	documents, problems := Decode("all.yaml", []byte(text))
	if len(documents) != 0 {
		t.Errorf("%d documents with mistakes were returned", len(documents))
	}
	got := problemTexts(problems)
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("not reported: %s", want[i])
		case i >= len(want):
			t.Errorf("reported too much: %s", got[i])
		case got[i] != want[i]:
			t.Errorf("problem %d:\n got %s\nwant %s", i, got[i], want[i])
		}
	}
}

func TestDecode(t *testing.T) {
	page := func(name string) *LandingPage { return &LandingPage{Meta: Meta{ID: "p"}, Name: name} }
	for _, tc := range []struct {
		name, file, text string
		want             []Document
		problems         []string
	}{
		{name: "nothing", file: "a.yaml", text: "# only a comment\n"},
		{name: "empty documents", file: "a.yaml", text: "---\n---\nkind: landing_page\nid: p\n---\n", want: []Document{page("")}},
		{name: "a date is a string", file: "a.yaml", text: "{kind: landing_page, id: p, name: 2024-01-01}", want: []Document{page("2024-01-01")}},
		{name: "a string by its tag", file: "a.yaml", text: "{kind: landing_page, id: p, name: !!str 301}", want: []Document{page("301")}},
		{name: "accounts are no matter of files", file: "a.yaml", text: "{kind: user, id: u}", problems: []string{"a.yaml:1: kind: unknown kind user; allowed are integration, advertiser, publisher, targeting_group, fraud_filter_group, filter_group, offer, landing_page, offer_event, blocked_sub_id, custom_payout, custom_throttle, postback_manager, offer_dictionary, publisher_dictionary, publisher_sub_id, smart_link, publisher_postback or publisher_pixel"}},
		{name: "a quoted number", file: "a.yaml", text: "{kind: landing_page, id: p, name: '301'}", want: []Document{page("301")}},
		{name: "NO is Norway", file: "a.yaml", text: "{kind: landing_page, id: p, name: NO}", want: []Document{page("NO")}},
		{name: "broken YAML keeps what stands before", file: "a.yaml", text: "kind: landing_page\nid: p\n---\na: b: c\n", want: []Document{page("")},
			problems: []string{"a.yaml:4: not valid YAML: mapping values are not allowed in this context"}},
		{name: "broken YAML without a line", file: "a.yaml", text: "{", problems: []string{"a.yaml:1: not valid YAML: did not find expected node content"}},
		{name: "an alias to nothing", file: "a.yaml", text: "a: *b", problems: []string{"a.yaml: not valid YAML: unknown anchor 'b' referenced"}},
		{name: "JSON object", file: "a.JSON", text: `{"id":"p","kind":"landing_page","name":"\ud83d\ude00\n"}`, want: []Document{page("😀\n")}},
		{name: "JSON list", file: "a.json", text: `[{"id":"p","kind":"landing_page"},{"id":"p","kind":"landing_page","name":"b"}]`, want: []Document{page(""), page("b")}},
		{name: "JSON empty list", file: "a.json", text: ` [ ] `},
		{name: "JSON of another sort", file: "a.json", text: `5`, problems: []string{"a.json:1: must be an object with the fields of a document and its kind, not the number 5"}},
		{name: "JSON lines count", file: "a.json", text: "{\n\"kind\":\"landing_page\",\n\"nme\":1\n}", problems: []string{"a.json:3: landing_page: nme: unknown field; did you mean name?"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			documents, problems := Decode(tc.file, []byte(tc.text))
			if !reflect.DeepEqual(documents, tc.want) {
				t.Errorf("documents %+v, want %+v", documents, tc.want)
			}
			if got := strings.Join(problemTexts(problems), "\n"); got != strings.Join(tc.problems, "\n") {
				t.Errorf("problems:\n%s\nwant:\n%s", got, strings.Join(tc.problems, "\n"))
			}
		})
	}
}

func TestDecodeJSONSyntax(t *testing.T) {
	for text, want := range map[string]string{
		``:                             "text ends in the middle of a value",
		`{`:                            "text ends in the middle of a value",
		`{"a"`:                         `want : after key "a", found the end`,
		`{"a":1`:                       "want , or }, found the end",
		`{"a":1,}`:                     "want a key in double quotes or }, found '}'",
		`{'a':1}`:                      `want a key in double quotes or }, found '\''`,
		`[1 2]`:                        "want , or ], found '2'",
		`[1,]`:                         "want a value, found ']'",
		`{} x`:                         "only one value is allowed, but 'x' follows it",
		`tru`:                          "want a value, found 't'",
		`01`:                           "a number must be written like 10, -3, 0.5 or 1e6",
		`+1`:                           "want a value, found '+'",
		`-`:                            "a number must be written like 10, -3, 0.5 or 1e6",
		`1.`:                           "a number must be written like 10, -3, 0.5 or 1e6",
		`1e+`:                          "a number must be written like 10, -3, 0.5 or 1e6",
		`"a`:                           "string has no closing quote",
		`"\n`:                          "string has no closing quote",
		`"\`:                           "text ends in the middle of a value",
		`"\x"`:                         `escape \x is not known; allowed are \" \\ \/ \b \f \n \r \t and \uXXXX`,
		`"\u12`:                        "text ends in the middle of a value",
		`"\u12G4"`:                     `\u must be followed by four hex digits, found "12G4"`,
		`"\ud800"`:                     `\ud800 is half of a surrogate pair; the other half is missing`,
		`"\ud800\ud800"`:               `\ud800 is half of a surrogate pair; the other half is missing`,
		`"\udc00"`:                     `\udc00 is half of a surrogate pair; the other half is missing`,
		"\"\t\"":                       `control character 0x09 in a string must be escaped as \u0009`,
		"\"\\n\x01\"":                  `control character 0x01 in a string must be escaped as \u0001`,
		"\ufeff{}":                     `want a value, found '\ufeff'`,
		"\"\xff\"":                     "text is not valid UTF-8",
		strings.Repeat("[", 99):        "nested deeper than 64 levels",
		strings.Repeat(`{"a":`, 1<<20): "nested deeper than 64 levels",
	} {
		_, problem := parseJSON([]byte(text))
		if problem == nil || problem.Message != want {
			t.Errorf("%.40q: got %v, want %q", text, problem, want)
		}
	}
	if _, problem := parseJSON([]byte("[\n\"\n\xff\"]")); problem == nil || problem.Line != 3 {
		t.Errorf("broken UTF-8 on line 3: got %v", problem)
	}
}

func TestDecodeYAMLDepth(t *testing.T) {
	list := func(levels int) []byte {
		return []byte("kind: offer\nid: " + strings.Repeat("[", levels) + strings.Repeat("]", levels))
	}
	const tooDeep = "nested deeper than 64 levels"
	_, problems := Decode("deep.yaml", list(64))
	if strings.Contains(problems.Error(), tooDeep) {
		t.Errorf("a list of 64 levels is refused: %v", problems)
	}
	_, problems = Decode("deep.yaml", list(65))
	if !strings.Contains(problems.Error(), tooDeep) {
		t.Errorf("a list of 65 levels: got %v, want %q", problems, tooDeep)
	}
}

func TestDecodeDocument(t *testing.T) {
	d, problems := DecodeDocument(KindOffer, []byte(`{"id":"demo","incremental_id":7,"block_on_reject":false}`))
	if problems != nil {
		t.Fatal(problems)
	}
	no := false
	if want := (&Offer{Meta: Meta{ID: "demo"}, IncrementalID: 7, BlockOnReject: &no}); !reflect.DeepEqual(d, want) {
		t.Errorf("got %+v, want %+v", d, want)
	}
	for _, tc := range []struct {
		kind       Kind
		text, want string
	}{
		{KindOffer, `{"id":"demo","kind":"offer"}`, `offer/demo: kind: unknown field`},
		{KindOffer, `{"id":"demo"} {}`, `offer: only one value is allowed, but '{' follows it`},
		{KindOffer, `null`, `offer: must be an object, not null; leave it out instead`},
		{"offers", `{}`, `kind: unknown kind offers; did you mean offer?; allowed are integration, advertiser, publisher, targeting_group, fraud_filter_group, filter_group, offer, landing_page, offer_event, blocked_sub_id, custom_payout, custom_throttle, postback_manager, offer_dictionary, publisher_dictionary, publisher_sub_id, smart_link, publisher_postback or publisher_pixel`},
	} {
		d, problems := DecodeDocument(tc.kind, []byte(tc.text))
		if d != nil {
			t.Errorf("%s %s: a document in spite of problems", tc.kind, tc.text)
		}
		for i := range problems {
			problems[i].Line = 0
		}
		wantProblems(t, problems, []string{tc.want})
	}
}

func TestProblemsAreSorted(t *testing.T) {
	got := Problems{{File: "b"}, {File: "a", Line: 2}, {File: "a", Line: 1, Path: "y"}, {File: "a", Line: 1, Path: "x"}}.sorted()
	want := Problems{{File: "a", Line: 1, Path: "x"}, {File: "a", Line: 1, Path: "y"}, {File: "a", Line: 2}, {File: "b"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("sorted %v, want %v", got, want)
	}
}
