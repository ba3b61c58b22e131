package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/family"
)

var oldOS = Type{
	Code: "OLD_OS", Name: "old_os",
	Doc:     "Rejects operating systems below a version of their family, all of them or once a publisher sends too many.",
	Example: `{"oses": {"Windows": "10", "Android": "9", "Mac OS X": "10.15"}, "invert": false, "lookback_hours": 24, "minimum_request_count": 10, "threshold_percentage": 5, "check_by_sub_id": true}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: []click.Reason{click.OldOS},
	New:     newOldOS,
}

type oldOSSettings struct {
	// OSes are the first good versions, by family. Those of Windows may be
	// names: XP is older than Vista, and that older than 7.
	OSes map[string]string `json:"oses"`
	// Invert makes the listed version and newer ones suspicious instead (D-12).
	Invert bool `json:"invert"`
	thresholdSettings
}

type oldOSFilter struct {
	settings oldOSSettings
	old      oldVersion
}

func newOldOS(settings config.Raw, env Env) (Filter, config.Problems) {
	f := new(oldOSFilter)
	s := &f.settings
	m := decode(settings, s)
	bounds := newBounds(m, "oses", s.OSes, &family.Systems)
	s.validate(m, env)
	f.old = oldVersion{bounds, &family.Systems, s.Invert, click.OldOS, newThreshold(s.thresholdSettings, click.FilterOldOS, "", env)}
	return f, m.problems
}

// Check implements Filter. It is unknown without a system or, where its family
// is listed, without a version.
func (f *oldOSFilter) Check(c *click.Click) Result {
	if c.Device == nil {
		return Result{Outcome: Unknown}
	}
	return f.old.check(c, c.Device.OSName, c.Device.OSVersion)
}

// Explain implements Explainer.
func (f *oldOSFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	if c.Device != nil {
		e.Input("os_name", c.Device.OSName)
		e.Input("os_version", c.Device.OSVersion)
	}
	f.old.threshold.explain(c, e)
}
