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
		{"a verified crawler", plain, func(c *click.Click) {
			c.Device, c.Geo.CrawlerListed, c.Geo.Crawler = &click.Device{Bot: true, BotName: "Googlebot", Crawler: click.Google}, true, click.Google
		}, Hit, "verified google crawler"},
		{"a crawler at another's address", plain, func(c *click.Click) {
			c.Device, c.Geo.CrawlerListed, c.Geo.Crawler = &click.Device{Bot: true, BotName: "Googlebot", Crawler: click.Google}, true, click.Bing
		}, Hit, "Googlebot"},
		{"a contradiction", plain, signal(click.SignalClientHintContradiction), Hit, "client_hint_contradiction"},
		{"two signals of which one rejects", plain, signal(click.SignalOldHTTP, click.SignalSecFetchContradiction), Hit, "sec_fetch_contradiction"},
		{"a habit", plain, signal(click.SignalMissingAccept), Pass, ""},
		{"a habit that rejects", `{"signals": ["missing_accept", "old_http"]}`, signal(click.SignalMissingAccept), Hit, "missing_accept"},
		{"a contradiction that is not listed", `{"signals": ["missing_accept"]}`, signal(click.SignalSecFetchContradiction), Pass, ""},
		{"no signal rejects", `{"signals": []}`, signal(click.SignalForgedCrawler), Pass, ""},
		{"a welcome program with signals", `{"allowed_user_agents": ["chrome"], "signals": ["missing_accept", "forged_crawler"]}`, signal(click.SignalMissingAccept), Pass, ""},
		{"a welcome crawler that is forged", `{"allowed_user_agents": ["chrome"]}`, signal(click.SignalForgedCrawler), Hit, "forged_crawler"},
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
		{`{"signals": ["old_http", "missing_acept"]}`, "signals[1]", `unknown signal "missing_acept"; did you mean missing_accept?; there are sec_fetch_contradiction, `},
		{`{"signals": "old_http"}`, "signals", ""},
	})
}

func signal(list ...click.Signal) func(c *click.Click) {
	return func(c *click.Click) {
		for _, g := range list {
			c.Signals = c.Signals.With(g)
		}
	}
}
