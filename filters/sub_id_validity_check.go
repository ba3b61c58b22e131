package filters

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

const (
	// maxSubIDLength is the longest sub id in characters.
	maxSubIDLength = 50
	// uniqueHours is the period of max_unique_threshold (D-30).
	uniqueHours = 24
	// maxUniqueSubIDs bounds max_unique_threshold.
	maxUniqueSubIDs = 100_000
)

var subIDValidityCheck = Type{
	Code: "SUB_ID_VALIDITY_CHECK", Name: "sub_id_validity_check",
	Doc:     "Rejects sub ids of the wrong form, and marks those beyond the number that a publisher may use on an offer.",
	Example: `{"is_integer": false, "min_length": 1, "max_length": 50, "max_unique_threshold": 1000, "unified_sub_id": "other"}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: []click.Reason{click.SubIDInvalid},
	New:     newSubIDValidityCheck,
}

type subIDSettings struct {
	// IsInteger lets only digits pass.
	IsInteger bool `json:"is_integer"`
	// MinLength and MaxLength are in characters; a MaxLength of 0 is 50. A
	// request without a sub id has one of length 0, of which nothing else is
	// asked.
	MinLength int64 `json:"min_length"`
	MaxLength int64 `json:"max_length"`
	// MaxUniqueThreshold is how many different sub ids a publisher may use on an
	// offer within 24 hours (D-30); 0 is any number. Surplus ones pass.
	MaxUniqueThreshold int64 `json:"max_unique_threshold"`
	// UnifiedSubID is what the advertiser gets instead of a surplus sub id;
	// empty leaves it as it is.
	UnifiedSubID string `json:"unified_sub_id"`
}

func (s *subIDSettings) validate(m *mistakes) {
	m.within("min_length", s.MinLength, 0, maxSubIDLength)
	m.within("max_length", s.MaxLength, 0, maxSubIDLength)
	if s.MaxLength == 0 {
		s.MaxLength = maxSubIDLength
	}
	if s.MinLength > s.MaxLength {
		m.add("min_length", "lies above max_length, which is %d", s.MaxLength)
	}
	m.within("max_unique_threshold", s.MaxUniqueThreshold, 0, maxUniqueSubIDs)
	if n := utf8.RuneCountInString(s.UnifiedSubID); n > maxSubIDLength {
		m.add("unified_sub_id", "must have at most %d characters, not %d", maxSubIDLength, n)
	}
}

type subIDFilter struct {
	settings subIDSettings
	uniques  *state.Uniques
	space    state.Key
	surplus  string // detail
}

func newSubIDValidityCheck(settings config.Raw, env Env) (Filter, config.Problems) {
	f := &subIDFilter{uniques: env.State.Uniques, space: env.namespace(click.FilterSubIDValidityCheck, "")}
	m := decode(settings, &f.settings)
	f.settings.validate(m)
	f.surplus = fmt.Sprintf("more than %d sub ids in %d h", f.settings.MaxUniqueThreshold, uniqueHours)
	return f, m.problems
}

// Check implements Filter. A sub id of the wrong form does not use up the
// number of those a publisher may have.
func (f *subIDFilter) Check(c *click.Click) Result {
	if wrong := f.wrong(c.SubID[0]); wrong != "" {
		return Result{Outcome: Hit, Reasons: click.SetOf(click.SubIDInvalid), Detail: wrong}
	}
	if f.settings.MaxUniqueThreshold == 0 || c.SubID[0] == "" || f.admits(c) {
		return Result{}
	}
	return Result{SurplusSubID: true, UnifiedSubID: f.settings.UnifiedSubID, Detail: f.surplus}
}

// wrong says what is wrong with the form of a sub id, or is empty.
func (f *subIDFilter) wrong(id string) string {
	switch n := int64(utf8.RuneCountInString(id)); {
	case n < f.settings.MinLength && n == 0:
		return "no sub id"
	case n < f.settings.MinLength:
		return "too short"
	case n > f.settings.MaxLength:
		return "too long"
	case f.settings.IsInteger && strings.Trim(id, "0123456789") != "":
		return "not a number"
	}
	return ""
}

// admits tells whether the sub id is among those that the publisher may use.
func (f *subIDFilter) admits(c *click.Click) bool {
	space := addSource(f.space, c, false)
	return f.uniques.Admit(space, addSubID(space, c), c.TimeMS, uniqueHours*3600*1000, f.settings.MaxUniqueThreshold, c.Counts())
}

// Explain implements Explainer.
func (f *subIDFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	explainSource(c, e, true)
}
