package uap

import (
	"strings"
	"testing"
	"unsafe"
)

// oddRules are what uap-core's do not hold, or hardly.
const oddRules = `
user_agent_parsers:
- {regex: 'empty()(\d+)', family_replacement: '$1', v1_replacement: 'left behind'}
- {regex: '(?m)^line (\d+)$'}
- {regex: '(中)/(\d+)'}
- {regex: 'Dollar (\w+)', family_replacement: 'a$$b${1}c$1d', v1_replacement: '$9', v2_replacement: '$0'}
- {regex: '(?P<name>Named) x', family_replacement: '$name'}
- {regex: '(far) (?:a|b|())*(\d)', regex_flag: 'i', v3_replacement: '-$3-$9$2'}
os_parsers:
- {regex: '[é-ü]+(x)'}
- {regex: '( Space )(\d*)'}
device_parsers:
- {regex: 'pad(\s*)pad', device_replacement: ' $1 ', brand_replacement: 'none'}
- {regex: '(\s+\w+\s+)!', brand_replacement: ' $1 x ', model_replacement: "\t"}
`

// Rules that only package regexp can do are left to it, and every part of a rule
// means what it means to the package.
func TestEqualOnOddRules(t *testing.T) {
	p := newPair(t, []byte(oddRules))
	slow := 0
	for _, r := range p.ours.rules {
		if r.program == nil {
			slow++
		}
	}
	if slow != 6 {
		t.Errorf("%d rules are left to package regexp, want 6", slow)
	}
	p.compare(t, []string{
		"empty1", "empty1 Dollar x", "a\nline 5\nb", "中/7", "\xff中/7", "Dollar y", "Named x", "FAR ab1", "far 2", "éüx", "é Space 7", "pad pad", "padpad  z !", " q !",
		"é\u00a0w !", "中文 Space 12 é", "x",
	})
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	const os, device = "os_parsers: [{regex: a}]\n", "device_parsers: [{regex: a}]\n"
	for _, tc := range []struct{ name, rules, want string }{
		{"nothing", "", "must hold user_agent_parsers, os_parsers and device_parsers"},
		{"a group is missing", os + device, "must hold"},
		{"no YAML", "\t{", "uap: read rules:"},
		{"bad expression", "user_agent_parsers: [{regex: a}, {regex: '(b'}]\n" + os + device, `uap: user_agent_parsers[1]: regex "(b"`},
		{"bad flag", "user_agent_parsers: [{regex: a, regex_flag: q}]\n" + os + device, `user_agent_parsers[0]: regex "(?q)a"`},
		{"no expression", "user_agent_parsers: [{family_replacement: a}]\n" + os + device, "user_agent_parsers[0]: regex is missing"},
	} {
		if _, err := New([]byte(tc.rules)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: New: %v, want an error that holds %q", tc.name, err, tc.want)
		}
	}
}

// The answer must not change when the memory of the user agent does: it is a
// request's buffer.
func TestParseKeepsNothingOfItsArgument(t *testing.T) {
	p := defaultPair().ours
	for _, ua := range append(generated(8, 300), samples...) {
		want := p.Parse(ua)
		buf := []byte(ua)
		got := p.Parse(unsafe.String(unsafe.SliceData(buf), len(buf)))
		for i := range buf {
			buf[i] = '#'
		}
		if got != want {
			t.Errorf("the answer for %q changed with its memory to %+v, was %+v", ua, got, want)
		}
	}
}
