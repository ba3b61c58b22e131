package redirect

import (
	"slices"
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// Append appends the destination of c: the template with its macros filled,
// and the parameters that pass lets travel, before a '#'. Parameters that would
// make it longer than MaxURL are dropped, each for itself.
func (t *Template) Append(dst []byte, c *click.Click, pass Pass) []byte {
	start := len(dst)
	dst = appendParts(dst, t.path, c, &pass)
	sep := byte('?')
	for i := range t.query {
		dst = append(dst, sep)
		dst = appendParts(dst, t.query[i].parts, c, &pass)
		sep = '&'
	}
	w := writer{dst: dst, hasQuery: t.query != nil, template: t}
	w.limit = start + MaxURL
	if t.hasFragment {
		w.limit -= len(appendParts(dst, t.fragment, c, &pass)) - len(dst) + 1
	}
	w.passOn(c, &pass)
	if t.hasFragment {
		w.dst = append(w.dst, '#')
		w.dst = appendParts(w.dst, t.fragment, c, &pass)
	}
	return w.dst
}

func appendParts(dst []byte, parts []part, c *click.Click, pass *Pass) []byte {
	for i := range parts {
		dst = parts[i].appendTo(dst, c, pass)
	}
	return dst
}

// writer appends parameters to a destination.
type writer struct {
	dst      []byte
	limit    int  // of len(dst)
	hasQuery bool // dst has a '?'
	// What has parameters already: the template whose macros are written, nil
	// for none, and the query of a URL that the link chose.
	template *Template
	query    string
}

// passOn appends what pass lets travel.
func (w *writer) passOn(c *click.Click, pass *Pass) {
	if pass.limited {
		w.passMapped(c, pass)
	}
	if pass.withheld[extraGroup] {
		return
	}
	for i := range c.Params {
		if p := &c.Params[i]; travels(p) && !w.has(p.Name) {
			w.add(p.Name, p.Value)
		}
	}
}

func (w *writer) passMapped(c *click.Click, pass *Pass) {
	for i := range mapped {
		m := &mapped[i]
		if pass.withheld[m.group] || w.template != nil && slices.Contains(w.template.macros, m.macro) {
			continue
		}
		if value := m.value(c); value != "" && !w.has(pass.names[i]) {
			w.add(pass.names[i], value)
		}
	}
}

// has tells whether the destination has a parameter of that name by itself.
func (w *writer) has(name string) bool {
	if w.template != nil && slices.Contains(w.template.taken, name) {
		return true
	}
	return hasParam(w.query, name)
}

// add appends a parameter, unless it is too long.
func (w *writer) add(name, value string) {
	before := *w
	w.separate()
	w.dst = appendEscaped(w.dst, name, inValue)
	w.dst = append(w.dst, '=')
	w.dst = appendEscaped(w.dst, value, inValue)
	if len(w.dst) > w.limit {
		w.dst, w.hasQuery = w.dst[:len(before.dst)], before.hasQuery
	}
}

// separate makes dst ready for one more parameter.
func (w *writer) separate() {
	last := w.dst[len(w.dst)-1]
	switch {
	case !w.hasQuery:
		w.dst = append(w.dst, '?')
	case last != '?' && last != '&':
		w.dst = append(w.dst, '&')
	}
	w.hasQuery = true
}

// hasParam tells whether a raw query has a parameter of that (decoded) name.
func hasParam(query, name string) bool {
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if isNamed(pair, name) {
			return true
		}
	}
	return false
}

// isNamed tells whether a raw "name=value" has the (decoded) name.
func isNamed(pair, name string) bool {
	raw, _, _ := strings.Cut(pair, "=")
	for raw != "" && name != "" {
		b, size := raw[0], 1
		switch {
		case b == '+':
			b = ' '
		case isEscape(raw):
			b, size = unhex(raw[1])<<4|unhex(raw[2]), 3
		}
		if b != name[0] {
			return false
		}
		raw, name = raw[size:], name[1:]
	}
	return raw == "" && name == ""
}

// unhex is the value of a hex digit.
func unhex(b byte) byte {
	if isDigit(b) {
		return b - '0'
	}
	return b | 0x20 - 'a' + 10
}
