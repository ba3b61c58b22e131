package schema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func parsed(tb testing.TB, text string) any {
	tb.Helper()
	value, found := Parse([]byte(text))
	if len(found) > 0 {
		tb.Fatalf("%s: %v", text, found)
	}
	return value
}

// The examples of RFC 7396, appendix A, that are objects.
func TestMerge(t *testing.T) {
	for _, tc := range []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"a":"foo"}`, `{"a":{"b":1,"c":null}}`, `{"a":{"b":1}}`},
	} {
		target, patch := parsed(t, tc.target).(map[string]any), parsed(t, tc.patch).(map[string]any)
		got := Merge(target, patch)
		if !reflect.DeepEqual(any(got), parsed(t, tc.want)) {
			t.Errorf("%s with %s is %v, want %s", tc.target, tc.patch, got, tc.want)
		}
		if !reflect.DeepEqual(any(patch), parsed(t, tc.patch)) {
			t.Errorf("the patch %s became %v", tc.patch, patch)
		}
	}
	if got := Merge(nil, map[string]any{"a": json.Number("1")}); len(got) != 1 {
		t.Errorf("nothing with a patch is %v", got)
	}
}

func TestWithoutNulls(t *testing.T) {
	before := parsed(t, `{"a":null,"b":{"c":null,"d":[null,{"e":null,"f":1}]}}`)
	got, want := WithoutNulls(before), parsed(t, `{"b":{"d":[null,{"f":1}]}}`)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("without nulls it is %v, want %v", got, want)
	}
	if _, still := before.(map[string]any)["a"]; !still {
		t.Error("the value was changed")
	}
}

func TestAt(t *testing.T) {
	body := parsed(t, `{"filters":[{"type":"BOT"},{"settings":{"a b":[7],"":8,"x\"]":9}}],"n":1}`)
	for path, want := range map[string]any{
		"":                                body,
		"n":                               json.Number("1"),
		"filters[0].type":                 "BOT",
		`filters[1].settings["a b"][0]`:   json.Number("7"),
		`filters[1].settings[""]`:         json.Number("8"),
		`filters[1].settings["x\"]"]`:     json.Number("9"),
		"filters[2]":                      nil,
		"filters[-1]":                     nil,
		"filters[x]":                      nil,
		"filters.type":                    nil,
		"n.more":                          nil,
		"missing.more[3]":                 nil,
		`filters[1].settings["no end`:     nil,
		"filters[0":                       parsed(t, `{"type":"BOT"}`),
		`filters[1].settings.["a b"][0]x`: nil,
	} {
		if got := At(body, path); !reflect.DeepEqual(got, want) {
			t.Errorf("at %q there is %v, want %v", path, got, want)
		}
	}
}

// What stands under a key is found again by the path, whatever the key.
func FuzzAt(f *testing.F) {
	f.Add(strings.Repeat("x", longestKey+1), strings.Repeat("é", longestKey))
	f.Add("name", "a b")
	f.Add("", `"]`)
	f.Add("[0]", ".")
	f.Fuzz(func(t *testing.T, outer, inner string) {
		At(inner, outer)
		if len(outer) > longestKey || len(inner) > longestKey {
			return // cut
		}
		body := map[string]any{outer: []any{map[string]any{inner: "here"}}}
		path := strings.TrimPrefix(under(under("", outer)+"[0]", inner), ".")
		if got := At(body, path); got != "here" {
			t.Errorf("at %s there is %v", path, got)
		}
	})
}
