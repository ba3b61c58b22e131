package filters

import (
	"fmt"
	"slices"

	"github.com/clickgate/clickgate/internal/click"
)

// maxSessionRules bounds the work of a check.
const maxSessionRules = 20

// sessionRule suspects conversions whose time from the click lies on the wrong
// side of a bound.
type sessionRule struct {
	boundMS int64
	// long suspects times above the bound, else those below.
	long      bool
	detail    string
	threshold threshold
}

// newSessionRule makes a rule; a bound of 0 seconds suspects no long times.
func newSessionRule(seconds int64, long bool, s thresholdSettings, kind click.Filter, env Env) sessionRule {
	u := sessionRule{boundMS: seconds * 1000, long: long, threshold: newThreshold(s, kind, fmt.Sprint(" ", seconds), env)}
	u.detail = fmt.Sprintf("less than %d s after the click", seconds)
	if long {
		u.detail = fmt.Sprintf("more than %d s after the click", seconds)
	}
	return u
}

func (u *sessionRule) suspicious(ms int64) bool {
	if u.long {
		return u.boundMS > 0 && ms > u.boundMS
	}
	return ms < u.boundMS
}

// sessions is CLICK_SPAM and LOW_SESSION_TIME_ANOMALY: any rule may reject.
type sessions struct {
	rules  []sessionRule
	reason click.Reason
}

// Check implements Filter. It is unknown, and the conversion takes no part in
// the shares, when the time of the click is not known.
func (f *sessions) Check(c *click.Click) Result {
	ms, ok := c.SessionMS()
	if !ok {
		return Result{Outcome: Unknown}
	}
	var r Result
	for i := range f.rules {
		u := &f.rules[i]
		one := u.threshold.judge(c, u.suspicious(ms), f.reason, u.detail)
		r.Suspicious = r.Suspicious || one.Suspicious
		if one.Outcome == Hit {
			r.hit(f.reason, one.Detail)
		}
	}
	return r
}

func (f *sessions) explain(c *click.Click, e *Explanation) {
	explainSession(c, e)
	for i := range f.rules {
		f.rules[i].threshold.explain(c, e)
	}
}

// explainSession adds the time from click to conversion.
func explainSession(c *click.Click, e *Explanation) {
	if ms, ok := c.SessionMS(); ok {
		e.Input("session_time_seconds", float64(ms)/1000)
	}
}

// repeatedRule notes a rule that an earlier one repeats: both would count the
// same.
func (m *mistakes) repeatedRule(names []string) {
	last := len(names) - 1
	if j := slices.Index(names[:last], names[last]); j >= 0 {
		m.add(fmt.Sprintf("[%d]", last), "repeats rule [%d]: it has the same bound, lookback_hours and check_by_sub_id; keep one", j)
	}
}
