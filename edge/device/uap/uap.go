// Package uap tells browser, system and device by uap-core's rules, with exactly
// the answers of package uaparser (github.com/ua-parser/uap-go), but fast for
// strings that were never seen before.
//
// The package tries some 1,200 regular expressions one after the other. Here the
// words without which a rule cannot match are derived from its syntax tree; one
// pass over the user agent (automaton) finds all words that it holds, and with
// them the few rules to try, in the rules' own order. Those run on a matcher that
// does the same as package regexp for the expressions that such rules are made
// of; a rule with anything else is left to package regexp. That the answers are
// equal is what equal_test.go is for: data sets, generated agents, mutants, fuzzing.
package uap

import (
	"fmt"
	"sync"

	"github.com/ua-parser/uap-go/uaparser"
)

// Other is the family of a browser, system or device that no rule knows.
const Other = "Other"

// Spider is the device family of what the rules take for a program.
const Spider = "Spider"

// Browser is a browser or app; parts of its version may be empty.
type Browser struct{ Family, Major, Minor, Patch string }

// OS is an operating system; parts of its version may be empty.
type OS struct{ Family, Major, Minor, Patch, PatchMinor string }

// Device is a device; brand and model may be empty.
type Device struct{ Family, Brand, Model string }

// Result is what a user agent says.
type Result struct {
	Browser Browser
	OS      OS
	Device  Device
}

// Parser holds the rules. It is safe for concurrent use.
type Parser struct {
	rules   []*rule // of all groups, in their order
	groups  [3]span // browsers, systems, devices
	scan    *automaton
	wakes   [][]int32 // by word: the rules that may match when it is there
	always  bits      // the rules that no word wakes
	spiders []int     // the rules of devices that say Spider
	scratch sync.Pool
}

// span is a half-open range of rules.
type span struct{ from, to int }

// Default makes a Parser of the rules that come with package uaparser.
func Default() (*Parser, error) { return New(uaparser.DefinitionYaml) }

// New makes a Parser of rules in the form of uap-core's regexes.yaml. It takes
// some tenths of a second.
func New(yaml []byte) (*Parser, error) {
	d, err := readDefinitions(yaml)
	if err != nil {
		return nil, err
	}
	p := &Parser{}
	for i, g := range []struct {
		name string
		list []definition
		of   func(*definition) []string
	}{
		{"user_agent_parsers", d.Browsers, (*definition).browser},
		{"os_parsers", d.Systems, (*definition).system},
		{"device_parsers", d.Devices, (*definition).device},
	} {
		from := len(p.rules)
		for j := range g.list {
			r, err := newRule(&g.list[j], g.of(&g.list[j]))
			if err != nil {
				return nil, fmt.Errorf("uap: %s[%d]: %w", g.name, j, err)
			}
			r.trim = g.name == "device_parsers"
			if r.trim && r.replacements[0] == Spider {
				p.spiders = append(p.spiders, len(p.rules))
			}
			p.rules = append(p.rules, r)
		}
		p.groups[i] = span{from, len(p.rules)}
	}
	p.index()
	return p, nil
}

// index makes the automaton of all rules' words.
func (p *Parser) index() {
	var w words
	for length := maxWord; p.scan == nil; length-- {
		w = words{}
		for _, r := range p.rules {
			w.number(&r.need, length)
		}
		p.scan = newAutomaton(w.list)
	}
	p.wakes = make([][]int32, len(w.list))
	p.always = newBits(len(p.rules))
	for i, r := range p.rules {
		atoms, _ := r.need.key()
		if len(atoms) == 0 {
			p.always.set(i)
		}
		for _, a := range atoms {
			p.wakes[a] = append(p.wakes[a], int32(i))
		}
	}
	p.scratch.New = func() any { return &scratch{holds: newBits(len(w.list)), awake: newBits(len(p.rules))} }
}

// scratch is the memory of one call.
type scratch struct {
	text  text
	m     matcher
	words []int32 // words that the text holds
	holds bits    // the same
	awake bits    // rules that may match
}

// Browse is Parse without the device, whose rules are half of the work: of it,
// only whether a rule takes ua for a program, whose family it names Spider.
func (p *Parser) Browse(ua string) (b Browser, o OS, spider bool) {
	x := p.scratch.Get().(*scratch)
	defer p.release(x)
	p.wake(ua, x)
	var fields [5]string
	p.first(p.groups[0], x, fields[:4])
	b = Browser{fields[0], fields[1], fields[2], fields[3]}
	fields = [5]string{}
	p.first(p.groups[1], x, fields[:])
	o = OS{fields[0], fields[1], fields[2], fields[3], fields[4]}
	return b, o, p.spider(x)
}

// spider tells whether the first device rule that matches says Spider. Nearly
// always no rule that does can match, and no other has to be tried.
func (p *Parser) spider(x *scratch) bool {
	for _, i := range p.spiders {
		if x.awake.has(i) && p.rules[i].need.met(x.holds) {
			var d [3]string
			p.first(p.groups[2], x, d[:])
			return d[0] == Spider
		}
	}
	return false
}

// release gives the memory of a call back, without the call's strings.
func (p *Parser) release(x *scratch) {
	x.text.raw, x.text.s, x.m.s = "", "", ""
	p.scratch.Put(x)
}

// Parse tells what ua says. The strings of the answer are memory of their own or
// of the rules. The time grows with the length of ua, which the caller bounds.
func (p *Parser) Parse(ua string) Result {
	x := p.scratch.Get().(*scratch)
	defer p.release(x)
	return p.parse(ua, x)
}

func (p *Parser) parse(ua string, x *scratch) Result {
	p.wake(ua, x)
	var b [4]string
	var o [5]string
	var d [3]string
	p.first(p.groups[0], x, b[:])
	p.first(p.groups[1], x, o[:])
	p.first(p.groups[2], x, d[:])
	return Result{Browser{b[0], b[1], b[2], b[3]}, OS{o[0], o[1], o[2], o[3], o[4]}, Device{d[0], d[1], d[2]}}
}

// wake finds the rules that may match ua, by the words that it holds.
func (p *Parser) wake(ua string, x *scratch) {
	x.text.set(ua)
	clear(x.holds)
	copy(x.awake, p.always)
	x.words = p.scan.scan(x.text.s, x.holds, x.words[:0])
	for _, w := range x.words {
		for _, i := range p.wakes[w] {
			x.awake.set(int(i))
		}
	}
}

// first fills the fields of one group: what its first rule says that matches and
// names a family. As in the package, a rule that matches and names none leaves
// the other fields behind, if no later one does better.
func (p *Parser) first(group span, x *scratch, fields []string) {
	for i := x.awake.from(group.from); i < group.to; i = x.awake.from(i + 1) {
		r := p.rules[i]
		if r.need.met(x.holds) && r.apply(&x.text, &x.m, fields) && fields[0] != "" {
			return
		}
	}
	fields[0] = Other
}
