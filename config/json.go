package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseJSON reads exactly one JSON value. It is strict where encoding/json is
// not: broken UTF-8 and lone surrogates are errors, since they would come back
// changed. Strings of the result share the memory of one copy of data.
func parseJSON(data []byte) (node, *Problem) {
	p := jsonParser{text: string(data), line: 1, stack: make([]node, 0, 32)}
	if !utf8.ValidString(p.text) {
		return node{}, &Problem{Line: brokenLine(p.text), Message: "text is not valid UTF-8"}
	}
	n, err := p.document()
	if err != nil {
		return node{}, &Problem{Line: int(p.line), Message: err.Error()}
	}
	return n, nil
}

// brokenLine is the line of the first byte that is not UTF-8.
func brokenLine(text string) int {
	valid := strings.ToValidUTF8(text, "\xff")
	return 1 + strings.Count(text[:strings.IndexByte(valid, 0xff)], "\n")
}

type jsonParser struct {
	text string
	pos  int
	line int32
	// stack holds the items of all containers that are still open.
	stack []node
}

var errEnd = errors.New("text ends in the middle of a value")

func (p *jsonParser) document() (node, error) {
	n, err := p.value(0)
	if err != nil {
		return node{}, err
	}
	if p.space(); p.pos < len(p.text) {
		return node{}, fmt.Errorf("only one value is allowed, but %s follows it", p.here())
	}
	return n, nil
}

func (p *jsonParser) value(depth int) (node, error) {
	if depth > maxDepth {
		return node{}, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	p.space()
	if p.pos == len(p.text) {
		return node{}, errEnd
	}
	switch c := p.text[p.pos]; {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.list(depth)
	case c == '"':
		line := p.line
		s, err := p.string()
		return node{kind: stringNode, line: line, text: s}, err
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	return p.word()
}

func (p *jsonParser) object(depth int) (node, error) {
	return p.container(objectNode, '}', func() (node, error) {
		if p.pos == len(p.text) {
			return node{}, errEnd
		}
		if p.text[p.pos] != '"' {
			return node{}, fmt.Errorf("want a key in double quotes or }, found %s", p.here())
		}
		name, err := p.string()
		if err != nil {
			return node{}, err
		}
		if p.space(); !p.take(':') {
			return node{}, fmt.Errorf("want : after key %q, found %s", shorten(name), p.here())
		}
		n, err := p.value(depth + 1)
		n.name = name
		return n, err
	})
}

func (p *jsonParser) list(depth int) (node, error) {
	return p.container(listNode, ']', func() (node, error) { return p.value(depth + 1) })
}

// container reads items up to the closing character.
func (p *jsonParser) container(kind nodeKind, end byte, item func() (node, error)) (node, error) {
	n := node{kind: kind, line: p.line}
	base := len(p.stack)
	p.pos++
	if p.space(); p.take(end) {
		return n, nil
	}
	for {
		p.space()
		next, err := item()
		if err != nil {
			return node{}, err
		}
		p.stack = append(p.stack, next)
		if p.space(); p.take(end) {
			break
		}
		if !p.take(',') {
			return node{}, fmt.Errorf("want , or %c, found %s", end, p.here())
		}
	}
	n.items = append(n.items, p.stack[base:]...)
	p.stack = p.stack[:base]
	return n, nil
}

func (p *jsonParser) word() (node, error) {
	for _, w := range [...]node{{kind: boolNode, text: "true"}, {kind: boolNode, text: "false"}, {kind: nullNode, text: "null"}} {
		if strings.HasPrefix(p.text[p.pos:], w.text) {
			p.pos += len(w.text)
			w.line = p.line
			return w, nil
		}
	}
	return node{}, fmt.Errorf("want a value, found %s", p.here())
}

func (p *jsonParser) number() (node, error) {
	size := numberLength(p.text[p.pos:])
	if size == 0 {
		return node{}, errors.New("a number must be written like 10, -3, 0.5 or 1e6")
	}
	n := node{kind: numberNode, line: p.line, text: p.text[p.pos : p.pos+size]}
	p.pos += size
	return n, nil
}

// numberLength is the length of the JSON number at the start of s, 0 when
// there is none.
func numberLength(s string) int {
	i := 0
	digits := func() bool {
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	first := i
	if !digits() || s[first] == '0' && i > first+1 {
		return 0
	}
	if i < len(s) && s[i] == '.' {
		if i++; !digits() {
			return 0
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}

func (p *jsonParser) space() {
	for ; p.pos < len(p.text); p.pos++ {
		switch p.text[p.pos] {
		case ' ', '\t', '\r':
		case '\n':
			p.line++
		default:
			return
		}
	}
}

func (p *jsonParser) take(c byte) bool {
	if p.pos == len(p.text) || p.text[p.pos] != c {
		return false
	}
	p.pos++
	return true
}

// here shows the character at pos, for messages.
func (p *jsonParser) here() string {
	if p.pos == len(p.text) {
		return "the end"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return strconv.QuoteRune(r)
}
