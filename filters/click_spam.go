package filters

import (
	"fmt"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var clickSpam = Type{
	Code: "CLICK_SPAM", Name: "click_spam",
	Doc:     "Rejects conversions long after their click, as planted clicks have them, all of them or once a publisher sends too many.",
	Example: `[{"max_session_time_seconds": 86400, "lookback_hours": 24, "minimum_request_count": 10, "threshold_percentage": 5, "check_by_sub_id": false}]`,
	Planes:  []click.Plane{click.PlaneConversion},
	Reasons: []click.Reason{click.ClickSpam},
	New:     newClickSpam,
}

type clickSpamSettings struct {
	// MaxSessionTimeSeconds is the time from click to conversion above which a
	// conversion is suspicious; 0 suspects none.
	MaxSessionTimeSeconds int64 `json:"max_session_time_seconds"`
	thresholdSettings
}

type clickSpamFilter struct {
	settings []clickSpamSettings
	sessions
}

func newClickSpam(settings config.Raw, env Env) (Filter, config.Problems) {
	f := &clickSpamFilter{sessions: sessions{reason: click.ClickSpam}}
	m := decode(settings, &f.settings)
	m.rules(len(f.settings), maxSessionRules)
	var names []string
	for i := range f.settings {
		s := &f.settings[i]
		path := fmt.Sprintf("[%d].", i)
		m.within(path+"max_session_time_seconds", s.MaxSessionTimeSeconds, 0, maxCount)
		s.validateAt(m, path, env)
		names = append(names, fmt.Sprint(s.MaxSessionTimeSeconds, s.LookbackHours, s.CheckBySubID))
		m.repeatedRule(names)
		f.rules = append(f.rules, newSessionRule(s.MaxSessionTimeSeconds, true, s.thresholdSettings, click.FilterClickSpam, env))
	}
	return f, m.problems
}

// Explain implements Explainer.
func (f *clickSpamFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	f.explain(c, e)
}
