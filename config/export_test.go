package config

import (
	"bytes"
	"io"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/money"
)

var writers = map[string]func(io.Writer, iter.Seq[Document]) error{"export.yaml": WriteYAML, "export.json": WriteJSON}

// wantRoundTrip wants that documents come back from both formats as they were.
func wantRoundTrip(tb testing.TB, documents []Document) {
	tb.Helper()
	for name, write := range writers {
		var out, again bytes.Buffer
		if err := write(&out, slices.Values(documents)); err != nil {
			tb.Fatalf("%s: %v", name, err)
		}
		back, problems := Decode(name, out.Bytes())
		if problems != nil {
			tb.Fatalf("%s does not read back: %v\n%s", name, problems, out.Bytes())
		}
		if len(back) != len(documents) {
			tb.Fatalf("%s: %d documents came back of %d:\n%s", name, len(back), len(documents), out.Bytes())
		}
		for i := range back {
			got, _ := Encode(back[i])
			want, _ := Encode(documents[i])
			if back[i].Key() != documents[i].Key() || !bytes.Equal(got, want) {
				tb.Fatalf("%s: %s came back as\n%s, want\n%s\nfrom\n%s", name, documents[i].Key(), got, want, out.Bytes())
			}
		}
		if err := write(&again, slices.Values(back)); err != nil || !bytes.Equal(again.Bytes(), out.Bytes()) {
			tb.Fatalf("%s: a second export differs: %v\n%s\n%s", name, err, again.Bytes(), out.Bytes())
		}
	}
}

// nasty are strings that a careless writer or reader of YAML changes.
var nasty = []string{
	"", " ", "\n", "\n\n", "a\n", "a\nb", "a\n\nb", "a\nb\n\n", " a\nb", "a\n b", "a \nb", "\ta\nb", "a\tb", "a\r\nb", "a\rb",
	"yes", "No", "ON", "off", "y", "N", "true", "False", "null", "Null", "~", "<<", "=", "-", "?", ":", "- a", "? a", "a: b", "a :b", "a:", ":a",
	"0", "007", "00123", "1e3", "1E-7", ".5", "5.", "0x1F", "0o17", "0b1", "1_000", "12:30", "1:2:3", "190:20:30.15", "+1", "-0", ".inf", "-.INF", ".NaN",
	"2026-01-31", "2026-01-31T10:00:00Z", "#a", "a #b", "a#b", "&a", "*a", "!a", "!!str a", "|", ">", "|-\n a", "%a", "@a", "`a", "'a'", `"a"`, `a"b'c\d`, "a'", "[a]", "{a}", "a, b", "[", "]", "{}", "---", "...", "--- a", "a\n---\nb", "a\n...\nb", "\n---",
	"{click_id}", "http://localhost:9090/x?a={b}&c=d#e", "ümläut", "日本語", "😀", "a\u0085b", "a\u2028b", "a\u2029b", "\ufeff", "\ufeffa\nb", "a\u00a0b", "a\u00adb", "a\u200bb", "a\u202eb", "a\nb\u0085c", "a\n\u2028b", "a\nb\u2029", "a\n\ufeffb", "a\n\x7f", "a\n\u00a0", "\x00", "\x1b[31m", "\x7f", "\u009b", "\ufffd", "\uffff", "\U0010ffff", "a\x00\nb",
	strings.Repeat("long ", 60), strings.Repeat("x", 300), strings.Repeat("line of text\n", 30), strings.Repeat("key", 60) + "\n",
}

// every is one document of each kind, with fields set by pick.
func every(pick picker) []Document {
	var documents []Document
	for _, kind := range Kinds() {
		d, _ := NewDocument(kind)
		pick.fill(reflect.ValueOf(d).Elem())
		documents = append(documents, d)
	}
	return documents
}

// picker chooses values for fields.
type picker struct {
	*rand.Rand
	strings []string
}

func (p picker) string() string { return p.strings[p.IntN(len(p.strings))] }

// fill gives some of the fields below v a value. Raw values are such as every
// decoder makes of them.
func (p picker) fill(v reflect.Value) {
	if p.IntN(4) == 0 && v.Kind() != reflect.Struct {
		return
	}
	if v.Type() == rawType {
		v.SetBytes(p.raw(2))
		return
	}
	if v.Type() == amountType {
		v.Set(reflect.ValueOf(money.New(int64(p.Uint64()), money.Decimals)))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(int64(p.Uint64()))
	case reflect.Float64:
		v.SetFloat(p.NormFloat64() * 1e9)
	case reflect.String:
		v.SetString(p.string())
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		p.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), p.IntN(4), 4))
		for i := range v.Len() {
			p.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range p.IntN(4) {
			value := reflect.New(v.Type().Elem()).Elem()
			p.fill(value)
			v.SetMapIndex(reflect.ValueOf(p.string()).Convert(v.Type().Key()), value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			p.fill(v.Field(i))
		}
	}
}

// raw is any JSON in canonical form.
func (p picker) raw(depth int) []byte {
	choices := 4
	if depth > 0 {
		choices = 6
	}
	switch p.IntN(choices) {
	case 0:
		return []byte("true")
	case 1:
		return []byte([]string{"0", "-1", "1.5", "1e-07", "1e+21", "12345678901234567890123", "null"}[p.IntN(7)])
	case 2, 3:
		return appendString(nil, p.string())
	case 4:
		return slices.Concat([]byte("["), p.raw(depth-1), []byte(","), p.raw(depth-1), []byte("]"))
	}
	return slices.Concat([]byte("{"), appendString(nil, p.string()), []byte(":"), p.raw(depth-1), []byte("}"))
}

// TestExportRoundTrip is about each nasty string in every field of every kind,
// and about random documents.
func TestExportRoundTrip(t *testing.T) {
	for _, s := range nasty {
		wantRoundTrip(t, every(picker{rand.New(rand.NewPCG(1, 2)), []string{s}}))
	}
	for seed := range uint64(200) {
		wantRoundTrip(t, every(picker{rand.New(rand.NewPCG(seed, 7)), nasty}))
	}
	wantRoundTrip(t, nil)
	var documents []Document
	for d := range validSet(t).All() {
		documents = append(documents, d)
	}
	wantRoundTrip(t, documents)
}

func FuzzExport(f *testing.F) {
	for i, s := range nasty {
		f.Add(uint64(i), s, "a")
	}
	f.Fuzz(func(t *testing.T, seed uint64, a, b string) {
		a, b = strings.ToValidUTF8(a, "?"), strings.ToValidUTF8(b, "?")
		wantRoundTrip(t, every(picker{rand.New(rand.NewPCG(seed, 3)), []string{a, b}}))
	})
}

// TestExportIsReadable compares with the text that a person would write.
func TestExportIsReadable(t *testing.T) {
	const text = `kind: integration
id: demo
organization: acme
name: Müller & Söhne, Köln
type: Custom
active: true
monitoring_mode: false
offer_preview_enabled: false
clicks_config:
  global_fallback_url: http://localhost:9090/fallback?click_id={click_id}&reason={rejection_reason}
  redirect_strategy: "302"
conversions_config: {}
conversion_secure_code: "no"
default_revenue_payout: {}
default_filters:
  - type: BOT
    settings:
      allowed_user_agents:
        - curl
        - "1.0"
      ratio: 0.5
  - type: VPN
---
kind: offer
id: shoes
organization: acme
integration: demo
incremental_id: 1
name: "0123"
advertiser_id: 1
default_payout:
  payout: 1.5
  payout_type: CPA
description: |-
  First line.

  Second paragraph: with a colon.
`
	documents, problems := Decode("text.yaml", []byte(text))
	if problems != nil {
		t.Fatal(problems)
	}
	var out bytes.Buffer
	if err := WriteYAML(&out, slices.Values(documents)); err != nil || out.String() != text {
		t.Errorf("exported as (%v)\n%s\nwant\n%s", err, out.String(), text)
	}
}

// TestExportOfStrings: what other readers of YAML might take for something
// else, and what nobody sees in an editor, stands in quotes.
func TestExportOfStrings(t *testing.T) {
	for s, want := range map[string]string{
		"plain words: none": `"plain words: none"`, "plain": "plain", "a:b{c}": "a:b{c}", "9.3.5": "9.3.5", "10.0.0.1": "10.0.0.1", "Köln": "Köln",
		"302": `"302"`, "No": `"No"`, "12:30": `"12:30"`, "0o17": `"0o17"`, "2026-01-31": `"2026-01-31"`, "": `""`, "null": `"null"`,
		"a\nb": "|-\n  a\n  b", "a\n\nb\n": "|\n  a\n\n  b", "a\n b": `"a\n b"`, "a\nb\u2028c": `"a\nb\Lc"`, "a\u00a0b": "\"a\u00a0b\"", "a\u200bb": "\"a\u200bb\"",
	} {
		var out bytes.Buffer
		if err := WriteYAML(&out, slices.Values([]Document{&LandingPage{Name: s}})); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(out.String(), "\nname: ")
		got, _, _ := strings.Cut(rest, "\nredirect_url: ")
		if strings.ReplaceAll(got, "'", `"`) != want {
			t.Errorf("%q is written as %s, want %s", s, got, want)
		}
	}
}

func TestExportErrors(t *testing.T) {
	for name, write := range writers {
		err := write(io.Discard, slices.Values([]Document{&Offer{Meta: Meta{ID: "x"}, Name: "\xff"}}))
		if err == nil || !strings.Contains(err.Error(), "offer/x: cannot be written as JSON: name: ") {
			t.Errorf("%s: error %v for a name that is not UTF-8", name, err)
		}
	}
}
