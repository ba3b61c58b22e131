package filters

import (
	"cmp"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var bot = Type{
	Code: "BOT", Name: "bot",
	Doc:     "Rejects programs: by user agent, by address and by the marks of browser automation.",
	Example: `{"reject_empty_browser_language": true, "premium_ip_check_enabled": true, "allowed_user_agents": ["our-monitor/"]}`,
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
	// AllowedUserAgents is ours: programs with one of these words in their user
	// agent are welcome, such as the operator's own monitoring.
	AllowedUserAgents []string `json:"allowed_user_agents"`
}

type botFilter struct {
	botSettings
	allowed *keywords
}

func newBot(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(botFilter)
	m := decode(settings, &f.botSettings)
	m.words("allowed_user_agents", f.AllowedUserAgents)
	f.allowed = newKeywords(f.AllowedUserAgents...)
	return f, m.problems
}

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

// sign names what gives a bot away, or is empty. The marks of crawlers,
// libraries and automated browsers in the user agent are the device's: it is
// read once for all clicks that bring it.
func (f *botFilter) sign(c *click.Click) string {
	switch {
	case c.Device != nil && c.Device.Bot && f.allowed.find(c.UserAgent) < 0:
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
	return ""
}
