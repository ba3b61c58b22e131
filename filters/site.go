package filters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// siteSettings are the settings of the filters of addresses of pages.
type siteSettings struct {
	// Keywords are looked for anywhere in the address, whatever the case.
	Keywords []string `json:"keywords,omitempty"`
	// Categories are the sorts of sites that are rejected.
	Categories []string `json:"categories,omitempty"`
	// Invert lets only addresses with a keyword or category pass.
	Invert bool `json:"invert"`
	// RejectEmptyValue rejects requests without an address. It alone decides
	// about them, with Invert too: many browsers send no referer.
	RejectEmptyValue bool `json:"reject_empty_value"`
}

// site judges the address of a page: what REFERER and SITE_URL share.
type site struct {
	settings   siteSettings
	keywords   *keywords
	categories click.CategorySet
	reasons    click.ReasonSet
}

func newSite(settings config.Raw, reason click.Reason) (site, config.Problems) {
	s := site{reasons: click.SetOf(reason)}
	m := decode(settings, &s.settings)
	s.settings.validate(m)
	s.keywords = newKeywords(s.settings.Keywords...)
	for i, name := range s.settings.Categories {
		category, ok := click.CategoryNamed(name)
		if !ok {
			m.add(fmt.Sprintf("categories[%d]", i), "unknown category %q; there are %s", name, strings.Join(click.Categories(), ", "))
		}
		s.categories |= category
	}
	return s, m.problems
}

func (s *siteSettings) validate(m *mistakes) {
	m.words("keywords", s.Keywords)
	if n := len(click.Categories()); len(s.Categories) > n {
		m.add("categories", "must have at most %d entries, not %d", n, len(s.Categories))
	}
	if len(s.Keywords) > 0 || len(s.Categories) > 0 {
		return
	}
	if s.Invert {
		m.add("invert", "lets only what has a keyword or category pass, and there are none")
	}
	if !s.RejectEmptyValue {
		m.add("", "rejects nothing; give keywords, categories or reject_empty_value")
	}
}

// check judges an address of the given categories. It is unknown when the
// category would decide and there are no lists that say it.
func (s *site) check(address string, categories click.CategorySet, known bool) Result {
	if address == "" {
		if s.settings.RejectEmptyValue {
			return Result{Outcome: Hit, Reasons: s.reasons, Detail: "empty"}
		}
		return Result{}
	}
	found, certain := s.find(address, categories, known)
	switch {
	case !certain:
		return Result{Outcome: Unknown}
	case s.settings.Invert && found == "":
		return Result{Outcome: Hit, Reasons: s.reasons, Detail: "not among the allowed"}
	case s.settings.Invert || found == "":
		return Result{}
	}
	return Result{Outcome: Hit, Reasons: s.reasons, Detail: found}
}

// find returns the keyword or category that an address has, or nothing;
// certain is false when nothing was found and the categories are not known.
func (s *site) find(address string, categories click.CategorySet, known bool) (found string, certain bool) {
	if i := s.keywords.find(address); i >= 0 {
		return s.settings.Keywords[i], true
	}
	for name := range (categories & s.categories).Each {
		return name, true
	}
	return "", known || s.categories == 0
}

func (s *site) explain(name, address string, categories click.CategorySet, known bool, e *Explanation) {
	e.Settings = s.settings
	e.Input(name, address)
	e.Input("categories", strings.Join(slices.Collect(categories.Each), ", "))
	e.Input("categories_known", known)
}
