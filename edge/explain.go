package edge

import (
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// report gathers what an explanation tells.
type report struct{ explain.Report }

func (r *report) rule(part, name, value string, fits bool, reason click.Reason) {
	rule := explain.Rule{Part: part, Name: name, Value: value, Fits: fits}
	if !fits {
		rule.Reason = reason.String()
	}
	r.Rules = append(r.Rules, rule)
}
