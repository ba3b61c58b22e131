package filters

import (
	"fmt"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var maximumSessionTime = Type{
	Code: "MAXIMUM_SESSION_TIME", Name: "maximum_session_time",
	Doc:     "Rejects conversions that come too long after their click.",
	Example: `{"max_session_time_seconds": 604800}`,
	Planes:  []click.Plane{click.PlaneConversion},
	Reasons: []click.Reason{click.MaximumSessionTime},
	New:     newMaximumSessionTime,
}

type maximumSessionTimeSettings struct {
	// MaxSessionTimeSeconds is the longest time from click to conversion that
	// passes; 0 is any.
	MaxSessionTimeSeconds int64 `json:"max_session_time_seconds"`
}

type maximumSessionTimeFilter struct {
	settings maximumSessionTimeSettings
	detail   string
}

func newMaximumSessionTime(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(maximumSessionTimeFilter)
	m := decode(settings, &f.settings)
	m.within("max_session_time_seconds", f.settings.MaxSessionTimeSeconds, 0, maxCount)
	f.detail = fmt.Sprintf("more than %d s after the click", f.settings.MaxSessionTimeSeconds)
	return f, m.problems
}

// Check implements Filter. It is unknown when the time of the click is.
func (f *maximumSessionTimeFilter) Check(c *click.Click) Result {
	ms, ok := c.SessionMS()
	if !ok {
		return Result{Outcome: Unknown}
	}
	if most := f.settings.MaxSessionTimeSeconds * 1000; most == 0 || ms <= most {
		return Result{}
	}
	return Result{Outcome: Hit, Reasons: click.SetOf(click.MaximumSessionTime), Detail: f.detail}
}

// Explain implements Explainer.
func (f *maximumSessionTimeFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	explainSession(c, e)
}
