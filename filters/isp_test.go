package filters

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestISP(t *testing.T) {
	for _, tc := range []struct {
		keywords, isp string
		known         bool
		want, invert  Outcome
	}{
		{`"telekom"`, "Deutsche Telekom AG", true, Hit, Pass},
		{`"TELEKOM ag"`, "Deutsche Telekom AG", true, Hit, Pass},
		{`"hosting", "deutsche"`, "Deutsche Telekom AG", true, Hit, Pass},
		{`"vodafone"`, "Deutsche Telekom AG", true, Pass, Hit},
		{`"telekom"`, "", true, Pass, Hit},
		{`"telekom"`, "Deutsche Telekom AG", false, Unknown, Unknown},
		{`"ТЕЛЕКОМ"`, "Ростелеком", true, Hit, Pass},
		{`"οδος"`, "ΟΔΟΣ", true, Hit, Pass},
		{`"köln"`, "NETKÖLN", true, Hit, Pass},
		{`"kabel"`, "\u212aabel", true, Hit, Pass}, // the Kelvin sign
		{`"stadt"`, "\u017ftadt", true, Hit, Pass}, // the long s
		{`"isp"`, "\xff\xfeISP\xc3", true, Hit, Pass},
		{`"hosting"`, strings.Repeat("x", 400) + "hosting", true, Hit, Pass},
	} {
		for _, inverted := range []bool{false, true} {
			want := tc.want
			if inverted {
				want = tc.invert
			}
			f := compile(t, isp, fmt.Sprintf(`{"keywords": [%s], "invert": %t}`, tc.keywords, inverted))
			got := f.Check(visitor(func(c *click.Click) { c.Geo.ISP, c.Geo.ISPKnown = tc.isp, tc.known }))
			if got.Outcome != want {
				t.Errorf("keywords %s against %q (inverted: %t): %s, want %s", tc.keywords, tc.isp, inverted, got.Outcome, want)
			}
			if got.Outcome == Hit && (got.Reasons != click.SetOf(click.ISP) || got.Detail != tc.isp) {
				t.Errorf("keywords %s against %q: reasons %b and detail %q, want ISP and the name", tc.keywords, tc.isp, got.Reasons, got.Detail)
			}
		}
	}
}

func TestISPSettings(t *testing.T) {
	testRefused(t, isp, []refused{
		{``, "keywords", "1 to 1000 entries, not 0"},
		{`{"invert": true}`, "keywords", "1 to 1000 entries, not 0"},
		{`{"keywords": ["a"` + strings.Repeat(`, "a"`, 1000) + `]}`, "keywords", "not 1001"},
		{`{"keywords": ["a", ""]}`, "keywords[1]", "blank"},
		{`{"keywords": [" \t"]}`, "keywords[0]", "blank"},
		{`{"keywords": ["` + strings.Repeat("x", 101) + `"]}`, "keywords[0]", "at most 100 bytes, not 101"},
		{`{"keywords": "telekom"}`, "keywords", ""},
		{`{"keywords": [1]}`, "keywords[0]", ""},
	})
}
