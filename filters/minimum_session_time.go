package filters

import (
	"fmt"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var minimumSessionTime = Type{
	Code: "MINIMUM_SESSION_TIME", Name: "minimum_session_time",
	Doc:     "Rejects conversions that come too soon after their click.",
	Example: `{"min_session_time_seconds": 10}`,
	Planes:  []click.Plane{click.PlaneConversion},
	Reasons: []click.Reason{click.MinimumSessionTime},
	New:     newMinimumSessionTime,
}

type minimumSessionTimeSettings struct {
	// MinSessionTimeSeconds is the shortest time from click to conversion that
	// passes.
	MinSessionTimeSeconds int64 `json:"min_session_time_seconds"`
}

type minimumSessionTimeFilter struct {
	settings minimumSessionTimeSettings
	detail   string
}

func newMinimumSessionTime(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(minimumSessionTimeFilter)
	m := decode(settings, &f.settings)
	m.within("min_session_time_seconds", f.settings.MinSessionTimeSeconds, 0, maxCount)
	f.detail = fmt.Sprintf("less than %d s after the click", f.settings.MinSessionTimeSeconds)
	return f, m.problems
}

// Check implements Filter. It is unknown when the time of the click is.
func (f *minimumSessionTimeFilter) Check(c *click.Click) Result {
	ms, ok := c.SessionMS()
	if !ok {
		return Result{Outcome: Unknown}
	}
	if ms >= f.settings.MinSessionTimeSeconds*1000 {
		return Result{}
	}
	return Result{Outcome: Hit, Reasons: click.SetOf(click.MinimumSessionTime), Detail: f.detail}
}

// Explain implements Explainer.
func (f *minimumSessionTimeFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	explainSession(c, e)
}
