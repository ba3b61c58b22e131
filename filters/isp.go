package filters

import (
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// Bounds of the isp filter: a check looks for every keyword.
const (
	maxISPKeywords   = 1000
	maxKeywordLength = 100
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
	if len(s.Keywords) < 1 || len(s.Keywords) > maxISPKeywords {
		m.add("keywords", "must have 1 to %d entries, not %d", maxISPKeywords, len(s.Keywords))
	}
	for i, word := range s.Keywords {
		path := fmt.Sprintf("keywords[%d]", i)
		if strings.TrimSpace(word) == "" {
			m.add(path, "is blank and would fit every provider")
		}
		if len(word) > maxKeywordLength {
			m.add(path, "must have at most %d bytes, not %d", maxKeywordLength, len(word))
		}
	}
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
