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
	Keywords []string `json:"keywords"`
	// Invert lets only names with a keyword pass.
	Invert bool `json:"invert"`
}

type ispFilter struct {
	keywords *keywords
	invert   bool
}

func newISP(settings config.Raw, _ Env) (Filter, config.Problems) {
	var s ispSettings
	m := decode(settings, &s)
	s.validate(m)
	return &ispFilter{newKeywords(s.Keywords...), s.Invert}, m.problems
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
	if found := f.keywords.find(c.Geo.ISP) >= 0; found == f.invert {
		return Result{}
	}
	return Result{Outcome: Hit, Reasons: click.SetOf(click.ISP), Detail: c.Geo.ISP}
}
