package config

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzDecode wants that no file makes the decoder panic, and that what it
// accepts can be stored and read back to the same digest.
func FuzzDecode(f *testing.F) {
	f.Add(false, []byte(validYAML(f)))
	for d := range validSet(f).All() {
		text, err := Encode(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(true, append([]byte(`{"kind":"`+string(d.Key().Kind)+`",`), text[1:]...))
	}
	f.Add(false, []byte("a: &x [*x]\n--- !t {<<: 1, ? [b] : 0x1}\n"))
	f.Add(true, []byte(`[{"kind":"offer","default_payout":{"payout":1E-400}},[],"\ud83d\ude00"]`))
	f.Fuzz(func(t *testing.T, isJSON bool, data []byte) {
		name := "fuzz.yaml"
		if isJSON {
			name = "fuzz.json"
		}
		documents, problems := Decode(name, data)
		_ = problems.Error()
		var stored []Document
		for _, d := range documents {
			text, err := Encode(d)
			if err != nil {
				t.Fatalf("%s was accepted but cannot be encoded: %v", d.Key(), err)
			}
			back, problems := DecodeDocument(d.Key().Kind, text)
			if problems != nil {
				t.Fatalf("%s was encoded but is refused: %v\n%s", d.Key(), problems, text)
			}
			stored = append(stored, back)
		}
		before, _ := NewSet(documents...)
		after, _ := NewSet(stored...)
		if before.Digest() != after.Digest() {
			t.Fatalf("digest changed from %s to %s", before.Digest(), after.Digest())
		}
		_ = before.Validate(Checks{}).Error()
	})
}

// FuzzDecodeSettings holds the JSON parser against encoding/json: what we
// accept, it accepts too and reads the same.
func FuzzDecodeSettings(f *testing.F) {
	for _, seed := range []string{`{"raw":[1.5e3,"\u00e9\ud83d\ude00",null,{"b":true,"a":{}}]}`, `{"name":"\\\"/","rate":-0.0}`, `{"small":5,"nested":{"":{}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var settings testSettings
		if DecodeSettings(data, &settings) != nil || len(data) == 0 {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("%q was accepted but is not JSON", data)
		}
		if len(settings.Raw) == 0 {
			return
		}
		var theirs struct {
			Raw json.RawMessage `json:"raw"`
		}
		if err := json.Unmarshal(data, &theirs); err != nil {
			t.Fatal(err)
		}
		if ours, want := anyOf(t, settings.Raw), anyOf(t, theirs.Raw); !bytes.Equal(ours, want) {
			t.Fatalf("settings of %q mean %s, want %s", data, ours, want)
		}
	})
}

// anyOf is what the standard library makes of JSON, in its own spelling.
func anyOf(t *testing.T, text []byte) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
