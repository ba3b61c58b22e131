package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var referer = Type{
	Code: "REFERER", Name: "referer",
	Doc:     "Rejects visitors by the page they come from: by words in its address, by its category, or because it is not known.",
	Example: `{"keywords": ["casino", "blog.example/spam"], "categories": ["fraud"], "invert": false, "reject_empty_value": true}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneConversion},
	Reasons: []click.Reason{click.RefererReason},
	New:     newReferer,
}

type refererFilter struct{ site }

func newReferer(settings config.Raw, _ Env) (Filter, config.Problems) {
	s, problems := newSite(settings, click.RefererReason)
	return &refererFilter{s}, problems
}

// Check implements Filter.
func (f *refererFilter) Check(c *click.Click) Result {
	return f.check(c.Referer, c.RefererCategories, c.CategoriesKnown)
}

// Explain implements Explainer.
func (f *refererFilter) Explain(c *click.Click, e *Explanation) {
	f.explain("referer", c.Referer, c.RefererCategories, c.CategoriesKnown, e)
}
