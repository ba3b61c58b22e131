package filters

import (
	"fmt"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var lowSessionTimeAnomaly = Type{
	Code: "LOW_SESSION_TIME_ANOMALY", Name: "low_session_time_anomaly",
	Doc:     "Rejects conversions soon after their click, as injected clicks have them, all of them or once a publisher sends too many.",
	Example: `[{"min_session_time_seconds": 10, "lookback_hours": 24, "minimum_request_count": 10, "threshold_percentage": 5, "check_by_sub_id": false}]`,
	Planes:  []click.Plane{click.PlaneConversion},
	Reasons: []click.Reason{click.LowSessionTime},
	New:     newLowSessionTimeAnomaly,
}

type lowSessionTimeAnomalySettings struct {
	// MinSessionTimeSeconds is the time from click to conversion below which a
	// conversion is suspicious.
	MinSessionTimeSeconds int64 `json:"min_session_time_seconds"`
	thresholdSettings
}

type lowSessionTimeAnomalyFilter struct {
	settings []lowSessionTimeAnomalySettings
	sessions
}

func newLowSessionTimeAnomaly(settings config.Raw, env Env) (Filter, config.Problems) {
	f := &lowSessionTimeAnomalyFilter{sessions: sessions{reason: click.LowSessionTime}}
	m := decode(settings, &f.settings)
	m.rules(len(f.settings), maxSessionRules)
	var names []string
	for i := range f.settings {
		s := &f.settings[i]
		path := fmt.Sprintf("[%d].", i)
		m.within(path+"min_session_time_seconds", s.MinSessionTimeSeconds, 0, maxCount)
		s.validateAt(m, path, env)
		names = append(names, fmt.Sprint(s.MinSessionTimeSeconds, s.LookbackHours, s.CheckBySubID))
		m.repeatedRule(names)
		f.rules = append(f.rules, newSessionRule(s.MinSessionTimeSeconds, false, s.thresholdSettings, click.FilterLowSessionTimeAnomaly, env))
	}
	return f, m.problems
}

// Explain implements Explainer.
func (f *lowSessionTimeAnomalyFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	f.explain(c, e)
}
