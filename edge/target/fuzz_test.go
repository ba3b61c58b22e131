package target

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/family"
)

// FuzzJudge feeds whatever a visitor controls to rules that admit nobody who is
// real: an admitted one shows a value that folding or parsing made up.
func FuzzJudge(f *testing.F) {
	f.Add("de-AT,de;q=0.9,*;q=0.1", "Chrome Mobile", "Windows", "XP")
	f.Add(",,;q=0,-", "İ", "\xff", "1.2.3.4.5_6")
	r := compile(f, all(config.Targeting{
		Device: config.TargetDevice{
			Browsers: bools{"Q": true}, OperatingSystems: bools{"Q": true},
			OSVersions: map[string]config.TargetOSVersion{"Windows": {IsAllowed: true, MinVersion: "7"}},
		},
		Geo:      config.TargetGeo{Cities: bools{"Q": true}},
		Language: bools{"qq": true},
	}))
	f.Fuzz(func(t *testing.T, accept, browser, system, version string) {
		c := visitor(func(c *click.Click) {
			c.AcceptLanguage = accept
			c.Geo.City = browser
			c.Device = &click.Device{BrowserName: browser, OSName: system, OSVersion: version}
		})
		r.Judge(c, &c.Verdict)
		got := c.Verdict.Rejections
		if want := !strings.EqualFold(browser, "q"); got.Has(click.TargetingBrowser) != want || got.Has(click.TargetingCity) != want {
			t.Errorf("browser and city %q: rejections %v, want them refused: %v", browser, codes(got), want)
		}
		if want := !strings.EqualFold(system, "q"); got.Has(click.TargetingOS) != want {
			t.Errorf("system %q: rejections %v, want it refused: %v", system, codes(got), want)
		}
		lower := strings.ToLower(accept)
		if !got.Has(click.TargetingLanguage) && !strings.Contains(lower, "qq") && !strings.Contains(accept, "*") {
			t.Errorf("Accept-Language %q is admitted, though qq is not in it", accept)
		}
		if !strings.Contains(accept, c.Verdict.RejectedLanguage) {
			t.Errorf("rejected language %q does not stand in %q", c.Verdict.RejectedLanguage, accept)
		}
		digits := strings.ContainsAny(version, "0123456789") || len(version) > 1
		if strings.EqualFold(system, family.Windows) && !digits && !got.Has(click.TargetingOSVersion) {
			t.Errorf("Windows %q passes as 7 or later", version)
		}
	})
}
