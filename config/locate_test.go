package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
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
		got := Read(nil, dir).Mistakes(Problems{{Path: tt.path, Message: "x"}}, nil)[0]
		if got.File != tt.file || got.Line != tt.line {
			t.Errorf("%s is located at %s:%d, want %s:%d", tt.path, got.File, got.Line, tt.file, tt.line)
		}
	}
	known := Problem{File: "c.yaml", Line: 7, Path: "offer/shoes", Message: "x"}
	if got := Read(nil, dir).Mistakes(Problems{known}, nil)[0]; got != known {
		t.Errorf("a problem that knows its place became %+v", got)
	}
}

// TestMistakesOfAllRounds: what is wrong in the shape of one document does not
// hide what another says, nor is it told twice or blamed on those that refer
// to it.
func TestMistakesOfAllRounds(t *testing.T) {
	const page = `{kind: landing_page, id: page, organization: o, offer: shoes, incremental_id: 0, name: Page, redirect_url: "https://x.example"}`
	for _, c := range []struct {
		name, text string
		names      []Key
		want       []string
	}{
		{"a broken document is there", "{kind: offer, id: shoes, organization: o, active: maybe}\n---\n" + page, nil, []string{
			`stdin:1: offer/shoes: active: must be true or false, not the string "maybe"`,
			"stdin:3: landing_page/page: incremental_id: must be at least 1, found 0",
		}},
		{"a broken document's number and owner are not known", "{kind: advertiser, id: a, organization: o, incremental_id: '1', name: A}\n---\n" +
			"{kind: offer, id: shoes, organization: o, integration: i, incremental_id: 1, name: S, advertiser_id: 1, targeting_group_id: none}\n---\n" +
			"{kind: integration, id: i, organization: 7, name: I, type: Custom, conversion_secure_code: s}", nil, []string{
			`stdin:1: advertiser/a: incremental_id: must be a whole number, not the string "1"`,
			"stdin:3: offer/shoes: targeting_group_id: there is no targeting_group/none",
			"stdin:5: integration/i: organization: must be a string, not the number 7",
		}},
		{"a broken document's number is known", "{kind: advertiser, id: a, organization: o, incremental_id: 2, name: 7}\n---\n" +
			"{kind: offer, id: shoes, organization: o, integration: i, incremental_id: 1, name: S, advertiser_id: 1}\n---\n" +
			"{kind: integration, id: i, organization: o, name: 8}", nil, []string{
			"stdin:1: advertiser/a: name: must be a string, not the number 7",
			"stdin:3: offer/shoes: advertiser_id: there is no advertiser with incremental id 1",
			"stdin:5: integration/i: name: must be a string, not the number 8",
		}},
		{"a value may be free once a broken document is mended", "{kind: advertiser, id: a, organization: o, incremental_id: 1, name: 7}\n---\n" +
			"{kind: advertiser, id: b, organization: o, incremental_id: 1, name: B}\n---\n{kind: advertiser, id: c, organization: o, incremental_id: 2, name: C}\n---\n" +
			"{kind: advertiser, id: d, organization: o, incremental_id: 2, name: D}", nil, []string{
			"stdin:1: advertiser/a: name: must be a string, not the number 7",
			"stdin:7: advertiser/d: incremental_id: 2 is taken by advertiser/c",
		}},
		{"a broken document's id is not known", "{kind: offer, id: 7, organization: o}\n---\n" + page + "\n---\n" +
			"{kind: blocked_sub_id, id: b, organization: o, publisher_incremental_id: 1, offer_incremental_id: 1, sub_id: x}", nil, []string{
			"stdin:1: offer: id: must be a string, not the number 7; put it in quotes",
			"stdin:3: landing_page/page: incremental_id: must be at least 1, found 0",
			"stdin:5: blocked_sub_id/b: publisher_incremental_id: there is no publisher with incremental id 1",
		}},
		{"documents behind a mistake of syntax may be there", page + "\n---\n{kind: offer", nil, []string{
			"stdin:1: landing_page/page: incremental_id: must be at least 1, found 0",
			"stdin:2: not valid YAML: did not find expected ',' or '}'",
		}},
		{"a document of no known kind may be the one", page + "\n---\n{kind: ofer, id: shoes}", nil, []string{
			"stdin:1: landing_page/page: incremental_id: must be at least 1, found 0",
			`stdin:3: kind: unknown kind ofer`,
		}},
		{"a document under another name", "\n" + strings.Replace(page, "id: page, ", "", 1), []Key{{KindLandingPage, "made"}}, []string{
			"stdin:2: landing_page/made: incremental_id: must be at least 1, found 0",
			"stdin:2: landing_page/made: offer: there is no offer/shoes",
		}},
		{"JSON", `[` + "\n" + `{"kind":"offer","id":"shoes","nme":1}]`, nil, []string{
			"stdin:2: offer/shoes: nme: unknown field; did you mean name?",
		}},
	} {
		f := Read(strings.NewReader(c.text), Stdin)
		set, _ := NewSet(f.Documents...)
		if c.names != nil {
			set, _ = NewSet(Identify(f.Documents[0], c.names[0].ID, 0))
		}
		got := problemTexts(f.Mistakes(set.Validate(Checks{}), c.names))
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s:\n  %s\nwant\n  %s", c.name, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
		}
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
