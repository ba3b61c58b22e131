package redirect

import (
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// part is a stretch of a template: literal text, or a value if macro or param
// is set.
type part struct {
	text  string
	macro *macro
	param string // NAME of {param:NAME}
	// class is how the value is written: inValue, or for {raw:...} the class
	// of where it stands.
	class class
	// path tells that the value stands in the path.
	path bool
}

// scanner splits a piece of a template into parts. raw is the class of raw
// values in it.
type scanner struct {
	raw   class
	parts []part
}

// scan splits s. Braces that hold no macro are literal.
func (sc *scanner) scan(s string) ([]part, error) {
	literal := 0
	for i := 0; i < len(s); i++ {
		body, ok := macroAt(s[i:])
		if !ok {
			continue
		}
		value, err := sc.value(body)
		if err != nil {
			return nil, fmt.Errorf("{%s}: %w", body, err)
		}
		sc.add(s[literal:i], value)
		i += len("{}") + len(body) - 1
		literal = i + 1
	}
	sc.add(s[literal:])
	return sc.parts, nil
}

func (sc *scanner) add(text string, values ...part) {
	if text != "" {
		sc.parts = append(sc.parts, part{text: text})
	}
	sc.parts = append(sc.parts, values...)
}

// macroAt returns what stands between the braces at the beginning of s, if it
// looks like a macro: a name, and what may follow its colon.
func macroAt(s string) (body string, ok bool) {
	if s[0] != '{' {
		return "", false
	}
	end := strings.IndexAny(s[1:], "{}")
	if end <= 0 || s[1+end] != '}' {
		return "", false
	}
	body = s[1 : 1+end]
	name, _, _ := strings.Cut(body, ":")
	return body, isName(name)
}

// isName tells whether s is a letter followed by letters, digits and '_'.
func isName(s string) bool {
	if s == "" || !isLetter(s[0]) {
		return false
	}
	for i := range len(s) {
		if !isLetter(s[i]) && !isDigit(s[i]) && s[i] != '_' {
			return false
		}
	}
	return true
}

// value compiles what stands between braces.
func (sc *scanner) value(body string) (part, error) {
	v := part{class: inValue, path: sc.raw == inPath}
	name, raw := strings.CutPrefix(body, "raw:")
	if raw {
		v.class = sc.raw
	}
	if param, ok := strings.CutPrefix(name, "param:"); ok {
		v.param = param
		if param == "" || firstNotIn(param, inValue) >= 0 {
			return v, fmt.Errorf("parameter name %q: allowed are letters, digits and - . _ ~", param)
		}
		return v, nil
	}
	v.macro = macroByName[name]
	if v.macro == nil {
		return v, fmt.Errorf("unknown macro %q%s; known are %s", name, config.DidYouMean(name, MacroNames()), strings.Join(MacroNames(), ", "))
	}
	return v, nil
}

// appendTo appends the part for c. A value that pass withholds is empty.
func (p *part) appendTo(dst []byte, c *click.Click, pass *Pass) []byte {
	switch {
	case p.param != "":
		if pass.withheld[extraGroup] {
			return dst
		}
		return p.appendValue(dst, extra(c, p.param))
	case p.macro == nil:
		return append(dst, p.text...)
	case pass.withheld[p.macro.group]:
		return dst
	case p.macro.text != nil:
		return p.appendValue(dst, p.macro.text(c))
	}
	from := len(dst)
	dst = p.macro.compute(dst, c)
	if p.class != inValue {
		return dst // numbers, addresses and times: every raw class takes them
	}
	return escapeTail(dst, from)
}

// appendValue appends a visitor's value. In the path a raw value that would
// climb or begin a second slash is encoded, and a value of dots only is left
// out, since no encoding keeps a browser from climbing by it.
func (p *part) appendValue(dst []byte, v string) []byte {
	class := p.class
	if p.path && class != inValue && (hasDotSegment(v) || doublesSlash(dst, v)) {
		class = inValue
	}
	if p.path && class == inValue && (v == "." || v == "..") {
		return dst
	}
	return appendEscaped(dst, v, class)
}

func doublesSlash(dst []byte, v string) bool {
	return strings.HasPrefix(v, "/") && dst[len(dst)-1] == '/'
}
