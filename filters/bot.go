package filters

import (
	"cmp"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var bot = Type{
	Code: "BOT", Name: "bot",
	Doc:     "Rejects programs: by user agent, by address and by the marks of browser automation.",
	Example: `{"reject_empty_browser_language": true, "premium_ip_check_enabled": true}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: []click.Reason{click.Bot},
	New:     newBot,
}

type botSettings struct {
	// PremiumIPCheckEnabled also rejects addresses that the address lists and
	// databases of this installation file under hosting.
	PremiumIPCheckEnabled bool `json:"premium_ip_check_enabled"`
	// RejectEmptyBrowserLanguage rejects requests without Accept-Language.
	RejectEmptyBrowserLanguage bool `json:"reject_empty_browser_language"`
}

type botFilter struct{ botSettings }

func newBot(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(botFilter)
	return f, decode(settings, &f.botSettings).problems
}

// automation are names that tools leave in the user agents of the browsers
// they drive. No person's browser has them.
var (
	automation = []string{
		"headless", "phantomjs", "slimerjs", "casperjs", "htmlunit",
		"webdriver", "selenium", "puppeteer", "playwright", "cypress",
	}
	automationKeywords = newKeywords(automation...)
)

// Check implements Filter. It is unknown when nothing gave the click away and
// something that should have been looked at was not there.
func (f *botFilter) Check(c *click.Click) Result {
	if sign := f.sign(c); sign != "" {
		return Result{Outcome: Hit, Reasons: click.SetOf(click.Bot), Detail: sign}
	}
	if c.Device == nil || f.PremiumIPCheckEnabled && !c.Geo.ProxyKnown {
		return Result{Outcome: Unknown}
	}
	return Result{}
}

// sign names what gives a bot away, or is empty.
func (f *botFilter) sign(c *click.Click) string {
	switch {
	case c.Device != nil && c.Device.Bot:
		return cmp.Or(c.Device.BotName, "user agent")
	case c.UserAgent == "":
		return "empty user agent"
	case c.Geo.CrawlerListed:
		return "crawler address"
	case f.PremiumIPCheckEnabled && c.Geo.Proxy == click.Datacenter:
		return "data-centre address"
	case f.RejectEmptyBrowserLanguage && c.AcceptLanguage == "":
		return "empty browser language"
	}
	if i := automationKeywords.find(c.UserAgent); i >= 0 {
		return automation[i]
	}
	return ""
}
