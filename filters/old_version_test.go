package filters

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestOldBrowser(t *testing.T) {
	const settings = `{"browsers": {"google CHROME": "120", "Opera": "100", "Chrome Mobile WebView": "130", "Safari": "14.1"}}`
	for _, tc := range []struct {
		browser, version string
		want, inverted   Outcome
		detail           string
	}{
		{"Chrome", "119.9.9", Hit, Pass, "below google CHROME 120"},
		{"Chrome", "120", Pass, Hit, ""},
		{"CHROME", "9", Hit, Pass, "below google CHROME 120"},
		{"Chrome Mobile", "119", Hit, Pass, "below google CHROME 120"},
		{"Chrome Mobile WebView", "129", Hit, Pass, "below Chrome Mobile WebView 130"},
		{"Mobile Safari", "14.0.3", Hit, Pass, "below Safari 14.1"},
		{"Mobile Safari", "14.10", Pass, Hit, ""},
		{"Firefox", "1", Pass, Pass, ""},
		{"Vivaldi", "7.5", Pass, Pass, ""},    // not Chrome 7
		{"Brave", "1.40.128", Pass, Pass, ""}, // as its user agent has it on iOS
		{"Coc Coc", "119", Pass, Pass, ""},
		{"Avast Secure Browser", "119", Pass, Pass, ""},
		{"Opera Mini", "7", Pass, Pass, ""},
		{"Opera Mobile", "99", Hit, Pass, "below Opera 100"},
		{"Firefox", "", Pass, Pass, ""},
		{"Chrome", "", Unknown, Unknown, ""},
		{"Chrome", "dev", Unknown, Unknown, ""},
		{"", "", Unknown, Unknown, ""},
		{strings.Repeat("Chrome", 100), "1", Pass, Pass, ""},
		{strings.Repeat("Ⱥ", 50), "1", Pass, Pass, ""},
	} {
		for _, invert := range []bool{false, true} {
			text, want := settings, tc.want
			if invert {
				text, want = strings.Replace(settings, "{", `{"invert": true, `, 1), tc.inverted
			}
			got := compile(t, oldBrowser, text).Check(device(tc.browser, tc.version, "", "").click())
			if got.Outcome != want || got.Suspicious != (want == Hit) {
				t.Errorf("%s %s (inverted: %v) is %s, suspicious %v; want %s", tc.browser, tc.version, invert, got.Outcome, got.Suspicious, want)
			}
			if !invert && got.Detail != tc.detail || invert && want == Hit && !strings.HasSuffix(got.Detail, " or above") {
				t.Errorf("%s %s (inverted: %v) has the detail %q, want %q", tc.browser, tc.version, invert, got.Detail, tc.detail)
			}
		}
	}
	if got := compile(t, oldBrowser, settings).Check(visitor(func(c *click.Click) { c.Device = nil })); got.Outcome != Unknown {
		t.Errorf("no device is %s", got.Outcome)
	}
}

// click is the one that arrives.
func (a arrival) click() *click.Click { return visitor(a.change) }

// TestOldBrowserByItsOwnName: whatever versions it counts, it may be listed.
func TestOldBrowserByItsOwnName(t *testing.T) {
	f := compile(t, oldBrowser, `{"browsers": {"Chrome": "120", "vivaldi": "7.5"}}`)
	for version, want := range map[string]Outcome{"7.4.1": Hit, "7.5": Pass, "": Unknown} {
		if got := f.Check(device("Vivaldi", version, "", "").click()); got.Outcome != want {
			t.Errorf("Vivaldi %s is %s, want %s", version, got.Outcome, want)
		}
	}
}

func TestOldOS(t *testing.T) {
	const settings = `{"oses": {"Windows": "Vista", "macOS": "10.15", "iOS": "13", "Android": "9", "Linux": "6"}}`
	for _, tc := range []struct {
		os, version string
		want        Outcome
	}{
		{"Windows", "XP", Hit}, {"Windows", "vista", Pass}, {"Windows", "7", Pass}, {"Windows", "8.1", Pass}, {"Windows", "11", Pass},
		{"Windows", "2000", Hit}, {"Windows", "", Unknown}, {"Mac OS X", "10.9", Hit}, {"Mac OS X", "10.15.7", Pass}, {"iPadOS", "12", Hit},
		{"Android", "8.1", Hit}, {"Android", "10", Pass}, {"Android", "XP", Unknown}, {"Linux", "5", Hit}, {"Linux", "", Unknown}, {"Fedora", "5", Pass}, {"Symbian OS", "", Pass}, {"", "7", Unknown},
	} {
		got := compile(t, oldOS, settings).Check(device("", "", tc.os, tc.version).click())
		if got.Outcome != tc.want || got.Outcome == Hit && got.Reasons != click.SetOf(click.OldOS) {
			t.Errorf("%s %s is %s, want %s", tc.os, tc.version, got.Outcome, tc.want)
		}
	}
	if got := compile(t, oldOS, settings).Check(visitor(func(c *click.Click) { c.Device = nil })); got.Outcome != Unknown {
		t.Errorf("no device is %s", got.Outcome)
	}
}

func TestOldVersionSettings(t *testing.T) {
	many := `{"browsers": {"a": "1"`
	for i := range 100 {
		many += `, "b` + strings.Repeat("x", i) + `": "1"`
	}
	testRefused(t, oldBrowser, []refused{
		{``, "browsers", "1 to 100 entries, not 0"},
		{many + `}}`, "browsers", "not 101"},
		{`{"browsers": {"Chrome": ""}}`, `browsers["Chrome"]`, `1 to 4 numbers such as 14.4, found ""`},
		{`{"browsers": {"Chrome": "1.2.3.4.5"}}`, `browsers["Chrome"]`, "found"},
		{`{"browsers": {"Chrome": "90 beta"}}`, `browsers["Chrome"]`, "found"},
		{`{"browsers": {"Chrome": "XP"}}`, `browsers["Chrome"]`, "found"},
		{`{"browsers": {" ": "1"}}`, `browsers[" "]`, "1 to 100 bytes, not 0"},
		{`{"browsers": {"` + strings.Repeat("x", 101) + `": "1"}}`, `browsers["` + strings.Repeat("x", 101) + `"]`, "not 101"},
		{`{"browsers": {"chrome": "90", "Google Chrome": "91"}}`, `browsers["chrome"]`, "chrome stands here twice"},
		{`{"browsers": {"a": "1"}, "lookback_hours": 721}`, "lookback_hours", "0 to 720"},
		{`{"browsers": {"a": "1"}, "oses": {}}`, "oses", ""},
	})
	testRefused(t, oldOS, []refused{
		{`{"oses": {"Windows": "Longhorn"}}`, `oses["Windows"]`, "found"},
		{`{"oses": {"Windows": "1"}, "threshold_percentage": 101}`, "threshold_percentage", "0 to 100"},
	})
}
