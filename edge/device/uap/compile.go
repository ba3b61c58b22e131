package uap

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// maxInsts bounds a program; a pattern that needs more is left to package regexp.
const maxInsts = 20000

// compile makes the program of a pattern; !ok when the matcher does not do what
// it says in exactly the way of package regexp.
func compile(re *syntax.Regexp) (p *program, ok bool) {
	c := compiler{p: &program{caps: 2 * (re.MaxCap() + 1)}, sets: map[set]*set{}}
	c.add(re)
	c.emit(inst{op: opMatch})
	if c.failed {
		return nil, false
	}
	c.p.finish()
	return c.p, true
}

type compiler struct {
	p      *program
	sets   map[set]*set // equal sets are kept once
	failed bool
}

func (c *compiler) emit(in inst) int32 {
	if len(c.p.insts) >= maxInsts {
		c.failed = true
		return 0
	}
	c.p.insts = append(c.p.insts, in)
	return int32(len(c.p.insts) - 1)
}

func (c *compiler) here() int32 { return int32(len(c.p.insts)) }

func (c *compiler) intern(s set) *set {
	if c.sets[s] == nil {
		c.sets[s] = &s
	}
	return c.sets[s]
}

func (c *compiler) add(re *syntax.Regexp) {
	if c.failed {
		return
	}
	switch re.Op {
	case syntax.OpNoMatch:
		c.emit(inst{op: opFail})
	case syntax.OpEmptyMatch:
	case syntax.OpLiteral:
		c.literal(re)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		s, ok := single(re)
		c.failed = c.failed || !ok
		c.emit(inst{op: opSet, set: c.intern(s)})
	case syntax.OpBeginText:
		c.emit(inst{op: opBegin})
	case syntax.OpEndText:
		c.emit(inst{op: opEnd})
	case syntax.OpWordBoundary:
		c.emit(inst{op: opWord})
	case syntax.OpNoWordBoundary:
		c.emit(inst{op: opNoWord})
	case syntax.OpCapture:
		c.emit(inst{op: opCap, to: int32(2 * re.Cap)})
		c.add(re.Sub[0])
		c.emit(inst{op: opCap, to: int32(2*re.Cap + 1)})
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			c.add(sub)
		}
	case syntax.OpAlternate:
		c.alternate(re.Sub)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		least, most := bounds(re)
		c.repeat(re.Sub[0], least, most, re.Flags&syntax.NonGreedy != 0)
	default: // (?m) and what is yet to come
		c.failed = true
	}
}

// bounds are how often a repetition's part may come; most < 0: any number.
func bounds(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpStar:
		return 0, -1
	case syntax.OpPlus:
		return 1, -1
	case syntax.OpQuest:
		return 0, 1
	}
	return re.Min, re.Max
}

func (c *compiler) literal(re *syntax.Regexp) {
	for _, r := range re.Rune {
		if r >= utf8.RuneSelf {
			c.failed = true
			return
		}
	}
	if lit := string(re.Rune); re.Flags&syntax.FoldCase == 0 {
		c.emit(inst{op: opLit, lit: lit})
	} else {
		c.emit(inst{op: opFold, lit: strings.ToLower(lit)})
	}
}

func (c *compiler) alternate(subs []*syntax.Regexp) {
	a := &alt{}
	c.emit(inst{op: opAlt, alt: a})
	var ends []int32
	for _, sub := range subs {
		a.branches = append(a.branches, c.here())
		c.add(sub)
		ends = append(ends, c.emit(inst{op: opJump}))
	}
	c.land(ends)
}

// land lets the jumps go to the next instruction.
func (c *compiler) land(jumps []int32) {
	for _, j := range jumps {
		c.p.insts[j].to = c.here()
	}
}

func (c *compiler) repeat(sub *syntax.Regexp, least, most int, lazy bool) {
	if s, ok := single(sub); ok {
		c.emit(inst{op: opLoop, set: c.intern(s), min: int32(least), max: int32(most), lazy: lazy})
		return
	}
	for range least {
		c.add(sub)
	}
	if most < 0 {
		c.star(sub, lazy)
		return
	}
	// The rest is nested, (x(x)?)?: whoever leaves one out leaves out all behind.
	var open []*alt
	for range most - least {
		a := &alt{}
		open = append(open, a)
		at := c.emit(inst{op: opAlt, alt: a})
		a.branches = []int32{at + 1, 0}
		c.add(sub)
		if c.failed {
			return
		}
	}
	for _, a := range open {
		a.branches[1] = c.here()
		if lazy {
			a.branches[0], a.branches[1] = a.branches[1], a.branches[0]
		}
	}
}

// star repeats sub without limit. What package regexp does when sub can match
// nothing is left to it.
func (c *compiler) star(sub *syntax.Regexp, lazy bool) {
	if nullable(sub) {
		c.failed = true
		return
	}
	a := &alt{}
	at := c.emit(inst{op: opAlt, alt: a})
	c.add(sub)
	c.emit(inst{op: opJump, to: at})
	a.branches = []int32{at + 1, c.here()}
	if lazy {
		a.branches[0], a.branches[1] = a.branches[1], a.branches[0]
	}
}

// nullable tells whether re can match without taking a rune.
func nullable(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpNoMatch, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return false
	case syntax.OpLiteral:
		return len(re.Rune) == 0
	case syntax.OpCapture, syntax.OpPlus:
		return nullable(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min == 0 || nullable(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !nullable(sub) {
				return false
			}
		}
		return true
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if nullable(sub) {
				return true
			}
		}
		return false
	}
	return true // stars, options, assertions
}
