package filters

import (
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestBot(t *testing.T) {
	const plain, language, premium = `{}`, `{"reject_empty_browser_language": true}`, `{"premium_ip_check_enabled": true}`
	for _, tc := range []struct {
		name, settings string
		change         func(c *click.Click)
		want           Outcome
		detail         string
	}{
		{"a person", plain, nil, Pass, ""},
		{"a person under all settings", `{"reject_empty_browser_language": true, "premium_ip_check_enabled": true}`, nil, Pass, ""},
		{"no settings", ``, nil, Pass, ""},
		{"a crawler", plain, func(c *click.Click) { c.Device = &click.Device{Bot: true, BotName: "Googlebot"} }, Hit, "Googlebot"},
		{"a nameless bot", plain, func(c *click.Click) { c.Device = &click.Device{Bot: true} }, Hit, "user agent"},
		{"no user agent", plain, func(c *click.Click) { c.UserAgent = "" }, Hit, "empty user agent"},
		{"a crawler's address", plain, func(c *click.Click) { c.Geo.CrawlerListed = true }, Hit, "crawler address"},
		{"a welcome program", `{"allowed_user_agents": ["uptime"]}`, func(c *click.Click) {
			c.UserAgent, c.Device = "Our-UpTime/1.0", &click.Device{Bot: true, BotName: "Our-UpTime"}
		}, Pass, ""},
		{"another program", `{"allowed_user_agents": ["uptime"]}`, func(c *click.Click) { c.Device = &click.Device{Bot: true, BotName: "curl"} }, Hit, "curl"},
		{"a welcome program at a crawler's address", `{"allowed_user_agents": ["firefox"]}`, func(c *click.Click) { c.Geo.CrawlerListed = true }, Hit, "crawler address"},
		{"no language, allowed", plain, func(c *click.Click) { c.AcceptLanguage = "" }, Pass, ""},
		{"no language", language, func(c *click.Click) { c.AcceptLanguage = "" }, Hit, "empty browser language"},
		{"a server, allowed", plain, func(c *click.Click) { c.Geo.Proxy = click.Datacenter }, Pass, ""},
		{"a server", premium, func(c *click.Click) { c.Geo.Proxy = click.Datacenter }, Hit, "data-centre address"},
		{"a VPN is no server", premium, func(c *click.Click) { c.Geo.Proxy = click.VPN }, Pass, ""},
		{"no reputation, not asked for", plain, func(c *click.Click) { c.Geo.ProxyKnown = false }, Pass, ""},
		{"no reputation", premium, func(c *click.Click) { c.Geo.ProxyKnown = false }, Unknown, ""},
		{"a crawler without reputation", premium, func(c *click.Click) { c.Geo.ProxyKnown, c.UserAgent = false, "" }, Hit, "empty user agent"},
		{"no device", plain, func(c *click.Click) { c.Device = nil }, Unknown, ""},
	} {
		got := compile(t, bot, tc.settings).Check(visitor(tc.change))
		if got.Outcome != tc.want || got.Detail != tc.detail {
			t.Errorf("%s under %s: %s with detail %q, want %s with %q", tc.name, tc.settings, got.Outcome, got.Detail, tc.want, tc.detail)
		}
		if got.Outcome == Hit && got.Reasons != click.SetOf(click.Bot) {
			t.Errorf("%s: reasons are %b, want BOT alone", tc.name, got.Reasons)
		}
	}
	testRefused(t, bot, []refused{
		{`{"premium_ip_check_enabled": 1}`, "premium_ip_check_enabled", "true or false"},
		{`{"premium": true}`, "premium", ""},
		{`{"allowed_user_agents": [" "]}`, "allowed_user_agents[0]", "blank"},
	})
}
