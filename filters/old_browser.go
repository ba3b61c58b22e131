package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/family"
)

var oldBrowser = Type{
	Code: "OLD_BROWSER", Name: "old_browser",
	Doc:     "Rejects browsers below a version of their family, all of them or once a publisher sends too many.",
	Example: `{"browsers": {"Chrome": "121", "Safari": "14.1"}, "invert": false, "lookback_hours": 24, "minimum_request_count": 10, "threshold_percentage": 5, "check_by_sub_id": true}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: []click.Reason{click.OldBrowser},
	New:     newOldBrowser,
}

type oldBrowserSettings struct {
	// Browsers are the first good versions, by family. A family covers its
	// variants on phones and in apps, which may also be listed by themselves;
	// variants that count versions of their own (Vivaldi) must be.
	Browsers map[string]string `json:"browsers"`
	// Invert makes the listed version and newer ones suspicious instead (D-12).
	Invert bool `json:"invert"`
	thresholdSettings
}

type oldBrowserFilter struct {
	settings oldBrowserSettings
	old      oldVersion
}

func newOldBrowser(settings config.Raw, env Env) (Filter, config.Problems) {
	f := new(oldBrowserFilter)
	s := &f.settings
	m := decode(settings, s)
	bounds := newBounds(m, "browsers", s.Browsers, &family.Browsers)
	s.validate(m, env)
	f.old = oldVersion{bounds, &family.Browsers, s.Invert, click.OldBrowser, newThreshold(s.thresholdSettings, click.FilterOldBrowser, "", env)}
	return f, m.problems
}

// Check implements Filter. It is unknown without a browser or, where its family
// is listed, without a version.
func (f *oldBrowserFilter) Check(c *click.Click) Result {
	if c.Device == nil {
		return Result{Outcome: Unknown}
	}
	return f.old.check(c, c.Device.BrowserName, c.Device.BrowserVersion)
}

// Explain implements Explainer.
func (f *oldBrowserFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	if c.Device != nil {
		e.Input("browser_name", c.Device.BrowserName)
		e.Input("browser_version", c.Device.BrowserVersion)
	}
	f.old.threshold.explain(c, e)
}
