package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is a parsed value before it has a type. YAML and JSON both become trees
// of nodes, so that one decoder serves both and knows the types of JSON only.
type node struct {
	kind nodeKind
	line int32
	// name is the key, when the node is a member of an object.
	name string
	// text is a string's value, a number's digits, or "true" and "false".
	text string
	// items are a list's items or an object's members in their order.
	items []node
}

type nodeKind uint8

const (
	// brokenNode is a value whose mistake has been reported already.
	brokenNode nodeKind = iota
	nullNode
	boolNode
	numberNode
	stringNode
	listNode
	objectNode
)

// maxDepth bounds the nesting of documents. The deepest one that makes sense
// has less than ten levels.
const maxDepth = 64

// describe says what the node is, for messages.
func (n *node) describe() string {
	switch n.kind {
	case nullNode:
		return "null"
	case boolNode:
		return "the boolean " + n.text
	case numberNode:
		return "the number " + shorten(n.text)
	case stringNode:
		return "the string " + strconv.Quote(shorten(n.text))
	case listNode:
		return "a list"
	}
	return "an object"
}

// shorten cuts a text for messages.
func shorten(s string) string {
	const longest = 40
	if len(s) <= longest {
		return s
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}

// member returns the first member of an object by name, or nil.
func (n *node) member(name string) *node {
	for i := range n.items {
		if n.items[i].name == name {
			return &n.items[i]
		}
	}
	return nil
}

// appendCanonical appends the node as JSON in the one form that equal values
// share: no spaces, sorted keys, shortest numbers. Mistakes that only a typed
// decoder would find elsewhere, such as duplicate keys, are reported here.
func (n *node) appendCanonical(b []byte, r *report) []byte {
	switch n.kind {
	case boolNode:
		return append(b, n.text...)
	case numberNode:
		return n.appendNumber(b, r)
	case stringNode:
		return appendString(b, n.text)
	case listNode:
		return n.appendList(b, r)
	case objectNode:
		return n.appendObject(b, r)
	}
	return append(b, "null"...)
}

func (n *node) appendList(b []byte, r *report) []byte {
	b = append(b, '[')
	for i := range n.items {
		if i > 0 {
			b = append(b, ',')
		}
		r.enterIndex(i)
		b = n.items[i].appendCanonical(b, r)
		r.leave()
	}
	return append(b, ']')
}

func (n *node) appendObject(b []byte, r *report) []byte {
	members := slices.Clone(n.items)
	slices.SortStableFunc(members, func(a, b node) int { return strings.Compare(a.name, b.name) })
	b = append(b, '{')
	for i := range members {
		m := &members[i]
		if i > 0 {
			b = append(b, ',')
		}
		r.enter(m.name)
		if i > 0 && m.name == members[i-1].name {
			r.duplicate(m)
		}
		b = append(appendString(b, m.name), ':')
		b = m.appendCanonical(b, r)
		r.leave()
	}
	return append(b, '}')
}

// appendNumber keeps whole numbers digit by digit, however long, and writes
// all others as the shortest text of their float64.
func (n *node) appendNumber(b []byte, r *report) []byte {
	if n.text == "-0" {
		return append(b, '0')
	}
	if !strings.ContainsAny(n.text, ".eE") {
		return append(b, n.text...)
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		r.add(int(n.line), "number %s is too large; the largest is about 1.8e308", shorten(n.text))
		return append(b, '0')
	}
	return appendFloat(b, f)
}

// appendFloat appends f as a JSON number; f is finite.
func appendFloat(b []byte, f float64) []byte {
	if f == 0 {
		return append(b, '0')
	}
	format := byte('f')
	if size := math.Abs(f); size < 1e-6 || size >= 1e21 {
		format = 'e'
	}
	return strconv.AppendFloat(b, f, format, -1, 64)
}

// appendString appends s as a JSON string. Only what must be escaped is.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		if c < ' ' {
			b = fmt.Appendf(b, `\u%04x`, c)
			continue
		}
		b = append(b, '\\', c)
	}
	return append(append(b, s[from:]...), '"')
}

// duplicate reports the second appearance of a key.
func (r *report) duplicate(n *node) {
	r.add(int(n.line), "given twice; keep one")
}
