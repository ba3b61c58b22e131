package schema

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		// want are the mistakes, "location: message" each.
		want []string
	}{
		{"good", `{"a":[1,{"b":null}],"c":"\ud83d\ude00"}`, nil},
		{"nothing", " \n", []string{"body: missing: a JSON value is expected"}},
		{"cut off", `{"a":[1,`, []string{"body: is no JSON at line 1, column 8: unexpected end of JSON input"}},
		{"syntax", "{\n \"a\": x}", []string{"body: is no JSON at line 2, column 7: invalid character 'x' looking for beginning of value"}},
		{"key without quotes", `{a:1}`, []string{"body: is no JSON at line 1, column 2: invalid character 'a'"}},
		{"key that is a number", `{1:1}`, []string{"body: is no JSON at line 1, column 2: invalid character '1'"}},
		{"trailing data", `{} {}`, []string{"body: is no JSON at line 1, column 4: invalid character '{' after top-level value"}},
		{"trailing garbage", `{} x`, []string{"body: is no JSON at line 1, column 4: invalid character 'x' after top-level value"}},
		{"a key twice", `{"a":{"b":1,"b":2},"a":3}`, []string{"body.a.b: given more than once; keep one", "body.a: given more than once; keep one"}},
		{"a long key twice", `{"` + strings.Repeat("a", 1000) + `":{"b":1,"b":2}}`, []string{`body["` + strings.Repeat("a", longestKey) + `"...].b: given more than once`}},
		{"a key twice in a list", `[0,{"x y":1,"x y":2}]`, []string{`body[1]["x y"]: given more than once; keep one`}},
		{"deep", strings.Repeat("[", deepest+2) + strings.Repeat("]", deepest+2), []string{"body: nests deeper than 32 levels at line 1, column 34"}},
		{"not so deep", strings.Repeat("[", deepest+1) + strings.Repeat("]", deepest+1), nil},
		{"large number", `{"a":1e309}`, []string{"body.a: is too large"}},
		{"long number", `{"a":` + strings.Repeat("1", 101) + `}`, []string{"body.a: must have at most 100 characters, found 101"}},
		{"long enough number", strings.Repeat("1", 100), nil},
		{"no UTF-8", "\"ab\xff\"", []string{"body: is no JSON at line 1, column 4: the text is not valid UTF-8"}},
		{"half a pair", `"a\ud83d"`, []string{`body: is no JSON at line 1, column 3: \u escapes from d800`}},
		{"the other half", `"\ude00"`, []string{`body: is no JSON at line 1, column 2: \u escapes from d800`}},
		{"half a pair and another", `"\ud83d\u0041"`, []string{`body: is no JSON at line 1, column 2: \u escapes from d800`}},
		{"half a pair at the end", `"\ud83d\ud8`, []string{`body: is no JSON at line 1, column 2: \u escapes from d800`}},
		{"what looks like half a pair", `"\\ud83d \n"`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, found := Parse([]byte(tc.text))
			if len(found) != len(tc.want) {
				t.Fatalf("found %v, want %q", found, tc.want)
			}
			for i, d := range found {
				if got := d.Location + ": " + d.Message; !strings.HasPrefix(got, tc.want[i]) {
					t.Errorf("found %q, want %q", got, tc.want[i])
				}
			}
		})
	}
}

func TestParseKeepsNumbers(t *testing.T) {
	value, found := Parse([]byte(`{"n":12345678901234567890.10}`))
	if n := value.(map[string]any)["n"]; len(found) > 0 || n != json.Number("12345678901234567890.10") {
		t.Errorf("the number became %v, with %v", n, found)
	}
}

func TestParseCountsVeryManyMistakes(t *testing.T) {
	_, found := Parse([]byte("{" + strings.Repeat(`"a":1,`, 5000) + `"a":1}`))
	if n, last := len(found), found[len(found)-1].Message; n != 1001 || last != "and 4000 more mistakes" {
		t.Errorf("%d mistakes, the last says %q", n, last)
	}
}

// What Parse takes is what encoding/json takes, and no more.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,null,true,"\u00e9\ud83d\ude00"]}`, `{"a":1,"a":2}`, `[[[]]] x`, `"\ud800"`, "\"\xff\"", `{"a":`, `1e400`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		value, found := Parse(raw)
		for _, d := range found {
			if d.Location == "" || d.Message == "" || !utf8.ValidString(d.Location) {
				t.Errorf("a mistake of %q says too little: %+v", raw, d)
			}
		}
		if len(found) > 0 {
			return
		}
		var want any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&want); err != nil || !json.Valid(raw) {
			t.Fatalf("%q was taken, but %v", raw, err)
		}
		if !reflect.DeepEqual(value, want) {
			t.Errorf("%q became %#v, want %#v", raw, value, want)
		}
	})
}
