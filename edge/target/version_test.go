package target

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

type osRule = config.TargetOSVersion

func TestOSVersion(t *testing.T) {
	allow := func(low, high string) osRule { return osRule{IsAllowed: true, MinVersion: low, MaxVersion: high} }
	deny := func(low, high string) osRule { return osRule{MinVersion: low, MaxVersion: high} }
	for _, tc := range []struct {
		name            string
		listed          string
		rule            osRule
		system, version string
		reject          bool
	}{
		{"inside", "iOS", allow("14", "16"), "iOS", "15.2", false},
		{"lower bound", "iOS", allow("14.4", ""), "iOS", "14.4", false},
		{"just below", "iOS", allow("14.4", ""), "iOS", "14.3.9", true},
		{"missing parts are 0", "iOS", allow("14.0.0", ""), "iOS", "14", false},
		{"missing parts are 0, below", "iOS", allow("14.0.1", ""), "iOS", "14", true},
		{"numbers, not text", "Mac OS X", allow("", "11"), "Mac OS X", "10.15.7", false},
		{"numbers, not text, below", "Mac OS X", allow("10.9", ""), "Mac OS X", "10.15.7", false},
		{"upper bound includes what it begins", "Mac OS X", allow("", "10"), "Mac OS X", "10.15.7", false},
		{"upper bound with a minor", "Mac OS X", allow("", "10.14"), "Mac OS X", "10.15.7", true},
		{"above", "Mac OS X", allow("", "10"), "Mac OS X", "11", true},
		{"alias", "macOS", allow("12", ""), "Mac OS X", "10.15.7", true},
		{"denied inside", "Android", deny("4", "7"), "Android", "6.0.1", true},
		{"denied, upper bound", "Android", deny("4", "7"), "Android", "7.1.2", true},
		{"denied outside", "Android", deny("4", "7"), "Android", "8", false},
		{"denied without bounds", "Android", deny("", ""), "Android", "8", true},
		{"denied without bounds, unknown version", "Android", deny("", ""), "Android", "", true},
		{"denied, unknown version", "Android", deny("4", "7"), "Android", "", false},
		{"denied up to, unknown version", "Android", deny("", "7"), "Android", "", false},
		{"allowed up to, unknown version", "Android", allow("", "7"), "Android", "", true},
		{"allowed, unknown version", "Android", allow("4", ""), "Android", "", true},
		{"allowed without bounds, unknown version", "Android", allow("", ""), "Android", "", false},
		{"unlisted system", "iOS", allow("15", ""), "Android", "4", false},
		{"family", "Linux", deny("20", ""), "Ubuntu", "22.04", true},
		{"text behind the numbers", "Android", allow("10", ""), "Android", "10.0-beta", false},
		{"underscores", "iOS", allow("14.5", ""), "iOS", "14_4_2", true},
		{"more parts than count", "Windows", allow("", "10.0.19045.1"), "Windows", "10.0.19045.1.9", false},
		{"huge number", "iOS", allow("", "99"), "iOS", "4294967297", true}, // 1 in 32 bits
		{"Windows XP lies below 7", "Windows", allow("7", ""), "Windows", "XP", true},
		{"Windows Vista lies above XP", "Windows", allow("XP", ""), "Windows", "Vista", false},
		{"Windows 2000 is old", "Windows", deny("", "xp"), "Windows", "2000", true},
		{"Windows 2000 is not number 2000", "Windows", deny("7", ""), "Windows", "2000", false},
		{"Windows 95 lies below XP", "Windows", allow("XP", ""), "Windows", "95", true},
		{"2000 is a number elsewhere", "iOS", deny("", "14"), "iOS", "2000", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := compile(t, all(config.Targeting{Device: config.TargetDevice{OSVersions: map[string]osRule{tc.listed: tc.rule}}}))
			c := visitor(func(c *click.Click) { c.Device = &click.Device{OSName: tc.system, OSVersion: tc.version} })
			r.Judge(c, &c.Verdict)
			if got := c.Verdict.Rejections.Has(click.TargetingOSVersion); got != tc.reject {
				t.Errorf("%s %+v for %s %q: rejected %v, want %v", tc.listed, tc.rule, tc.system, tc.version, got, tc.reject)
			}
			if tc.reject && c.Verdict.Detail != tc.version {
				t.Errorf("the detail is %q, want the version %q", c.Verdict.Detail, tc.version)
			}
		})
	}
}
