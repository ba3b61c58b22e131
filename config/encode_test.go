package config

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/money"
)

// TestEncodeRoundTrip is about all documents of the valid file, and about each
// kind with every field filled.
func TestEncodeRoundTrip(t *testing.T) {
	var documents []Document
	for d := range validSet(t).All() {
		documents = append(documents, d)
	}
	for _, kind := range Kinds() {
		empty, _ := NewDocument(kind)
		full, _ := NewDocument(kind)
		fill(reflect.ValueOf(full).Elem())
		documents = append(documents, empty, full)
	}
	for _, d := range documents {
		text, err := Encode(d)
		if err != nil {
			t.Errorf("%s: %v", d.Key(), err)
			continue
		}
		back, problems := DecodeDocument(d.Key().Kind, text)
		if problems != nil {
			t.Errorf("%s does not read back: %v\n%s", d.Key(), problems, text)
			continue
		}
		if !reflect.DeepEqual(back, d) {
			t.Errorf("%s came back changed:\n got %+v\nwant %+v", d.Key(), back, d)
		}
		again, err := Encode(back)
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s is not stable: %v\n%s\n%s", d.Key(), err, text, again)
		}
		checkAgainstStandardLibrary(t, d, text)
	}
}

// checkAgainstStandardLibrary holds our codec against encoding/json, with
// which the API reads and writes the same types.
func checkAgainstStandardLibrary(t *testing.T, d Document, text []byte) {
	t.Helper()
	theirs, _ := NewDocument(d.Key().Kind)
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(theirs); err != nil || !reflect.DeepEqual(theirs, d) {
		t.Errorf("encoding/json reads %s as\n%+v (%v), want\n%+v", text, theirs, err, d)
	}
	written, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	ours, problems := DecodeDocument(d.Key().Kind, written)
	if problems != nil || !reflect.DeepEqual(ours, d) {
		t.Errorf("we read what encoding/json wrote, %s, as\n%+v (%v), want\n%+v", written, ours, problems, d)
	}
}

// fill gives every field below v a value that is not zero.
func fill(v reflect.Value) {
	switch {
	case v.Type() == rawType:
		v.SetBytes([]byte(`{"a":[1,"x"]}`))
		return
	case v.Type() == amountType:
		v.Set(reflect.ValueOf(money.MustParse("-9999999999999.999999")))
		return
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(-1 << 63)
	case reflect.Float64:
		v.SetFloat(0.1)
	case reflect.String:
		v.SetString("a\"\\\n\x00é😀\u2028<&>")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}

func TestEncodeIsCanonical(t *testing.T) {
	d := &Integration{Meta: Meta{ID: "i"}}
	d.ExcludedSources.Countries = []string{} // says nothing, as nil does
	d.DefaultFilters = []Filter{{Type: "A", Settings: Raw("null")}, {Type: "B", Settings: Raw(` { "b" : [ 1.50, -0, 1e3, 1E-7, 12345678901234567890123 ], "a" : "\u0041\/" } `)}}
	text, err := Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	want := `"default_filters":[{"type":"A"},{"type":"B","settings":{"a":"A/","b":[1.5,0,1000,1e-07,12345678901234567890123]}}]`
	if !strings.Contains(string(text), want) {
		t.Errorf("%s does not hold %s", text, want)
	}
	if strings.Contains(string(text), "excluded_sources") {
		t.Errorf("%s holds excluded_sources, which are empty", text)
	}
}

func TestEncodeErrors(t *testing.T) {
	for want, d := range map[string]Document{
		`cannot be written as JSON: name: string "\xff" is not valid UTF-8`:                                          &Offer{Name: "\xff"},
		`cannot be written as JSON: filters: [0]: settings: text ends in the middle of a value`:                      &FilterGroup{Filters: []Filter{{Settings: Raw(`{`)}}},
		`cannot be written as JSON: filters: [0]: settings: a: given twice; keep one`:                                &FilterGroup{Filters: []Filter{{Settings: Raw(`{"a":1,"a":1}`)}}},
		`cannot be written as JSON: ui_macros: clicks: string "\xff" is not valid UTF-8`:                             &Integration{UIMacros: &UIMacros{Clicks: map[string]string{"\xff": ""}}},
		`cannot be written as JSON: fraud_click_filter_settings: bot: want a value, found 'x'`:                       &Integration{FraudClickFilterSettings: FraudSettings{"bot": Raw("x")}},
		`cannot be written as JSON: filters: [0]: settings: number 1e999 is too large; the largest is about 1.8e308`: &FilterGroup{Filters: []Filter{{Settings: Raw(`1e999`)}}},
	} {
		if text, err := Encode(d); err == nil || err.Error() != want {
			t.Errorf("got %s and error %v, want %s", text, err, want)
		}
	}
}
