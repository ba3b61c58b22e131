package macro

import (
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// scanner splits a template into parts. write is how values are written where
// it is, raw how those of {raw:...} are.
type scanner struct {
	use        Use
	write, raw writer
	path       bool
	base       int // where the scanned piece begins in the template
	parts      []part
}

// scan splits s and adds its parts.
func (s *scanner) scan(text string) error {
	literal := 0
	for i := 0; i < len(text); i++ {
		body, ok := macroAt(text[i:])
		if !ok {
			continue
		}
		value, err := s.value(body)
		if err != nil {
			return fmt.Errorf("{%s} at offset %d: %w", shorten(body), s.base+i, err)
		}
		s.literal(text[literal:i])
		s.parts = append(s.parts, value)
		i += len(body) + 1
		literal = i + 1
	}
	s.literal(text[literal:])
	return nil
}

func (s *scanner) literal(text string) {
	if text != "" {
		s.parts = append(s.parts, part{text: text})
	}
}

// macroAt returns what stands between the braces at the beginning of text, if
// it looks like a macro: a name, and what may follow its colon.
func macroAt(text string) (body string, ok bool) {
	if text[0] != '{' {
		return "", false
	}
	end := strings.IndexAny(text[1:], "{}")
	if end <= 0 || text[1+end] != '}' {
		return "", false
	}
	body = text[1 : 1+end]
	name, _, _ := strings.Cut(body, ":")
	return body, isName(name)
}

// isName tells whether s is a letter followed by letters, digits and '_'.
func isName(s string) bool {
	for i := range len(s) {
		letter := 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z'
		if !letter && (i == 0 || s[i] != '_' && (s[i] < '0' || s[i] > '9')) {
			return false
		}
	}
	return s != ""
}

// value compiles what stands between braces.
func (s *scanner) value(body string) (part, error) {
	v := part{write: s.write, path: s.path}
	name, raw := strings.CutPrefix(body, "raw:")
	if raw {
		v.write = s.raw
	}
	if param, ok := strings.CutPrefix(name, "param:"); ok {
		v.param = param
		if !isParam(param) {
			return v, fmt.Errorf("parameter name %q: allowed are 1 to 64 letters, digits and - . _ ~", shorten(param))
		}
		return v, nil
	}
	m, ok := byName[name]
	if !ok {
		return v, fmt.Errorf("unknown macro %q%s; known are %s", shorten(name), config.DidYouMean(name, Names(s.use)), strings.Join(Names(s.use), ", "))
	}
	if err := m.refusedIn(s.use); err != nil {
		return v, err
	}
	v.macro = m
	return v, nil
}

func isParam(s string) bool {
	for i := range len(s) {
		if !unreserved[s[i]] {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// template is what has been scanned.
func (s *scanner) template(limit int) *Template {
	t := &Template{parts: s.parts, limit: limit}
	for i := range s.parts {
		if m := s.parts[i].macro; m != nil {
			t.secret = t.secret || m.Secret
			t.status = t.status || m.status
		}
	}
	return t
}
