package uap

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of the search for required words. More would tell a little better which
// rules can match, for a larger automaton.
const (
	maxCross = 64   // words that a product of two sets may have
	maxUnion = 1000 // words that a union may have
	maxClass = 10   // characters of a class that are spelled out
	maxWord  = 16   // bytes of a word that count at most
	minWord  = 2    // bytes below which a word says nothing
)

// need is a condition on a text without which a pattern cannot match: words that
// it must hold, in lower case.
type need struct {
	op   needOp
	word string // needWord
	atom int32  // needWord: its number in the automaton
	kids []need // needAll, needAny
}

type needOp uint8

const (
	needNothing needOp = iota
	needWord
	needAll
	needAny
)

// requires derives the condition of a pattern.
func requires(re *syntax.Regexp) need { return analyze(re).condition() }

// facts are what is known of the texts that a part of a pattern matches: either
// all of them, folded to lower case, or a condition.
type facts struct {
	exact []string // nil when not known
	need  need
}

func (f facts) condition() need {
	if f.exact == nil {
		return f.need
	}
	return anyWord(f.exact)
}

func analyze(re *syntax.Regexp) facts {
	switch re.Op {
	case syntax.OpLiteral:
		return literalFacts(re.Rune)
	case syntax.OpCharClass:
		return classFacts(re)
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return facts{exact: []string{""}}
	case syntax.OpCapture:
		return analyze(re.Sub[0])
	case syntax.OpConcat:
		return concatFacts(re.Sub)
	case syntax.OpAlternate:
		return alternateFacts(re.Sub)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return repeatFacts(re)
	}
	return facts{} // any character; never
}

func literalFacts(runes []rune) facts {
	var b strings.Builder
	for _, r := range runes {
		c := encode(r)
		if r >= utf8.RuneSelf {
			return facts{}
		}
		b.WriteByte(folded[c])
	}
	return facts{exact: []string{b.String()}}
}

func classFacts(re *syntax.Regexp) facts {
	s, ok := classSet(re.Rune)
	if !ok || s[anyOther] {
		return facts{}
	}
	var lower set
	n := 0
	for c, in := range s {
		if in && !lower[folded[c]] {
			lower[folded[c]] = true
			n++
		}
	}
	if n > maxClass {
		return facts{}
	}
	exact := make([]string, 0, n)
	for c, in := range lower {
		if in {
			exact = append(exact, string(rune(c)))
		}
	}
	return facts{exact: exact}
}

func concatFacts(subs []*syntax.Regexp) facts {
	all := need{op: needAll}
	known, whole := []string{""}, true
	for _, sub := range subs {
		f := analyze(sub)
		if f.exact != nil {
			if product := cross(known, f.exact); product != nil {
				known = product
				continue
			}
		}
		whole = false
		all.add(anyWord(known))
		known = []string{""}
		if f.exact != nil {
			known = f.exact
		} else {
			all.add(f.need)
		}
	}
	if whole {
		return facts{exact: known}
	}
	all.add(anyWord(known))
	all.dropShort()
	return facts{need: all.simple()}
}

func alternateFacts(subs []*syntax.Regexp) facts {
	union, exact := []string{}, true
	some := need{op: needAny}
	for _, sub := range subs {
		f := analyze(sub)
		exact = exact && f.exact != nil && len(union)+len(f.exact) <= maxUnion
		if exact {
			union = append(union, f.exact...)
		}
		some.kids = append(some.kids, f.condition())
	}
	if exact {
		return facts{exact: unique(union)}
	}
	for _, k := range some.kids {
		if k.op == needNothing {
			return facts{}
		}
	}
	return facts{need: some.simple()}
}

// repeatFacts spells out short repetitions of what is known exactly.
func repeatFacts(re *syntax.Regexp) facts {
	f := analyze(re.Sub[0])
	least, most := bounds(re)
	if f.exact != nil && most >= 0 && most <= 4 {
		if exact := powers(f.exact, least, most); exact != nil {
			return facts{exact: exact}
		}
	}
	if least == 0 {
		return facts{}
	}
	return facts{need: f.condition()}
}

func powers(words []string, least, most int) []string {
	var all []string
	power := []string{""}
	for i := 0; i <= most; i++ {
		if i >= least {
			all = append(all, power...)
		}
		if power = cross(power, words); power == nil || len(all) > maxCross {
			return nil
		}
	}
	return unique(all)
}

// cross joins each word of a with each of b; nil when there are too many.
func cross(a, b []string) []string {
	if len(a) > 1 && len(b) > 1 && len(a)*len(b) > maxCross || len(a)*len(b) > maxUnion {
		return nil
	}
	product := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			product = append(product, x+y)
		}
	}
	return unique(product)
}

func unique(words []string) []string {
	seen := make(map[string]bool, len(words))
	kept := words[:0:0]
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			kept = append(kept, w)
		}
	}
	if kept == nil {
		kept = []string{}
	}
	return kept
}

// anyWord is the condition that the text holds one of the words.
func anyWord(words []string) need {
	some := need{op: needAny}
	for _, w := range words {
		if len(w) < minWord {
			return need{}
		}
	}
	for _, w := range words {
		if !holdsAnother(w, words) {
			some.kids = append(some.kids, need{op: needWord, word: w})
		}
	}
	return some.simple()
}

// holdsAnother tells whether w says nothing that another word does not say.
func holdsAnother(w string, words []string) bool {
	for _, o := range words {
		if len(o) < len(w) && strings.Contains(w, o) {
			return true
		}
	}
	return false
}

// add puts a condition beside the others, unless it is none.
func (n *need) add(k need) {
	if k.op != needNothing {
		n.kids = append(n.kids, k)
	}
}

// dropShort leaves out what short words say beside longer ones: they are met too
// often to sort much out.
func (n *need) dropShort() {
	const short = 3
	shortest := func(k need) bool { return k.length() < short }
	if kept := slices.DeleteFunc(slices.Clone(n.kids), shortest); len(kept) > 0 {
		n.kids = kept
	}
}

// length is that of the shortest word that may do.
func (n *need) length() int {
	if n.op == needWord {
		return len(n.word)
	}
	lengths := make([]int, len(n.kids))
	for i := range n.kids {
		lengths[i] = n.kids[i].length()
	}
	if n.op == needAll {
		return slices.Max(lengths)
	}
	return slices.Min(lengths)
}

// simple is n without needless nesting.
func (n need) simple() need {
	switch len(n.kids) {
	case 0:
		return need{}
	case 1:
		return n.kids[0]
	}
	return n
}

// met tells whether the words that a text holds fulfil the condition.
func (n *need) met(holds bits) bool {
	switch n.op {
	case needWord:
		return holds.has(int(n.atom))
	case needAll:
		for i := range n.kids {
			if !n.kids[i].met(holds) {
				return false
			}
		}
		return true
	case needAny:
		for i := range n.kids {
			if n.kids[i].met(holds) {
				return true
			}
		}
		return false
	}
	return true
}

// key is a choice of words of which one must be in the text: the part of the
// condition that is rarest fulfilled, as far as the words' length tells. Empty
// for no condition.
func (n *need) key() (atoms []int32, worth int) {
	switch n.op {
	case needWord:
		return []int32{n.atom}, n.worth()
	case needAll:
		for i := range n.kids {
			if a, w := n.kids[i].key(); w > worth {
				atoms, worth = a, w
			}
		}
	case needAny:
		for i := range n.kids {
			a, w := n.kids[i].key()
			atoms = append(atoms, a...)
			if i == 0 || w < worth {
				worth = w
			}
		}
	}
	return atoms, worth
}

// everyday is what most user agents hold; a word of it sorts nothing out.
const everyday = "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) version/4.0 chrome/ mobile safari/" +
	"mozilla/5.0 (linux; android 10; k build/ (iphone; cpu iphone os 18_6_1 like mac os x) applewebkit/605.1.15 mobile/15e148"

func (n *need) worth() int {
	if strings.Contains(everyday, n.word) {
		return 1
	}
	return len(n.word)
}
