package filtertest

import (
	"math"
	"net/netip"
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// noon is the time of ordinary clicks: some day in 2026.
const noon = 1_780_000_000_000

// sample is a click with a name for messages.
type sample struct {
	name  string
	click click.Click
}

// ordinary are clicks as they come every day: people, bots and those who
// hide, all from one publisher on one offer.
func ordinary() []sample {
	with := func(name, ip string, change func(*click.Click)) sample {
		s := sample{name, person(ip)}
		change(&s.click)
		return s
	}
	return []sample{
		{"a person", person("192.0.2.1")},
		{"a person with IPv6", person("2001:db8::1")},
		with("a bot", "192.0.2.2", func(c *click.Click) {
			c.Device = &click.Device{Bot: true, BotName: "Googlebot", Type: "Bot"}
		}),
		with("a driven browser", "192.0.2.3", func(c *click.Click) { c.UserAgent = "HeadlessChrome/120" }),
		with("a VPN", "192.0.2.4", func(c *click.Click) { c.Geo.Proxy = click.VPN }),
		with("a server", "192.0.2.5", func(c *click.Click) {
			c.Geo.Proxy, c.Geo.ISP = click.Datacenter, "Amazon Web Hosting"
		}),
		with("nothing known of the address", "192.0.2.6", func(c *click.Click) { c.Geo = click.Geo{} }),
		with("an unresolved link", "192.0.2.7", func(c *click.Click) { c.Link = click.Link{} }),
		with("an old browser", "192.0.2.8", func(c *click.Click) {
			c.Device = &click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "80.0", OSName: "Windows", OSVersion: "XP", Type: "Computer"}
			c.Geo.Proxy = click.Tor
		}),
		with("little said", "192.0.2.9", func(c *click.Click) { c.DeviceID, c.SubID, c.Referer, c.SiteURL = "", [6]string{}, "", "" }),
		with("a fraudulent site", "192.0.2.10", func(c *click.Click) {
			c.RefererCategories, c.SiteCategories = click.CategoryFraud, click.CategoryFraud
		}),
		with("a late and odd conversion", "192.0.2.11", func(c *click.Click) {
			c.Conversion.ClickTimeMS -= 30 * 24 * 3600 * 1000
			c.Conversion.FinishInstallMS = c.Conversion.BeginInstallMS - 3600*1000
			c.Conversion.ThirdPartyReason = "Duplicate lead"
		}),
		with("a conversion at once", "192.0.2.12", func(c *click.Click) { c.Conversion.ClickTimeMS = noon - 1000 }),
	}
}

func person(ip string) click.Click {
	return click.Click{
		TimeMS: noon, IP: netip.MustParseAddr(ip), Host: "t.example",
		UserAgent:      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
		Referer:        "https://blog.example/post",
		AcceptLanguage: "de,en;q=0.5",
		Offer:          "1", Publisher: "2", SubID: [6]string{"banner", "left"},
		DeviceID: "38400000-8cf0-11bd-b23e-10b96e40000d", UUID: "u-" + ip, Fingerprint: "f-" + ip,
		Keyword: "shoes", SiteURL: "https://site.example/",
		Link: click.Link{IntegrationID: "demo", OfferID: "offer-1", PublisherID: "publisher-2"},
		Geo: click.Geo{
			Country: "DE", ISP: "Deutsche Telekom AG", ASN: 3320,
			PlaceKnown: true, ISPKnown: true, ProxyKnown: true,
		},
		Device:          &click.Device{BrowserName: "Chrome", BrowserVersion: "140.0", OSName: "Windows", OSVersion: "10", Type: "Computer"},
		CategoriesKnown: true,
		Conversion:      click.Conversion{ClickTimeMS: noon - 60_000, BeginInstallMS: noon - 50_000, FinishInstallMS: noon - 40_000},
	}
}

// hostile are clicks that nobody should send and somebody will.
func hostile() []sample {
	extremes := []sample{{"empty", click.Click{}}}
	for name, text := range map[string]string{
		"huge":          strings.Repeat("Chrome/1.2 ", 50_000),
		"invalid UTF-8": strings.Repeat("\xff\xc3\xed\xa0\x80", 200),
		"NUL bytes":     "a\x00b\x00",
		"wide letters":  strings.Repeat("ȺİſK𝔘Σ", 100),
	} {
		extremes = append(extremes, sample{name, filled(text)})
	}
	for name, ms := range map[string]int64{"end of time": math.MaxInt64, "before time": math.MinInt64, "1969": -1} {
		c := person("192.0.2.1")
		c.TimeMS = ms
		c.Conversion = click.Conversion{ClickTimeMS: -ms, BeginInstallMS: ms, FinishInstallMS: -ms}
		extremes = append(extremes, sample{name, c})
	}
	for _, ip := range []string{"0.0.0.0", "::", "::ffff:192.0.2.1", "fe80::1%eth0"} {
		extremes = append(extremes, sample{"address " + ip, person(ip)})
	}
	return extremes
}

// filled is a click with one text for everything that a visitor or a database
// chooses.
func filled(text string) click.Click {
	c := person("192.0.2.1")
	for _, field := range []*string{
		&c.Host, &c.UserAgent, &c.Referer, &c.AcceptLanguage, &c.Advertiser, &c.Offer, &c.Publisher,
		&c.DeviceID, &c.Keyword, &c.LandingPage, &c.ExternalTransactionID, &c.BundleID, &c.SiteURL,
		&c.RedirectURL, &c.FallbackURL, &c.Coupon, &c.UserEmail, &c.UUID, &c.Fingerprint, &c.Geo.ISP,
	} {
		*field = text
	}
	for i := range c.SubID {
		c.SubID[i] = text
	}
	c.Conversion.ThirdPartyReason = text
	c.Link = click.Link{}
	c.Params = []click.Param{{Name: text, Value: text}, {}}
	c.Device = &click.Device{BrowserName: text, BrowserVersion: text, OSName: text, OSVersion: text, Type: text}
	return c
}
