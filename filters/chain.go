package filters

import (
	"fmt"

	"github.com/VictoriaMetrics/metrics"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// Block is what the rejecting filters say about the blank page.
type Block uint8

// BlockUnset leaves it to the offer and the integration; BlockOff forbids the
// page; BlockOn demands it, and one filter that does is enough.
const (
	BlockUnset Block = iota
	BlockOff
	BlockOn
)

// Chain is the filters of one list and plane in their order, ready to run.
// It does not change and may be used from many goroutines.
type Chain struct {
	steps []step
	// types has a bit for each type in the chain.
	types typeSet
}

// typeSet is a set of types by their index in the registry.
type typeSet uint64

func (s typeSet) has(i int) bool     { return s&(1<<i) != 0 }
func (s typeSet) with(i int) typeSet { return s | 1<<i }

// step is one filter of a chain.
type step struct {
	filter Filter
	index  int // of its type in the registry
	invert bool
	block  Block
	// fallback is the reason of a hit that names none.
	fallback click.Reason
	results  [3]*metrics.Counter
}

// Compile builds the chain of a list for env.Plane. It touches no state. It
// returns either a chain or all mistakes, with paths relative to the list
// ("[2].settings.max_duplicates"). A type that stands twice in a list is a
// mistake (D-27).
func Compile(list []config.Filter, env Env) (*Chain, config.Problems) {
	c := &Chain{steps: make([]step, 0, len(list))}
	var problems config.Problems
	for i := range list {
		s, wrong := newStep(&list[i], env)
		if wrong == nil && c.types.has(s.index) {
			wrong = config.Problems{{Path: "type", Message: list[i].Type + " stands twice in the list; keep one"}}
		}
		if wrong != nil {
			problems = append(problems, under(fmt.Sprintf("[%d]", i), wrong)...)
			continue
		}
		c.steps = append(c.steps, s)
		c.types = c.types.with(s.index)
	}
	if problems != nil {
		return nil, problems
	}
	return c, nil
}

// newStep builds one filter, or tells its mistakes relative to it.
func newStep(f *config.Filter, env Env) (step, config.Problems) {
	if f.Target != "" && f.Target != planes[env.Plane] {
		return step{}, config.Problems{{Path: "target", Message: fmt.Sprintf("is %q in a list that judges %ss", f.Target, planes[env.Plane])}}
	}
	index, problem := find(env.Plane, f.Type)
	if problem != "" {
		return step{}, config.Problems{{Path: "type", Message: problem}}
	}
	t := &builtin[index]
	filter, problems := t.New(f.Settings, env)
	if len(problems) > 0 {
		return step{}, under("settings", problems)
	}
	return step{
		filter: filter, index: index, invert: f.Invert, block: blockOf(f.BlockOnReject),
		fallback: t.Reasons[0], results: resultCounters(t.Code),
	}, nil
}

func blockOf(b *bool) Block {
	switch {
	case b == nil:
		return BlockUnset
	case *b:
		return BlockOn
	}
	return BlockOff
}

// under returns problems with paths below base.
func under(base string, problems config.Problems) config.Problems {
	below := make(config.Problems, len(problems))
	for i, p := range problems {
		switch {
		case p.Path == "":
			p.Path = base
		case p.Path[0] == '[':
			p.Path = base + p.Path
		default:
			p.Path = base + "." + p.Path
		}
		below[i] = p
	}
	return below
}

// resultCounters are the counters of a type, one an outcome. They are the
// same for every chain, so the number of series depends on the types alone.
func resultCounters(code string) [3]*metrics.Counter {
	var c [3]*metrics.Counter
	for outcome, name := range outcomeNames {
		c[outcome] = metrics.GetOrCreateCounter(fmt.Sprintf("clickgate_filters_results_total{filter=%q,outcome=%q}", code, name))
	}
	return c
}
