package filters

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var bot = Type{
	Code: "BOT", Name: "bot",
	Doc:     "Rejects programs: by user agent, by address, by the marks of browser automation and by what contradicts itself in the request.",
	Example: `{"reject_empty_browser_language": true, "premium_ip_check_enabled": true, "allowed_user_agents": ["our-monitor/"], "signals": ["sec_fetch_contradiction", "client_hint_contradiction", "forged_crawler"]}`,
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
	// agent are welcome, such as the operator's own monitoring, and may have
	// signals but that of a forged crawler.
	AllowedUserAgents []string `json:"allowed_user_agents,omitempty"`
	// Signals is ours: the signals that reject. Unset are those that contradict
	// what the request says of itself; an empty list is none.
	Signals []string `json:"signals"`
}

type botFilter struct {
	settings botSettings
	allowed  *keywords
	signals  click.SignalSet
}

func newBot(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(botFilter)
	s := &f.settings
	s.Signals = signalNames(click.Contradictions)
	m := decode(settings, s)
	m.words("allowed_user_agents", s.AllowedUserAgents)
	f.allowed = newKeywords(s.AllowedUserAgents...)
	f.signals = signalsNamed(m, s.Signals)
	s.Signals = signalNames(f.signals)
	return f, m.problems
}

// signalNames are the names of a set of signals; an empty list of none.
func signalNames(s click.SignalSet) []string {
	names := make([]string, 0, click.SignalCount)
	for g := range click.SignalCount {
		if s.Has(g) {
			names = append(names, g.String())
		}
	}
	return names
}

// signalsNamed returns the set of the signals of a list and notes unknown ones.
func signalsNamed(m *mistakes, names []string) (s click.SignalSet) {
	all := make(map[string]click.Signal, click.SignalCount)
	for g := range click.SignalCount {
		all[g.String()] = g
	}
	for i, name := range names {
		g, ok := all[name]
		if !ok {
			known := signalNames(1<<click.SignalCount - 1)
			m.add(fmt.Sprintf("signals[%d]", i), "unknown signal %q%s; there are %s", name, config.DidYouMean(name, known), strings.Join(known, ", "))
			continue
		}
		s = s.With(g)
	}
	return s
}

// Check implements Filter. It is unknown when nothing gave the click away and
// something that should have been looked at was not there.
func (f *botFilter) Check(c *click.Click) Result {
	if sign := f.sign(c); sign != "" {
		return Result{Outcome: Hit, Reasons: click.SetOf(click.Bot), Detail: sign}
	}
	if c.Device == nil || f.settings.PremiumIPCheckEnabled && !c.Geo.ProxyKnown {
		return Result{Outcome: Unknown}
	}
	return Result{}
}

// sign names what gives a bot away, or is empty. The marks of crawlers,
// libraries and automated browsers in the user agent are the device's: it is
// read once for all clicks that bring it.
func (f *botFilter) sign(c *click.Click) string {
	isBot, signals := c.Device != nil && c.Device.Bot, c.Signals&f.signals
	if (isBot || !signals.Empty()) && f.allowed.find(c.UserAgent) >= 0 {
		isBot, signals = false, signals&click.SignalSet(0).With(click.SignalForgedCrawler)
	}
	switch {
	case isBot:
		return nameOf(c)
	case c.UserAgent == "":
		return "empty user agent"
	case c.Geo.CrawlerListed:
		return "crawler address"
	case !signals.Empty():
		g, _ := signals.Next()
		return g.String()
	case f.settings.PremiumIPCheckEnabled && c.Geo.Proxy == click.Datacenter:
		return "data-centre address"
	case f.settings.RejectEmptyBrowserLanguage && c.AcceptLanguage == "":
		return "empty browser language"
	}
	return ""
}

// nameOf says which bot the user agent is. A crawler whose address is among
// those its operator publishes is what it says; it is a bot all the same.
func nameOf(c *click.Click) string {
	if d := c.Device; d.Crawler != click.NoCrawler && c.Geo.Crawler == d.Crawler {
		return verifiedCrawlers[d.Crawler]
	}
	return cmp.Or(c.Device.BotName, "user agent")
}

var verifiedCrawlers = func() (details [click.CrawlerCount]string) {
	for crawler := range click.CrawlerCount {
		details[crawler] = "verified " + crawler.String() + " crawler"
	}
	return details
}()

// Explain implements Explainer.
func (f *botFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	e.Input("user_agent", c.UserAgent)
	if c.Device != nil {
		e.Input("bot", c.Device.Bot)
		e.Input("bot_name", c.Device.BotName)
	}
	e.Input("crawler_address", c.Geo.CrawlerListed)
	e.Input("signals", strings.Join(signalNames(c.Signals), ", "))
	e.Input("browser_languages", c.AcceptLanguage)
	e.Input("proxy_type", c.Geo.Proxy)
}
