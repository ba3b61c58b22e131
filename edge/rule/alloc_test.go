package rule

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// everything has a rule of each sort that the visitor of these tests fits.
func everything() config.Offer {
	var addresses strings.Builder
	for i := range 200 {
		fmt.Fprintf(&addresses, "10.%d.0.0/24\n", i)
	}
	return config.Offer{
		Visibility: "Private", ApprovedPublisherIDs: []string{"blog"}, TermsAndConditionsEnabled: true,
		OfferRules: config.OfferRules{
			TermsAcceptedPublisherIDs: []string{"blog"}, BlockedPublisherIDs: []string{"shop"},
			StartAt: "2026-01-01", StopAt: "2026-12-31", Timezone: "Europe/Berlin",
			Schedule:  config.Schedule{Wed: []string{"08:00-12:00", "12:15-20:00"}, Fri: []string{"20:00-06:00"}},
			Countries: []string{"DE", "AT"}, StrictlyCountry: true,
			StrictlyOS:  []config.StrictOS{{OS: "android"}, {OS: "ios", Versions: []string{"14", "15.4"}}},
			StrictlyISP: []string{"AS3320", "Telekom", "Vodafone"}, StrictlyConnectionType: "wifi",
			DisallowedIP: addresses.String(), UniqIPOnly: true, SubRestrictions: []config.SubPair{{Sub1: "a", Sub2: "b"}},
			SubAccounts: config.SubAccounts{SubAccount1: "mail, news", SubAccount2: "end", SubAccount2Except: true},
		},
	}
}

// misfit is a click that fits none of them.
func misfit(c *click.Click) {
	c.TimeMS = at("2025-01-01T00:00:00Z")
	c.Geo.Country, c.Geo.ISP, c.Geo.Connection, c.Geo.ASN = "FR", "Ünknown", "Cellular", 1
	c.Device = &click.Device{OSName: "Linux", OSVersion: "6"}
	c.SubID, c.Link.PublisherID = [6]string{"a", "b"}, "shop"
	c.IP = c.IP.Unmap()
}

func TestJudgeAllocatesNothing(t *testing.T) {
	rules := compile(t, everything(), nil)
	for name, change := range map[string]func(*click.Click){"fits": nil, "misfits": misfit} {
		c := visitor(change)
		c.Scratch = make([]byte, 0, 1024)
		n := testing.AllocsPerRun(100, func() {
			c.Verdict, c.Scratch = click.Verdict{}, c.Scratch[:0]
			rules.Judge(c, &c.Verdict)
			rules.Fits(c)
		})
		if n != 0 {
			t.Errorf("a click that %s: %v allocations, want none", name, n)
		}
		if reasons := c.Verdict.Rejections; reasons.Has(click.StrictCountry) != (change != nil) {
			t.Errorf("a click that %s: rejected for %v", name, reasons)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	hours := offer(config.OfferRules{Timezone: "Europe/Berlin", Schedule: config.Schedule{Wed: []string{"08:00-20:00"}}})
	unique := offer(config.OfferRules{UniqIPOnly: true})
	country := offer(config.OfferRules{StrictlyCountry: true, Countries: []string{"DE", "AT"}})
	for _, bc := range []struct {
		name   string
		offer  config.Offer
		change func(*click.Click)
	}{
		{"none", config.Offer{}, nil}, {"country", country, nil}, {"hours", hours, nil}, {"unique", unique, nil},
		{"all", everything(), nil}, {"allMisfits", everything(), misfit},
	} {
		b.Run(bc.name, func(b *testing.B) {
			rules, c := compile(b, bc.offer, nil), visitor(bc.change)
			c.Scratch = make([]byte, 0, 1024)
			b.ReportAllocs()
			for b.Loop() {
				c.Verdict, c.Scratch = click.Verdict{}, c.Scratch[:0]
				rules.Judge(c, &c.Verdict)
			}
		})
	}
}
