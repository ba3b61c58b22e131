package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var thirdPartyRejection = Type{
	Code: "THIRD_PARTY_REJECTION", Name: "third_party_rejection",
	Doc:     "Rejects conversions that the other platform rejected, for any reason or for one with certain words.",
	Example: `{"rejected_keywords": ["fraud", "duplicate"]}`,
	Planes:  []click.Plane{click.PlaneConversion},
	Reasons: []click.Reason{click.ThirdPartyRejection},
	New:     newThirdPartyRejection,
}

type thirdPartySettings struct {
	// RejectedKeywords are looked for anywhere in the other platform's reason,
	// whatever the case; without any, every reason rejects.
	RejectedKeywords []string `json:"rejected_keywords,omitempty"`
}

type thirdPartyFilter struct {
	settings thirdPartySettings
	keywords *keywords
}

func newThirdPartyRejection(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(thirdPartyFilter)
	m := decode(settings, &f.settings)
	m.words("rejected_keywords", f.settings.RejectedKeywords)
	f.keywords = newKeywords(f.settings.RejectedKeywords...)
	return f, m.problems
}

// Check implements Filter.
func (f *thirdPartyFilter) Check(c *click.Click) Result {
	reason := c.Conversion.ThirdPartyReason
	if reason == "" || f.keywords != nil && f.keywords.find(reason) < 0 {
		return Result{}
	}
	return Result{Outcome: Hit, Reasons: click.SetOf(click.ThirdPartyRejection), Detail: reason}
}

// Explain implements Explainer.
func (f *thirdPartyFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	e.Input("third_party_rejected_reason", c.Conversion.ThirdPartyReason)
}
