package filters

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// Explainer is a filter that can show its work; all of the registry are.
// Explain adds what Check looks at, and touches no counter.
type Explainer interface {
	Explain(c *click.Click, e *Explanation)
}

// Explanation is what a filter looks at.
type Explanation struct {
	// Settings are those in effect, defaults filled in; they can be encoded as
	// JSON.
	Settings any
	Inputs   []Input
	Counts   []Count
}

// Input is a value of the click, as text of its own memory.
type Input struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Count is a number that a filter measures against a limit within a window. It
// includes the click that is judged where that counts against the limit.
type Count struct {
	Name          string `json:"name"`
	Seen          int64  `json:"seen"`
	Limit         int64  `json:"limit"`
	WindowSeconds int64  `json:"window_seconds"`
}

// String is the count in words, such as "3 of 20 in 3600 s".
func (n Count) String() string {
	return fmt.Sprintf("%d of %d in %d s", n.Seen, n.Limit, n.WindowSeconds)
}

// Input adds a value of the click, unless it is there already.
func (e *Explanation) Input(name string, value any) {
	for _, there := range e.Inputs {
		if there.Name == name {
			return
		}
	}
	e.Inputs = append(e.Inputs, Input{name, fmt.Sprint(value)})
}

// Count adds a number and what it is measured against.
func (e *Explanation) Count(name string, seen, limit, windowSeconds int64) {
	e.Counts = append(e.Counts, Count{name, seen, limit, windowSeconds})
}

// Step is what one filter said to a click, and why. It holds nothing of the
// click's memory.
type Step struct {
	Type click.Filter
	// Second tells that the filter stands in the second chain, that of the
	// offer's fraud filter group. Skipped is one there whose type the first
	// chain has too: it did not run.
	Second, Skipped bool
	Settings        json.RawMessage
	Invert          bool
	Inputs          []Input
	Counts          []Count
	// Outcome is that after Invert.
	Outcome    Outcome
	Suspicious bool
	Reasons    []click.Reason
	Detail     string
}

// Explain judges a click as Judge does and calls record for every filter, but
// no counter and no metric is touched: a click that counts is judged as if it
// were counted. v gets the verdict.
func Explain(c *click.Click, v *click.Verdict, first, second *Chain, record func(Step)) Block {
	trial := *c
	trial.Trial = true
	block := first.explain(&trial, v, 0, record)
	return max(block, second.explain(&trial, v, first.Kinds(), func(s Step) {
		s.Second = true
		record(s)
	}))
}

func (ch *Chain) explain(c *click.Click, v *click.Verdict, skip click.FilterSet, record func(Step)) Block {
	if ch == nil {
		return BlockUnset
	}
	block := BlockUnset
	for i := range ch.steps {
		s := &ch.steps[i]
		told := s.explain(c)
		if told.Skipped = skip.Has(s.kind); !told.Skipped {
			r, suspicious := s.check(c)
			block = max(block, s.note(v, r, suspicious))
			told.result(r, suspicious)
		}
		record(told)
	}
	return block
}

// explain tells what a filter is and what it looks at.
func (s *step) explain(c *click.Click) Step {
	told := Step{Type: s.kind, Invert: s.invert}
	filter, ok := s.filter.(Explainer)
	if !ok {
		return told
	}
	var e Explanation
	filter.Explain(c, &e)
	settings, err := json.Marshal(e.Settings)
	if err != nil {
		panic(fmt.Sprintf("BUG: settings of %s: %v", s.kind, err))
	}
	told.Settings, told.Inputs, told.Counts = settings, e.Inputs, e.Counts
	return told
}

func (t *Step) result(r Result, suspicious bool) {
	t.Outcome, t.Suspicious, t.Detail = r.Outcome, suspicious, strings.Clone(r.Detail)
	for reason, rest := r.Reasons.Next(); reason != click.None; reason, rest = rest.Next() {
		t.Reasons = append(t.Reasons, reason)
	}
}
