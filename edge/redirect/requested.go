package redirect

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// AppendRequested appends a URL that the link itself chose and that
// Hosts.Admit let through: a deep link, or a redirect_url or
// fallback_url where nothing is configured. Bytes that no URL may have
// (spaces, quotes, non-ASCII) are percent-encoded, and macros are not filled:
// a link cannot read what the operator withholds.
//
// t is the template that the URL stands in for, nil for none. Its parameters
// come along with their macros filled, so that the target learns the
// transaction id; they replace parameters of the same name in the URL,
// so that no link can forge them. What pass lets travel follows, as in Append.
func (t *Template) AppendRequested(dst []byte, url string, c *click.Click, pass Pass) []byte {
	head, fragment, hasFragment := strings.Cut(url, "#")
	path, query, hasQuery := strings.Cut(head, "?")

	w := writer{limit: len(dst) + MaxURL, template: t, query: query}
	if hasFragment {
		w.limit -= escapedLen(fragment, inURL) + 1
	}
	w.dst = appendEscaped(dst, path, inURL)
	if hasQuery {
		w.dst = append(w.dst, '?')
		w.hasQuery = true
		w.keep(query)
	}
	w.bring(c, &pass)
	w.passOn(c, &pass)
	if hasFragment {
		w.dst = append(w.dst, '#')
		w.dst = appendEscaped(w.dst, fragment, inURL)
	}
	return w.dst
}

// keep appends the URL's own query without what the template says itself.
func (w *writer) keep(query string) {
	first := true
	for pair := range strings.SplitSeq(query, "&") {
		if w.template.names(pair) {
			continue
		}
		if !first {
			w.dst = append(w.dst, '&')
		}
		first = false
		w.dst = appendEscaped(w.dst, pair, inURL)
	}
}

// names tells whether the template's query has the name of pair ("name=value").
func (t *Template) names(pair string) bool {
	if t == nil {
		return false
	}
	for i := range t.query {
		if name := t.query[i].name; name != "" && isNamed(pair, name) {
			return true
		}
	}
	return false
}

// bring appends the template's named parameters.
func (w *writer) bring(c *click.Click, pass *Pass) {
	if w.template == nil {
		return
	}
	for i := range w.template.query {
		if s := &w.template.query[i]; s.name != "" {
			w.separate()
			w.dst = appendParts(w.dst, s.parts, c, pass)
		}
	}
}
