package uap

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/ua-parser/uap-go/uaparser"

	"github.com/clickgate/clickgate/edge/device/uap/uatest"
)

// write appends a text that re may match: assertions are taken for granted.
func write(r *rand.Rand, b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			b.WriteRune(foldRandomly(r, c, re.Flags))
		}
	case syntax.OpCharClass:
		i := 2 * r.IntN(len(re.Rune)/2)
		lo, hi := re.Rune[i], min(re.Rune[i+1], re.Rune[i]+200)
		b.WriteRune(lo + r.Int32N(hi-lo+1))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteString([]string{"x", "1", " ", ";", "/", "é"}[r.IntN(6)])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			write(r, b, sub)
		}
	case syntax.OpAlternate:
		write(r, b, re.Sub[r.IntN(len(re.Sub))])
	case syntax.OpCapture:
		write(r, b, re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		least, most := bounds(re)
		if most < 0 || most > least+3 {
			most = least + 3
		}
		for range least + r.IntN(most-least+1) {
			write(r, b, re.Sub[0])
		}
	}
}

func foldRandomly(r *rand.Rand, c rune, flags syntax.Flags) rune {
	if flags&syntax.FoldCase == 0 {
		return c
	}
	switch lower := folded[byte(c)]; {
	case lower == 's' && r.IntN(3) == 0:
		return '\u017f'
	case lower == 'k' && r.IntN(3) == 0:
		return '\u212a'
	default:
		return rune(lower)
	}
}

// text makes a string of parts that the expression is made of, sometimes broken.
func textFor(r *rand.Rand, tree *syntax.Regexp, other string) string {
	var b strings.Builder
	for range 1 + r.IntN(3) {
		if r.IntN(3) == 0 {
			b.WriteString([]string{"Mozilla/5.0 (Linux; Android 9", "; ", " ", "x", "Android ", "\n"}[r.IntN(6)])
		}
		write(r, &b, tree)
	}
	s := b.String()
	if r.IntN(2) == 0 {
		s = uatest.Mutant(r, s, other)
	}
	return s[:min(len(s), 512)]
}

// check compares the matcher with package regexp on one text, all groups.
func check(t *testing.T, tree *syntax.Regexp, re *regexp.Regexp, p *program, s string) (matched bool) {
	t.Helper()
	var x text
	var m matcher
	x.set(s)
	var got []int
	if m.match(p, x.s) {
		for _, at := range m.caps {
			if at >= 0 {
				at = x.place(at)
			}
			got = append(got, int(at))
		}
	}
	want := re.FindStringSubmatchIndex(s)
	if !slices.Equal(got, want) {
		t.Errorf("%q on %q: places %v, want %v", re, s, got, want)
	}
	if want != nil && !holdsNeeded(requires(tree), x.s) {
		t.Errorf("%q matches %q, which lacks the words it should need", re, s)
	}
	return want != nil
}

// holdsNeeded tests a condition without the automaton.
func holdsNeeded(n need, s string) bool {
	low := []byte(s)
	for i, c := range low {
		low[i] = folded[c]
	}
	var w words
	w.number(&n, maxWord)
	holds := newBits(len(w.list))
	for i, word := range w.list {
		if strings.Contains(string(low), word) {
			holds.set(i)
		}
	}
	return n.met(holds)
}

// Every rule finds what package regexp finds, on texts made of its own
// expression, and of what nearly is.
func TestRulesMatchAsPackageRegexp(t *testing.T) {
	defs, err := readDefinitions(uaparser.DefinitionYaml)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 0))
	last, matched, tried := "", 0, 0
	for _, d := range slices.Concat(defs.Browsers, defs.Systems, defs.Devices) {
		expr := d.Regex
		if d.Flag != "" {
			expr = "(?" + d.Flag + ")" + expr
		}
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		p, ok := compile(tree)
		if !ok {
			t.Errorf("%q is left to package regexp", expr)
			continue
		}
		re := regexp.MustCompile(expr)
		for range max(30/sparse, 2) {
			last = textFor(r, tree, last)
			tried++
			if check(t, tree, re, p, last) {
				matched++
			}
		}
	}
	t.Logf("%d of %d texts matched", matched, tried)
	if matched < tried/2 {
		t.Errorf("only %d of %d texts matched, want more than half", matched, tried)
	}
}

// What rules may hold one day, and what the matcher leaves to package regexp.
func TestMatcher(t *testing.T) {
	for _, tc := range []struct {
		expr  string
		ours  bool
		texts []string
	}{
		{`a|ab|`, true, []string{"", "ab", "cab"}},
		{`(a|ab)(c|bcd)(d*)`, true, []string{"abcd", "abcdd", "xabcd"}},
		{`(?:(a)|(b))+`, true, []string{"ab", "ba", "aab"}},
		{`(?:(a)|(b)|c){2,4}?(c*)`, true, []string{"abcc", "ba", "cccccc"}},
		{`(ab){2}(ab)?(ab)*?b`, true, []string{"abababab", "ababb", "abababb"}},
		{`\bfoo\b|\Bbar$`, true, []string{"foo", "afoo", "foo bar", "abar", "foo_bar", "é foo"}},
		{`^a.{0,3}?(b+)`, true, []string{"abb", "axxxbb", "axxxxb", "ba", "a\nb"}},
		{`(?i)Kiss+`, true, []string{"\u212ai\u017fs", "KISS", "kis\u017f\u017f"}},
		{`[^;]{1,3};(\W+)`, true, []string{"é中\xff;\x00\xff ", "a;b", ";;;"}},
		{`(?:a*b*)+c?(d)??`, false, nil},
		{`(?:a|)*b`, false, nil},
		{`é`, false, nil},
		{`[é-ü]`, false, nil},
		{`(?m)^a$`, false, nil},
		{`(?s)a.b`, true, []string{"a\nb", "aéb"}},
		{`x{0}a{2,}(a)`, true, []string{"aa", "aaa", "xaaaa"}},
		{`[^\x00-\x{10FFFF}]|a`, true, []string{"a", "b"}},
	} {
		tree, err := syntax.Parse(tc.expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		p, ok := compile(tree)
		if ok != tc.ours {
			t.Errorf("compile(%q) ok = %v, want %v", tc.expr, ok, tc.ours)
		}
		if !ok || !tc.ours {
			continue
		}
		re := regexp.MustCompile(tc.expr)
		for _, s := range tc.texts {
			check(t, tree, re, p, s)
		}
	}
}

// FuzzMatcher tries expressions that nobody has written into a rule.
func FuzzMatcher(f *testing.F) {
	for _, e := range []string{`(a|b)*?c`, `(?i)k[^s]{2,5}\b`, `^(\w+) ?(\d+)?(?:\.|$)`, `(?:(x)|y){2,3}z`, `(a?){3}`, `((a|b)?c)+`} {
		f.Add(e, "a b c xyz k1s kſK accbc")
	}
	f.Fuzz(func(t *testing.T, expr, s string) {
		if len(expr) > 60 || len(s) > 300 {
			return
		}
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			return
		}
		re, err := regexp.Compile(expr)
		if err != nil {
			return
		}
		if p, ok := compile(tree); ok {
			check(t, tree, re, p, s)
		}
	})
}
