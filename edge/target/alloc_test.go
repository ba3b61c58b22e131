package target

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// strict has rules in every dimension, which the visitor of these tests fits.
func strict() config.Targeting {
	ranges := bools{"10.0.0.0-10.0.0.255": true}
	for i := range 100 {
		ranges[fmt.Sprintf("10.1.%d.0-10.1.%d.99", i, i)] = false
	}
	return all(config.Targeting{
		Device: config.TargetDevice{
			Browsers: bools{"Chrome": true, "Safari": true}, DeviceTypes: bools{"Phone": true}, OperatingSystems: bools{"Android": true},
			OSVersions: map[string]config.TargetOSVersion{"Android": {IsAllowed: true, MinVersion: "10"}},
		},
		Geo:      config.TargetGeo{Countries: bools{"DE": true}, Cities: bools{"Berlin": true, "Zürich": true}},
		IP:       config.TargetIP{IPAddresses: bools{"10.0.0.1": true}, IPRanges: ranges},
		Language: bools{"en": true},
	})
}

func TestJudgeAllocatesNothing(t *testing.T) {
	overlong := func(c *click.Click) {
		text := strings.Repeat("Ⱥ", 200) // longer in lower case
		c.Geo.City, c.AcceptLanguage = text, text
		c.Device = &click.Device{BrowserName: text, OSName: text, OSVersion: text}
	}
	for _, tc := range []struct {
		name   string
		rules  config.Targeting
		change func(*click.Click)
		want   bool
	}{
		{"fits everywhere", strict(), nil, false},
		{"fits nowhere", all(misfit), nil, true},
		{"has overlong values", strict(), overlong, true},
	} {
		r, c := compile(t, tc.rules), visitor(tc.change)
		n := testing.AllocsPerRun(100, func() {
			c.Verdict, c.Scratch = click.Verdict{}, c.Scratch[:0]
			r.Judge(c, &c.Verdict)
		})
		if n != 0 || c.Verdict.Rejected() != tc.want {
			t.Errorf("visitor who %s: %v allocations, rejected %v; want 0, %v", tc.name, n, c.Verdict.Rejected(), tc.want)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	for name, rules := range map[string]config.Targeting{"fits": strict(), "misfits": all(misfit)} {
		b.Run(name, func(b *testing.B) {
			r, c := compile(b, rules), visitor(nil)
			b.ReportAllocs()
			for b.Loop() {
				c.Verdict, c.Scratch = click.Verdict{}, c.Scratch[:0]
				r.Judge(c, &c.Verdict)
			}
		})
	}
}
