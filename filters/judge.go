package filters

import "github.com/clickgate/clickgate/internal/click"

// Judge runs the filters of two chains over a click and writes every reason to
// reject it into v; the first reason found is the primary one. Types of the
// first chain are skipped in the second: the group's filter wins over that of
// the offer's fraud filter group. Either chain may be nil. All filters run,
// whatever those before them found, because they count and because the row
// lists all verdicts.
//
// It returns what the filters that rejected say about the blank page.
func Judge(c *click.Click, v *click.Verdict, first, second *Chain) Block {
	w := newWatch()
	block := first.judge(c, v, 0, &w)
	return max(block, second.judge(c, v, first.Kinds(), &w))
}

func (ch *Chain) judge(c *click.Click, v *click.Verdict, skip click.FilterSet, w *watch) Block {
	if ch == nil {
		return BlockUnset
	}
	block := BlockUnset
	for i := range ch.steps {
		s := &ch.steps[i]
		if skip.Has(s.kind) {
			continue
		}
		r, suspicious := s.check(c)
		if !c.Trial {
			s.metrics.results[r.Outcome].Inc()
			w.lap(s.metrics)
		}
		block = max(block, s.note(v, r, suspicious))
	}
	return block
}

// check asks the filter and applies invert: what passes is a hit and what is
// hit passes; unknown stays unknown. suspicious tells that the condition was
// met, whatever comes of it.
func (s *step) check(c *click.Click) (r Result, suspicious bool) {
	r = s.filter.Check(c)
	suspicious = r.Suspicious || r.Outcome == Hit
	if s.invert {
		r.invert()
	}
	if r.Outcome == Hit && r.Reasons.Empty() {
		r.Reasons = click.SetOf(s.fallback)
	}
	return r, suspicious
}

func (r *Result) invert() {
	switch r.Outcome {
	case Hit:
		r.Outcome, r.Reasons, r.Detail = Pass, 0, ""
	case Pass:
		r.Outcome, r.Reasons, r.Detail = Hit, 0, "inverted"
	}
}

// note writes a result into the verdict and returns what the filter says about
// the blank page.
func (s *step) note(v *click.Verdict, r Result, suspicious bool) Block {
	if suspicious {
		v.Suspicious = v.Suspicious.With(s.kind)
	}
	if r.SurplusSubID {
		v.SurplusSubID, v.UnifiedSubID = true, r.UnifiedSubID
	}
	switch r.Outcome {
	case Pass:
		v.Passed = v.Passed.With(s.kind)
	case Unknown:
		v.Unknown = v.Unknown.With(s.kind)
	case Hit:
		v.Hit = v.Hit.With(s.kind)
		v.InvalidSubID = v.InvalidSubID || s.kind == click.FilterSubIDValidityCheck
		for reason, rest := r.Reasons.Next(); reason != click.None; reason, rest = rest.Next() {
			v.Reject(reason, r.Detail)
		}
		return s.block
	}
	return BlockUnset
}
