package uap

import (
	"regexp/syntax"
	"strings"
	"testing"
)

// hostileText is a string made to cost much: a piece again and again.
type hostileText struct {
	name, piece string
	rules       int // that may be tried for it at most
	steps       int // choices that the matcher may try at most, over all rules
}

func (h hostileText) text() string { return strings.Repeat(h.piece, 512)[:512] }

// hostile are the worst texts that searches have found; the bounds are a little
// more than what they take.
var hostile = []hostileText{
	{"crawlers on phones", "ADSBOT-GOOGLE-MOBILEX XIPHONEPOLARIS 91EXPLORER-IOAWLER.HTML", 20, 1550},
	{"almost crawlers", "An9aN9ANDrOIDxBOT-MOB", 14, 1300},
	{"apps in Mozilla", "MOZILLA111 MOBILETV/809ANDROIDXBOT-MOBIL", 15, 1440},
	{"apps in Mozilla, as written", "Mozilla Mobile Android Safari Chrome ", 16, 35},
	{"words and digits", "Spider 1.2.3.4 bot/", 13, 590},
	{"devices", "; HTC_One X 1.0 ; LG-; SM- Build", 63, 1240},
	{"long words", "a", 5, 0},
	{"spaces", " ", 5, 0},
	{"bad bytes", "\xffbot", 11, 870},
}

// A prefilter that lets more rules through, or a matcher that tries things twice,
// shows here, on any machine.
func TestHostileTextsAreBounded(t *testing.T) {
	p := defaultPair().ours
	for _, h := range hostile {
		rules, steps := p.work(h.text())
		if rules > h.rules || steps > h.steps {
			t.Errorf("%s: %d rules, %d steps; want at most %d and %d", h.name, rules, steps, h.rules, h.steps)
		}
	}
}

// work counts what all rules that may match take, also those behind the first
// that does.
func (p *Parser) work(ua string) (rules, steps int) {
	x := p.scratch.Get().(*scratch)
	p.parse(ua, x)
	for i, r := range p.rules {
		if x.awake.has(i) && r.need.met(x.holds) {
			rules++
			x.m.match(r.program, x.text.s)
			steps += x.m.steps
		}
	}
	return rules, steps
}

// Everyday browsers must come through with few rules to try.
func TestModernTriesFewRules(t *testing.T) {
	p := defaultPair().ours
	uas := generated(6, 1000)
	all := 0
	for _, ua := range uas {
		rules, _ := p.work(ua)
		all += rules
	}
	if mean := float64(all) / float64(len(uas)); mean > 49 {
		t.Errorf("a modern user agent leaves %.1f of %d rules, want at most 49", mean, len(p.rules))
	} else {
		t.Logf("%.1f of %d rules", mean, len(p.rules))
	}
}

// An expression that takes exponential time when choices are tried twice.
func TestNothingIsTriedTwice(t *testing.T) {
	tree, err := syntax.Parse(`(?:a|aa)+b`, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := compile(tree)
	if !ok {
		t.Fatal("not compiled")
	}
	const n = 30
	var m matcher
	if m.match(p, strings.Repeat("a", n)) {
		t.Error("matched without a b")
	}
	if most := freeSteps + 3*p.choices*(n+1); m.steps > most {
		t.Errorf("%d steps, want at most %d", m.steps, most)
	}
}
