package filters

import (
	"strings"
	"unsafe"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

var keyword = Type{
	Code: "KEYWORD", Name: "keyword",
	Doc:     "Rejects search keywords with one of some words in them, and those that come more often than allowed within a window.",
	Example: `{"keywords": ["free money"], "max_duplicate_allowed": 100, "expires_in_seconds": 3600, "properties": {"has_offer": true, "has_publisher": true, "has_sub_id": false}}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression},
	Reasons: []click.Reason{click.KeywordReason},
	New:     newKeyword,
}

type keywordSettings struct {
	// Keywords are looked for anywhere in the search keyword, whatever the case.
	Keywords []string `json:"keywords,omitempty"`
	// MaxDuplicateAllowed is how often one search keyword may come within the
	// window, whatever its case and the blanks around it; unset is any number.
	MaxDuplicateAllowed *int64 `json:"max_duplicate_allowed,omitempty"`
	// ExpiresInSeconds is the window, which begins with its first request.
	ExpiresInSeconds *int64 `json:"expires_in_seconds,omitempty"`
	// Properties are what the keywords are counted apart by.
	Properties sourceParts `json:"properties"`
}

func (s *keywordSettings) validate(m *mistakes) {
	m.words("keywords", s.Keywords)
	switch most, window := s.MaxDuplicateAllowed, s.ExpiresInSeconds; {
	case most != nil && window != nil:
		m.within("max_duplicate_allowed", *most, 1, maxCount)
		m.window("expires_in_seconds", *window)
	case most != nil:
		m.add("expires_in_seconds", "missing; max_duplicate_allowed needs a window")
	case window != nil:
		m.add("max_duplicate_allowed", "missing; expires_in_seconds is the window of it")
	case len(s.Keywords) == 0:
		m.add("", "rejects nothing; give keywords, or max_duplicate_allowed with expires_in_seconds")
	}
}

type keywordFilter struct {
	settings keywordSettings
	keywords *keywords
	limit    limit // max 0: none
	space    state.Key
}

func newKeyword(settings config.Raw, env Env) (Filter, config.Problems) {
	f := &keywordFilter{space: env.namespace(click.FilterKeyword, "")}
	s := &f.settings
	m := decode(settings, s)
	s.validate(m)
	f.keywords = newKeywords(s.Keywords...)
	if s.MaxDuplicateAllowed != nil && s.ExpiresInSeconds != nil {
		f.limit = newLimit(env.State.Counts, *s.MaxDuplicateAllowed, *s.ExpiresInSeconds)
	}
	return f, m.problems
}

// Check implements Filter. It is unknown without a search keyword.
func (f *keywordFilter) Check(c *click.Click) Result {
	if c.Keyword == "" {
		return Result{Outcome: Unknown}
	}
	tooOften := f.limit.max > 0 && f.limit.exceeded(f.key(c), c)
	if i := f.keywords.find(c.Keyword); i >= 0 {
		return Result{Outcome: Hit, Reasons: click.SetOf(click.KeywordReason), Detail: f.settings.Keywords[i]}
	}
	if tooOften {
		return Result{Outcome: Hit, Reasons: click.SetOf(click.KeywordReason), Detail: f.limit.detail}
	}
	return Result{}
}

// key is what a search keyword is counted by. Of one that is very long only the
// beginning counts.
func (f *keywordFilter) key(c *click.Click) state.Key {
	var buf [maxFolded]byte // stays on the stack
	folded := appendFolded(buf[:0], strings.TrimSpace(c.Keyword))
	k := f.space.String(unsafe.String(unsafe.SliceData(folded), len(folded)))
	return f.settings.Properties.add(k, c)
}

// Explain implements Explainer.
func (f *keywordFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	e.Input("keyword", c.Keyword)
	f.settings.Properties.explain(c, e)
	if f.limit.max > 0 && c.Keyword != "" {
		f.limit.explain("keyword", f.key(c), c, e)
	}
}
