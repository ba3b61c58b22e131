package uap

import "fmt"

// Patterns is a list of regular expressions, asked which of them matches a user
// agent. As with the rules, only those are tried whose words it holds. It is
// safe for concurrent use.
type Patterns struct{ p Parser }

// NewPatterns compiles expressions in package regexp's syntax.
func NewPatterns(exprs []string) (*Patterns, error) {
	p := &Patterns{}
	for i, expr := range exprs {
		r, err := newRule(&definition{Regex: expr}, []string{"matched"})
		if err != nil {
			return nil, fmt.Errorf("uap: pattern %d: %w", i+1, err)
		}
		p.p.rules = append(p.p.rules, r)
	}
	p.p.index()
	return p, nil
}

// Find returns the index of the first pattern that matches ua, or -1. The time
// grows with the length of ua, which the caller bounds.
func (p *Patterns) Find(ua string) int {
	x := p.p.scratch.Get().(*scratch)
	defer p.p.scratch.Put(x)
	p.p.wake(ua, x)
	found := -1
	var field [1]string
	for i := x.awake.from(0); i < len(p.p.rules); i = x.awake.from(i + 1) {
		r := p.p.rules[i]
		if r.need.met(x.holds) && r.apply(&x.text, &x.m, field[:]) {
			found = i
			break
		}
	}
	x.text.raw, x.text.s, x.m.s = "", "", ""
	return found
}

// Wordless is the number of patterns that no word must be there for, so that
// they are tried on every user agent.
func (p *Patterns) Wordless() int {
	n := 0
	for i := range p.p.rules {
		if p.p.always.has(i) {
			n++
		}
	}
	return n
}
