package rule

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// FuzzJudge feeds whatever a visitor controls to rules that admit few.
func FuzzJudge(f *testing.F) {
	f.Add("iOS", "15.4.1", "news", "top", "Vodafone GmbH", int64(1782901800000))
	f.Add("İ", "15_", "\xff", "", "ΟΣ\xffος", int64(-1))
	rules := compile(f, everything(), nil)
	f.Fuzz(func(t *testing.T, system, version, sub1, sub2, isp string, ms int64) {
		c := visitor(func(c *click.Click) {
			c.Device = &click.Device{OSName: system, OSVersion: version}
			c.SubID, c.Geo.ISP = [6]string{sub1, sub2}, isp
			c.TimeMS = ms % (1 << 45)
		})
		rules.Judge(c, &c.Verdict)
		got := c.Verdict.Rejections
		if want := sub1 != "news" && sub1 != "mail" || sub2 == "end"; got.Has(click.SubAccountNotAllowed) != want {
			t.Errorf("sub ids %q and %q are refused: %t", sub1, sub2, !want)
		}
		if !got.Has(click.StrictOS) && system != "Android" && !strings.HasPrefix(strings.TrimLeft(version, "0"), "1") {
			t.Errorf("%q %q passes as iOS 14 or 15.4", system, version)
		}
		if fold := strings.ToLower(strings.ToUpper(isp)); !got.Has(click.StrictISP) && !strings.Contains(fold, "telekom") && !strings.Contains(fold, "vodafone") {
			t.Errorf("%q passes as a provider", isp)
		}
	})
}

// FuzzCompile feeds what an operator may write to the compiler: it takes
// exactly what validation takes.
func FuzzCompile(f *testing.F) {
	f.Add("2026-03-01", "2026-10-25T02:30", "22:00-06:00", "192.0.2.0/24", "15.4", "AS3320", "1y2m")
	f.Add("x", "", "24:00-00:00", "::ffff:1.2.3.4-1.2.3.5", "99999999999", "ſKy", "1")
	m := memory()
	f.Fuzz(func(t *testing.T, start, stop, hours, addresses, version, isp, session string) {
		o := config.Offer{
			Meta: config.Meta{ID: "o", Organization: "org"}, Integration: "i", IncrementalID: 1, Name: "O", AdvertiserID: 1,
			OfferRules: config.OfferRules{
				StartAt: start, StopAt: stop, Timezone: "Europe/Berlin", Schedule: config.Schedule{Fri: []string{hours}}, DisallowedIP: addresses,
				StrictlyOS: []config.StrictOS{{OS: "ios", Versions: []string{version}}}, StrictlyISP: []string{isp}, ClickSession: session, UniqIPOnly: true,
			},
		}
		rules, problems := Compile(&o, nil, m)
		if (rules == nil) != (len(problems) > 0) {
			t.Fatalf("rules %v and problems %v", rules, problems)
		}
		if valid(&o) && len(problems) > 0 {
			t.Errorf("what is valid does not compile: %v", problems)
		}
		c := visitor(nil)
		rules.Judge(c, &c.Verdict)
		if rules != nil && (start != "" && rules.Explain(c)[0].Name != "start_at" || len(rules.Explain(c)) < 3) {
			t.Errorf("explained as %+v", rules.Explain(c))
		}
	})
}

// valid tells whether validation has nothing to say about the rules of an
// offer; that the offer stands alone does not matter.
func valid(o *config.Offer) bool {
	set, problems := config.NewSet(o)
	for _, p := range append(problems, set.Validate(config.Checks{})...) {
		for _, field := range []string{"start_at", "stop_at", "schedule", "disallowed_ip", "strictly", "click_session"} {
			if strings.Contains(p.Path, ": "+field) {
				return false
			}
		}
	}
	return true
}
