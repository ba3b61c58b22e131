package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// maxToleranceSeconds bounds how far clocks may be apart.
const maxToleranceSeconds = 999

var wrongInstallTime = Type{
	Code: "WRONG_INSTALL_TIME", Name: "wrong_install_time",
	Doc:     "Rejects conversions whose times of click, install and conversion contradict each other.",
	Example: `{"time_delta_tolerance_seconds": 30}`,
	Planes:  []click.Plane{click.PlaneConversion},
	Reasons: []click.Reason{click.WrongInstallTime},
	New:     newWrongInstallTime,
}

type wrongInstallTimeSettings struct {
	// TimeDeltaToleranceSeconds is how far the clocks that the times come from
	// may be apart.
	TimeDeltaToleranceSeconds int64 `json:"time_delta_tolerance_seconds"`
}

type wrongInstallTimeFilter struct{ settings wrongInstallTimeSettings }

func newWrongInstallTime(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(wrongInstallTimeFilter)
	m := decode(settings, &f.settings)
	m.within("time_delta_tolerance_seconds", f.settings.TimeDeltaToleranceSeconds, 0, maxToleranceSeconds)
	return f, m.problems
}

// Check implements Filter. It compares the times that are known, and is unknown
// when neither end of the install is.
func (f *wrongInstallTimeFilter) Check(c *click.Click) Result {
	v := &c.Conversion
	if v.BeginInstallMS == 0 && v.FinishInstallMS == 0 {
		return Result{Outcome: Unknown}
	}
	switch {
	case f.before(v.BeginInstallMS, v.ClickTimeMS):
		return wrongInstall("install began before the click")
	case f.before(v.FinishInstallMS, v.ClickTimeMS):
		return wrongInstall("install ended before the click")
	case f.before(v.FinishInstallMS, v.BeginInstallMS):
		return wrongInstall("install ended before it began")
	case f.before(c.TimeMS, v.BeginInstallMS):
		return wrongInstall("install began after the conversion")
	case f.before(c.TimeMS, v.FinishInstallMS):
		return wrongInstall("install ended after the conversion")
	}
	return Result{}
}

// before tells whether both times are known and the first is the earlier one by
// more than the tolerance.
func (f *wrongInstallTimeFilter) before(a, b int64) bool {
	return a != 0 && b != 0 && b-a > f.settings.TimeDeltaToleranceSeconds*1000
}

func wrongInstall(detail string) Result {
	return Result{Outcome: Hit, Reasons: click.SetOf(click.WrongInstallTime), Detail: detail}
}

// Explain implements Explainer.
func (f *wrongInstallTimeFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	e.Input("click_time", c.Conversion.ClickTimeMS)
	e.Input("begin_install_time", c.Conversion.BeginInstallMS)
	e.Input("finish_install_time", c.Conversion.FinishInstallMS)
	e.Input("conversion_time", c.TimeMS)
}
