package config

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

type testShared struct {
	Hours int64 `json:"lookback_hours"`
}

type testSettings struct {
	testShared
	On       bool                  `json:"on"`
	Small    int8                  `json:"small"`
	Count    uint16                `json:"count"`
	Rate     float64               `json:"rate"`
	Name     string                `json:"name"`
	Words    []string              `json:"words"`
	Versions map[string]string     `json:"versions"`
	Nested   map[string]testShared `json:"nested"`
	Pointer  *testShared           `json:"pointer"`
	Raw      Raw                   `json:"raw"`
}

func TestDecodeSettings(t *testing.T) {
	preset := testSettings{testShared: testShared{24}, Name: "preset", Words: []string{"a"}}
	with := func(change func(*testSettings)) testSettings {
		s := preset
		change(&s)
		return s
	}
	for _, tc := range []struct {
		name, raw string
		want      testSettings
		problems  []string
	}{
		{name: "nothing keeps what was preset", raw: "", want: preset},
		{name: "null keeps what was preset", raw: " null ", want: preset},
		{name: "an absent field keeps what was preset", raw: `{"on":true}`, want: with(func(s *testSettings) { s.On = true })},
		{name: "every type", raw: `{"lookback_hours":1,"on":true,"small":-128,"count":65535,"rate":1e1,"name":"x\u00e9\ud83d\ude00",
			"words":["b","c"],"versions":{"Chrome":"90.1"},"nested":{"a b":{"lookback_hours":2}},"pointer":{"lookback_hours":3},"raw":{"b":1.0,"a":[null]}}`,
			want: testSettings{testShared{1}, true, -128, 65535, 10, "xé😀", []string{"b", "c"}, map[string]string{"Chrome": "90.1"},
				map[string]testShared{"a b": {2}}, &testShared{3}, Raw(`{"a":[null],"b":1}`)}},
		{name: "an empty list replaces a preset one", raw: `{"words":[]}`, want: with(func(s *testSettings) { s.Words = nil })},
		{name: "null is nothing for pointers and raw", raw: `{"pointer":null,"raw":null}`, want: preset},
		{name: "all mistakes at once", raw: `{"lokback_hours":1,"on":1,"small":128,"count":-1,"rate":"1","name":5,"words":{},"versions":{"a":1},
			"nested":{"a b":{"lookback_hours":1.5}},"pointer":[],"raw":{"a":1,"a":2},"on":true}`,
			problems: []string{
				`count: must not be negative, found -1`,
				`lokback_hours: unknown field; did you mean lookback_hours?`,
				`name: must be a string, not the number 5; put it in quotes`,
				`nested["a b"].lookback_hours: must be a whole number without fraction or exponent, found 1.5`,
				`on: must be true or false, not the number 1`,
				`on: given twice; keep one`,
				`pointer: must be an object, not a list`,
				`rate: must be a number, not the string "1"`,
				`raw.a: given twice; keep one`,
				`small: must be from -128 to 127, found 128`,
				`versions.a: must be a string, not the number 1; put it in quotes`,
				`words: must be a list, not an object`,
			}},
		{name: "null for a value", raw: `{"name":null,"words":[null]}`, problems: []string{
			`name: must be a string, not null; leave it out instead`,
			`words[0]: must be a string, not null; leave it out instead`,
		}},
		{name: "not an object", raw: `[]`, problems: []string{`must be an object, not a list`}},
		{name: "too large", raw: `{"rate":1e999,"raw":[1e999],"count":65536}`, problems: []string{
			`count: must be from 0 to 65535, found 65536`,
			`rate: number 1e999 is too large; the largest is about 1.8e308`,
			`raw[0]: number 1e999 is too large; the largest is about 1.8e308`,
		}},
		{name: "duplicate map key", raw: `{"versions":{"a":"1","a":"2"}}`, problems: []string{`versions.a: given twice; keep one`}},
		{name: "two values", raw: `{} {}`, problems: []string{`only one value is allowed, but '{' follows it`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := preset
			problems := DecodeSettings(Raw(tc.raw), &got)
			if texts := problemTexts(problems); !slices.Equal(texts, tc.problems) {
				t.Fatalf("problems of %s:\n%s\nwant:\n%s", tc.raw, strings.Join(texts, "\n"), strings.Join(tc.problems, "\n"))
			}
			if tc.problems == nil && !reflect.DeepEqual(got, tc.want) {
				t.Errorf("settings of %s:\n%+v, want\n%+v", tc.raw, got, tc.want)
			}
		})
	}
}

func TestDecodeSettingsIntoList(t *testing.T) {
	var got []testShared
	if problems := DecodeSettings(Raw(`[{"lookback_hours":1},{"lookback_hours":2}]`), &got); problems != nil {
		t.Fatalf("a list of rules is refused: %v", problems)
	}
	if want := []testShared{{1}, {2}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	problems := DecodeSettings(Raw(`[{"lookback_hours":1},{"lookback_hours":"2"}]`), &got)
	want := []string{`[1].lookback_hours: must be a whole number, not the string "2"`}
	if texts := problemTexts(problems); !slices.Equal(texts, want) {
		t.Errorf("problems %q, want %q", texts, want)
	}
}
