package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var siteURL = Type{
	Code: "SITE_URL", Name: "site_url",
	Doc:     "Rejects impressions by the page they are shown on: by words in its address, by its category, or because it is not known.",
	Example: `{"keywords": ["casino", "site.example/spam"], "categories": ["fraud"], "invert": false, "reject_empty_value": true}`,
	Planes:  []click.Plane{click.PlaneImpression},
	Reasons: []click.Reason{click.SiteURLReason},
	New:     newSiteURL,
}

type siteURLFilter struct{ site }

func newSiteURL(settings config.Raw, _ Env) (Filter, config.Problems) {
	s, problems := newSite(settings, click.SiteURLReason)
	return &siteURLFilter{s}, problems
}

// Check implements Filter.
func (f *siteURLFilter) Check(c *click.Click) Result {
	return f.check(c.SiteURL, c.SiteCategories, c.CategoriesKnown)
}

// Explain implements Explainer.
func (f *siteURLFilter) Explain(c *click.Click, e *Explanation) {
	f.explain("site_url", c.SiteURL, c.SiteCategories, c.CategoriesKnown, e)
}
