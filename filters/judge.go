package filters

import "github.com/clickgate/clickgate/internal/click"

// Judge runs the filters of two chains over a click and writes every reason to
// reject it into v; the first reason found is the primary one. Types of the
// first chain are skipped in the second: the group's filter wins over that of
// the offer's fraud filter group. Either chain may be nil. All filters run,
// whatever those before them found, because they count and because the row
// lists all reasons.
//
// It returns what the filters that rejected say about the blank page.
func Judge(c *click.Click, v *click.Verdict, first, second *Chain) Block {
	block := first.judge(c, v, 0)
	if second == nil {
		return block
	}
	var skip typeSet
	if first != nil {
		skip = first.types
	}
	return max(block, second.judge(c, v, skip))
}

func (ch *Chain) judge(c *click.Click, v *click.Verdict, skip typeSet) Block {
	if ch == nil {
		return BlockUnset
	}
	block := BlockUnset
	for i := range ch.steps {
		s := &ch.steps[i]
		if skip.has(s.index) {
			continue
		}
		r := s.check(c)
		s.results[r.Outcome].Inc()
		if r.Outcome != Hit {
			continue
		}
		reject(v, r)
		block = max(block, s.block)
	}
	return block
}

// check asks the filter and applies invert: what passes is a hit and what is
// hit passes; unknown stays unknown.
func (s *step) check(c *click.Click) Result {
	r := s.filter.Check(c)
	if s.invert {
		r = inverted(r)
	}
	if r.Outcome == Hit && r.Reasons.Empty() {
		r.Reasons = click.SetOf(s.fallback)
	}
	return r
}

func inverted(r Result) Result {
	switch r.Outcome {
	case Hit:
		return Result{Outcome: Pass}
	case Pass:
		return Result{Outcome: Hit, Detail: "inverted"}
	}
	return r
}

func reject(v *click.Verdict, r Result) {
	for reason, rest := r.Reasons.Next(); reason != click.None; reason, rest = rest.Next() {
		v.Reject(reason, r.Detail)
	}
}
