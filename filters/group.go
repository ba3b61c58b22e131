package filters

import (
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// Lists are the filters of a group, Chains what they compile to and Problems
// what is wrong with them, each by click.Plane.
type (
	Lists    [len(planes)][]config.Filter
	Chains   [len(planes)]*Chain
	Problems [len(planes)]config.Problems
)

// Any tells whether there is a problem.
func (p *Problems) Any() bool {
	return slices.ContainsFunc(p[:], func(of config.Problems) bool { return len(of) > 0 })
}

// CompileGroup builds the chains of a group's lists; env.Plane is of no
// account. Filters that look at another plane than they judge are joined: the
// chain there counts for them, and rejects for them where they say so. It
// touches no state. A list with problems has no chain.
func CompileGroup(lists Lists, env Env) (Chains, Problems) {
	var chains Chains
	var problems Problems
	for plane := range lists {
		env.Plane = click.Plane(plane)
		chains[plane], problems[plane] = newChain(lists[plane], env)
	}
	if !problems.Any() {
		chains.join()
	}
	return chains, problems
}

// ByPlane sorts a list whose filters name the plane they judge into one for
// each. Filters without a known target are left out.
func ByPlane(list []config.Filter) (lists Lists) {
	for _, f := range list {
		if plane, ok := planeOf(f.Target); ok {
			lists[plane] = append(lists[plane], f)
		}
	}
	return lists
}

// joiner is a filter that needs more than the clicks it judges.
type joiner interface {
	// join adds to the chains of its group what the filter of step s needs.
	join(s step, chains *Chains)
}

func (chains *Chains) join() {
	for _, chain := range chains {
		for _, s := range slices.Clone(chain.steps) {
			if j, ok := s.filter.(joiner); ok {
				j.join(s, chains)
			}
		}
	}
}

// count makes Record write the clicks of a chain into a ledger, once.
func (ch *Chain) count(l ledger) {
	if !slices.Contains(ch.ledgers, l) {
		ch.ledgers = append(ch.ledgers, l)
	}
}

// Record counts what became of a click for the filters that measure traffic:
// call it once the verdict is settled. v.Blocked tells which clicks could not
// convert, the reasons which conversions were rejected. Clicks that do not count
// leave nothing behind; either chain may be nil.
func Record(c *click.Click, v *click.Verdict, first, second *Chain) {
	if !c.Counts() {
		return
	}
	first.record(c, v)
	second.record(c, v)
}

func (ch *Chain) record(c *click.Click, v *click.Verdict) {
	if ch == nil {
		return
	}
	for i := range ch.ledgers {
		ch.ledgers[i].record(c, v)
	}
}
