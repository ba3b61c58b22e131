package filters

import (
	"fmt"

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
	// kinds are the types in the chain.
	kinds click.FilterSet
	// ledgers are what Record writes clicks of this plane into.
	ledgers []ledger
}

// step is one filter of a chain.
type step struct {
	filter Filter
	kind   click.Filter
	invert bool
	block  Block
	// fallback is the reason of a hit that names none.
	fallback click.Reason
	metrics  *kindMetrics
}

// newChain builds the chain of a list for env.Plane. It touches no state. It
// returns either a chain or all mistakes, with paths relative to the list
// ("[2].settings.max_duplicates"). A type that stands twice in a list is a
// mistake (D-27).
func newChain(list []config.Filter, env Env) (*Chain, config.Problems) {
	c := &Chain{steps: make([]step, 0, len(list))}
	var problems config.Problems
	for i := range list {
		s, wrong := newStep(&list[i], env)
		if wrong == nil && c.kinds.Has(s.kind) {
			wrong = config.Problems{{Path: "type", Message: twice(list[i].Type, s.kind)}}
		}
		if wrong != nil {
			problems = append(problems, under(fmt.Sprintf("[%d]", i), wrong)...)
			continue
		}
		c.add(s)
	}
	if problems != nil {
		return nil, problems
	}
	return c, nil
}

// Kinds are the types of the chain's filters.
func (ch *Chain) Kinds() click.FilterSet {
	if ch == nil {
		return 0
	}
	return ch.kinds
}

func (ch *Chain) add(s step) {
	ch.steps = append(ch.steps, s)
	ch.kinds = ch.kinds.With(s.kind)
}

func twice(code string, kind click.Filter) string {
	if code != kind.String() {
		return fmt.Sprintf("%s is another name of %s here, which stands in the list already; keep one", code, kind)
	}
	return code + " stands twice in the list; keep one"
}

// newStep builds one filter, or tells its mistakes relative to it.
func newStep(f *config.Filter, env Env) (step, config.Problems) {
	if f.Target != "" && f.Target != planes[env.Plane] {
		return step{}, config.Problems{{Path: "target", Message: fmt.Sprintf("is %q in a list that judges %ss", f.Target, planes[env.Plane])}}
	}
	kind, problem := find(env.Plane, f.Type)
	if problem != "" {
		return step{}, config.Problems{{Path: "type", Message: problem}}
	}
	t := &builtin[kind]
	filter, problems := t.New(f.Settings, env)
	if len(problems) > 0 {
		return step{}, under("settings", problems)
	}
	return step{
		filter: filter, kind: kind, invert: f.Invert, block: blockOf(f.BlockOnReject),
		fallback: t.Reasons[0], metrics: byKind[kind],
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
