package uap

import "strings"

// template is the text of an answer, in which $1 to $9 stand for the groups of
// the match.
type template struct {
	parts []part
}

// part is a literal text or, when group > 0, a group.
type part struct {
	lit   string
	group int
}

// newTemplate reads a template; !ok when it holds more than plain texts and
// groups of one digit, which is left to package regexp.
func newTemplate(s string) (t template, ok bool) {
	for s != "" {
		lit, rest, dollar := strings.Cut(s, "$")
		if lit != "" {
			t.parts = append(t.parts, part{lit: lit})
		}
		if !dollar {
			break
		}
		if rest == "" || rest[0] < '1' || rest[0] > '9' {
			return t, false
		}
		if len(rest) > 1 && (isWord(rest[1]) || rest[1] >= 0x80) {
			return t, false // a longer name, to package regexp
		}
		t.parts = append(t.parts, part{group: int(rest[0] - '0')})
		s = rest[1:]
	}
	return t, true
}

// expand is the text for a match. It shares no memory with the user agent.
func (t *template) expand(x *text, caps []int32) string {
	switch len(t.parts) {
	case 0:
		return ""
	case 1:
		if t.parts[0].group == 0 {
			return t.parts[0].lit
		}
		return strings.Clone(t.parts[0].matched(x, caps))
	}
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.lit)
		b.WriteString(p.matched(x, caps))
	}
	return b.String()
}

// matched is the text of the part's group, empty when it took no part.
func (p part) matched(x *text, caps []int32) string {
	at := 2 * p.group
	if p.group == 0 || at+1 >= len(caps) || caps[at] < 0 || caps[at+1] < 0 {
		return ""
	}
	return x.slice(caps[at], caps[at+1])
}
