package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var isp = Type{
	Code: "ISP", Name: "isp",
	Doc:     "Rejects visitors whose internet provider has one of some words in its name, or all others.",
	Example: `{"keywords": ["hosting", "Amazon"], "invert": false}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression},
	Reasons: []click.Reason{click.ISP},
	New:     newISP,
}

type ispSettings struct {
	// Keywords are looked for anywhere in the name, whatever the case.
	Keywords []string `json:"keywords,omitempty"`
	// Invert lets only names with a keyword pass.
	Invert bool `json:"invert"`
}

type ispFilter struct {
	settings ispSettings
	keywords *keywords
}

func newISP(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(ispFilter)
	m := decode(settings, &f.settings)
	f.settings.validate(m)
	f.keywords = newKeywords(f.settings.Keywords...)
	return f, m.problems
}

func (s *ispSettings) validate(m *mistakes) {
	if len(s.Keywords) == 0 {
		m.add("keywords", "must have 1 to %d entries, not 0", maxKeywords)
	}
	m.words("keywords", s.Keywords)
}

// Check implements Filter. It is unknown when there is no database of
// providers.
func (f *ispFilter) Check(c *click.Click) Result {
	if !c.Geo.ISPKnown {
		return Result{Outcome: Unknown}
	}
	if found := f.keywords.find(c.Geo.ISP) >= 0; found == f.settings.Invert {
		return Result{}
	}
	return Result{Outcome: Hit, Reasons: click.SetOf(click.ISP), Detail: c.Geo.ISP}
}

// Explain implements Explainer.
func (f *ispFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	e.Input("isp", c.Geo.ISP)
	e.Input("isp_known", c.Geo.ISPKnown)
}
