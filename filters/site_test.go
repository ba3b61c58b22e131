package filters

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestSite(t *testing.T) {
	const words, fraud = `{"keywords": ["casino", "b.example/"]}`, `{"categories": ["fraud"]}`
	const both, allowed = `{"keywords": ["casino"], "categories": ["fraud"]}`, `{"keywords": ["b.example/"], "categories": ["fraud"], "invert": true}`
	const allowedNotEmpty = `{"keywords": ["b.example/"], "invert": true, "reject_empty_value": true}`
	for _, tc := range []struct {
		name, settings, url string
		fraud, known        bool
		want                Outcome
		detail              string
	}{
		{"no word", words, "https://a.example/", false, true, Pass, ""},
		{"a word, whatever the case", words, "https://a.example/?q=CASINO", false, true, Hit, "casino"},
		{"a word behind a long query", words, "https://a.example/?" + strings.Repeat("x", 5000) + "casino", false, true, Hit, "casino"},
		{"a host and path", words, "https://B.example/x", false, true, Hit, "b.example/"},
		{"words do not need categories", words, "https://a.example/", false, false, Pass, ""},
		{"empty", words, "", false, true, Pass, ""},
		{"a category", fraud, "https://a.example/", true, true, Hit, "fraud"},
		{"not of the category", fraud, "https://a.example/", false, true, Pass, ""},
		{"categories not known", fraud, "https://a.example/", false, false, Unknown, ""},
		{"categories not known, and empty", fraud, "", false, false, Pass, ""},
		{"categories not known, but a word", both, "https://casino.example/", false, false, Hit, "casino"},
		{"a word is said before the category", both, "https://casino.example/", true, true, Hit, "casino"},
		{"allowed by word", allowed, "https://b.example/x", false, true, Pass, ""},
		{"allowed by word, categories not known", allowed, "https://b.example/x", false, false, Pass, ""},
		{"allowed by category", allowed, "https://a.example/x", true, true, Pass, ""},
		{"not allowed", allowed, "https://a.example/x", false, true, Hit, "not among the allowed"},
		{"perhaps allowed", allowed, "https://a.example/x", false, false, Unknown, ""},
		{"inverted and empty", allowed, "", false, true, Pass, ""},
		{"inverted and empty is rejected", allowedNotEmpty, "", false, true, Hit, "empty"},
	} {
		var categories click.CategorySet
		if tc.fraud {
			categories = click.CategoryFraud
		}
		for typ, change := range map[*Type]func(c *click.Click){
			&referer: func(c *click.Click) { c.Referer, c.RefererCategories = tc.url, categories },
			&siteURL: func(c *click.Click) { c.SiteURL, c.SiteCategories = tc.url, categories },
		} {
			c := visitor(change)
			c.CategoriesKnown = tc.known
			got := compile(t, *typ, tc.settings).Check(c)
			if got.Outcome != tc.want || got.Detail != tc.detail {
				t.Errorf("%s, %s: %s with detail %q, want %s with %q", typ.Code, tc.name, got.Outcome, got.Detail, tc.want, tc.detail)
			}
			if got.Outcome == Hit && got.Reasons != click.SetOf(typ.Reasons...) {
				t.Errorf("%s, %s: reasons %b", typ.Code, tc.name, got.Reasons)
			}
		}
	}
	for _, typ := range []Type{referer, siteURL} {
		testRefused(t, typ, []refused{
			{``, "", "rejects nothing; give keywords, categories or reject_empty_value"},
			{`{"invert": true, "reject_empty_value": true}`, "invert", "there are none"},
			{`{"categories": ["frued"]}`, "categories[0]", `unknown category "frued"; there are fraud`},
			{`{"categories": ["fraud", "fraud"]}`, "categories", "at most 1 entries, not 2"},
			{`{"keywords": [""]}`, "keywords[0]", "blank"},
			{`{"domains": []}`, "domains", "unknown field"},
		})
	}
}
