package link

import (
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// Bounds of what Parse reads of one query; the rest is ignored and flagged.
const (
	// MaxParams is the greatest number of parameters.
	MaxParams = 256
	// MaxQuery is the greatest length of a query in bytes.
	MaxQuery = 16 << 10
)

// Mapping says which query parameters feed which field of a click (R-19,
// It is immutable and serves any number of goroutines.
type Mapping struct {
	claims map[string][]claim
}

// claim is one field's interest in a parameter; the lowest rank with a value
// wins.
type claim struct {
	field field
	rank  int
}

// NewMapping builds the mapping of an integration. A field's names are tried
// in the order of its list; an empty list stands for the field's canonical
// names, except those that another field's list names: what an operator wrote
// goes before what nobody wrote. Names are case-sensitive.
func NewMapping(p config.ClickParameters) *Mapping {
	m := &Mapping{claims: make(map[string][]claim)}
	listed := configured(p)
	for f, names := range listed {
		for rank, name := range names {
			m.claims[name] = append(m.claims[name], claim{field(f), rank})
		}
	}
	for f, names := range canonical {
		if len(listed[f]) > 0 {
			continue
		}
		for rank, name := range names {
			if _, taken := m.claims[name]; !taken {
				m.claims[name] = []claim{{field(f), rank}}
			}
		}
	}
	return m
}

// Fields names the fields that a parameter feeds by their canonical names, in
// no order that matters; none for an extra parameter.
func (m *Mapping) Fields(name string) []string {
	var fields []string
	for _, c := range m.claims[name] {
		fields = append(fields, canonical[c.field][0])
	}
	return fields
}

// Options are what a request asks for beside its fields.
type Options struct {
	// JSON asks for a JSON answer (json=1), NoRedirect for an answer that does
	// not redirect (no_redirect=1). "1" and "true" switch them on.
	JSON, NoRedirect bool
	// JSCheckData is what the JavaScript check found, undecoded and
	// untrusted. It is valid as long as the click.
	JSCheckData string
	// Truncated tells that the query went beyond MaxParams or MaxQuery and
	// that only its first parameters were read.
	Truncated bool
}

// Parse reads a raw query string (without '?') into c.Params and into the
// fields of c that parameters feed. It cannot fail: '+' is a
// space, a bad percent escape stands for itself, ';' is an ordinary byte, and
// values may hold any byte.
//
// The strings are views into query and into c.Scratch. Parse replaces c.Params
// and every field it can feed, save a UUID that is already set: the cookie's
// goes before the link's.
func (m *Mapping) Parse(c *click.Click, query string) Options {
	query, cut := clip(query)
	c.Params = c.Params[:0]
	// No decoded text is longer than the query, so Scratch grows only here.
	c.Scratch = slices.Grow(c.Scratch, len(query))

	var found values
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if pair == "" {
			continue
		}
		if len(c.Params) == MaxParams {
			cut = true
			break
		}
		name, value, _ := strings.Cut(pair, "=")
		p := click.Param{Name: decode(c, name), Value: decode(c, value)}
		claims := m.claims[p.Name]
		p.Claimed = len(claims) > 0
		found.offer(claims, p.Value)
		c.Params = append(c.Params, p)
	}
	found.fill(c)
	return Options{
		JSON:        isOn(found[optJSON].value),
		NoRedirect:  isOn(found[optNoRedirect].value),
		JSCheckData: found[optJSCheckData].value,
		Truncated:   cut,
	}
}

// clip cuts a query of more than MaxQuery bytes between two parameters, so
// that no value is read in part.
func clip(query string) (kept string, cut bool) {
	if len(query) <= MaxQuery {
		return query, false
	}
	return query[:max(0, strings.LastIndexByte(query[:MaxQuery+1], '&'))], true
}

func isOn(value string) bool { return value == "1" || value == "true" }

// values are the best values found so far, a field each.
type values [fieldCount]struct {
	value string
	rank  int
}

// offer hands a parameter's value to the fields that claim it. Empty values
// never win, and of equal names the first does.
func (v *values) offer(claims []claim, value string) {
	if value == "" {
		return
	}
	for _, cl := range claims {
		if best := &v[cl.field]; best.value == "" || cl.rank < best.rank {
			best.value, best.rank = value, cl.rank
		}
	}
}
