package redirect

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Template is a destination with macros, compiled. It is immutable and serves
// any number of goroutines.
//
// A macro is a name in braces (see MacroNames), {param:NAME} stands for an
// extra request parameter, and {raw:...} writes either of them unencoded.
// Everything else is kept byte by byte: nothing is normalised or decoded.
//
// Values are percent-encoded as query components, a space as %20. A raw value
// keeps its own escapes and the reserved characters of the part of the URL it
// stands in; what could end that part or harm a header or a page is encoded
// even then. No value can reach the scheme, host and port.
type Template struct {
	raw             string
	host, authority string // in lower case
	// The URL is path, then '?' and the segments joined by '&' if there are
	// any, then '#' and fragment if hasFragment.
	path        []part // begins with the scheme and host
	query       []segment
	fragment    []part
	hasFragment bool
	// macros are those it mentions, taken the names of its query and of its
	// {param:NAME}: what a target gets once is not appended again.
	macros []*macro
	taken  []string
}

// segment is a parameter of the template's query.
type segment struct {
	name  string // decoded; empty if a macro makes it
	parts []part
}

// Compile reads a template. The error says what is wrong, where and what is
// allowed.
func Compile(raw string) (*Template, error) {
	if err := checkBytes(raw); err != nil {
		return nil, err
	}
	o, err := templateOrigin(raw)
	if err != nil {
		return nil, err
	}
	t := &Template{raw: raw, host: strings.ToLower(o.host), authority: o.authority()}
	head, fragment, hasFragment := strings.Cut(raw, "#")
	path, query, hasQuery := strings.Cut(head, "?")
	t.hasFragment = hasFragment
	if t.path, err = (&scanner{raw: inPath}).scan(path); err != nil {
		return nil, err
	}
	if t.fragment, err = (&scanner{raw: inQuery}).scan(fragment); err != nil {
		return nil, err
	}
	if hasQuery {
		if t.query, err = scanQuery(query); err != nil {
			return nil, err
		}
	}
	t.settle()
	return t, nil
}

// Check tells what is wrong with a template, or nil.
func Check(template string) error {
	_, err := Compile(template)
	return err
}

// String is the template as it was written.
func (t *Template) String() string { return t.raw }

// Host is the destination's host in lower case, without port.
func (t *Template) Host() string { return t.host }

// Authority is the destination's host and port in lower case. The scheme's
// default port is left out, as in the Host header of a request.
func (t *Template) Authority() string { return t.authority }

func checkBytes(raw string) error {
	if len(raw) > MaxURL {
		return fmt.Errorf("URL of %d bytes: allowed are %d", len(raw), MaxURL)
	}
	if i := firstNotIn(raw, inTemplate); i >= 0 {
		return fmt.Errorf("byte %#02x at offset %d: spaces and control characters must be percent-encoded", raw[i], i)
	}
	return nil
}

// templateOrigin reads the origin of a template and refuses macros in it.
func templateOrigin(raw string) (origin, error) {
	if strings.HasPrefix(raw, "{") {
		return origin{}, errors.New("begins with a macro: scheme and host must be written out; for a URL chosen by the link use deep links")
	}
	o, err := parseOrigin(raw)
	if err == nil {
		return o, nil
	}
	if authority, ok := authorityOf(raw); ok && strings.Contains(authority, "{") {
		return o, fmt.Errorf("macro in %q: user name, host and port must be written out", authority)
	}
	return o, fmt.Errorf("URL %q %w", raw, err)
}

func authorityOf(raw string) (string, bool) {
	_, rest, ok := strings.Cut(raw, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest, ok
}

func scanQuery(query string) ([]segment, error) {
	var segments []segment
	for piece := range strings.SplitSeq(query, "&") {
		parts, err := (&scanner{raw: inQuery}).scan(piece)
		if err != nil {
			return nil, err
		}
		segments = append(segments, segment{name: segmentName(parts), parts: parts})
	}
	return segments, nil
}

// segmentName is the parameter's decoded name, empty if it is not literal.
func segmentName(parts []part) string {
	if len(parts) == 0 || parts[0].text == "" {
		return ""
	}
	name, _, whole := strings.Cut(parts[0].text, "=")
	if !whole && len(parts) > 1 {
		return ""
	}
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}

// settle notes what the template says itself, and is not to be appended.
func (t *Template) settle() {
	note := func(parts []part) {
		for _, p := range parts {
			if p.macro != nil {
				t.macros = append(t.macros, p.macro)
			}
			if p.param != "" {
				t.taken = append(t.taken, p.param)
			}
		}
	}
	note(t.path)
	note(t.fragment)
	for _, s := range t.query {
		note(s.parts)
		if s.name != "" {
			t.taken = append(t.taken, s.name)
		}
	}
}
