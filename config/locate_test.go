package config

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLocate(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	yaml := write("a.yaml", `kind: offer
id: shoes
name: Shoes
default_payout:
  payout: 1
---
kind: targeting_group
id: t
click_targeting_settings:
  device:
    browsers:
      "a.b[0]": true
      plain: true
`)
	json := write("b.json", `[
{"kind": "filter_group", "id": "g", "filters": [
  {"type": "BOT"},
  {"type": "VPN",
   "settings": {"threshold_percentage": 101}}
]}]`)
	tests := []struct {
		path, file string
		line       int
	}{
		{"offer/shoes", yaml, 1},
		{"offer/shoes: name", yaml, 3},
		{"offer/shoes: default_payout.payout", yaml, 5},
		{"offer/shoes: default_payout.revenue", yaml, 4},
		{"offer/shoes: advertiser_id", yaml, 1},
		{`targeting_group/t: click_targeting_settings.device.browsers["a.b[0]"]`, yaml, 12},
		{"targeting_group/t: click_targeting_settings.device.browsers.plain", yaml, 13},
		{"filter_group/g: filters[1].settings.threshold_percentage", json, 5},
		{"filter_group/g: filters[9].settings", json, 2},
		{"offer/shoes-2: name", "", 0},
		{"offer/other: name", "", 0},
	}
	for _, tt := range tests {
		got := Locate(Problems{{Path: tt.path, Message: "x"}}, dir)[0]
		if got.File != tt.file || got.Line != tt.line {
			t.Errorf("%s is located at %s:%d, want %s:%d", tt.path, got.File, got.Line, tt.file, tt.line)
		}
	}
	known := Problem{File: "c.yaml", Line: 7, Path: "offer/shoes", Message: "x"}
	if got := Locate(Problems{known}, dir)[0]; got != known {
		t.Errorf("a problem that knows its place became %+v", got)
	}
}

func FuzzCutStep(f *testing.F) {
	for _, seed := range []string{"a.b[1].c", `a["x]"].b`, "[", "]", "a..b", "[0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		root := node{kind: objectNode, line: 1}
		if path != "" && root.at(path).line != 1 {
			t.Errorf("%q led out of an empty document", path)
		}
		for path != "" {
			step, rest := cutStep(path)
			if len(step) == 0 || len(rest) >= len(path) {
				t.Fatalf("%q was cut into %q and %q", path, step, rest)
			}
			path = rest
		}
	})
}
