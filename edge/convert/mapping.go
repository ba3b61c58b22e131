package convert

import (
	"slices"

	"github.com/clickgate/clickgate/internal/click"
)

// Mapping says which parameters feed which field. It is immutable.
type Mapping struct {
	claims map[string][]claim
}

// claim is a field's interest in a parameter; the lowest rank with a value
// wins.
type claim struct {
	field Field
	rank  int
}

// newMapping maps the names of the lists, and canonical names where a field has
// none. A canonical name that a list gives to another field is that one's. The
// click keeps its canonical names beside a list: our own script uses them.
func newMapping(listed [fieldCount][]string) *Mapping {
	m := &Mapping{claims: map[string][]claim{}}
	for f, names := range listed {
		for rank, name := range names {
			m.claims[name] = append(m.claims[name], claim{Field(f), rank})
		}
	}
	for f, names := range canonical {
		if len(listed[f]) > 0 && Field(f) != ClickID {
			continue
		}
		for rank, name := range names {
			if _, taken := m.claims[name]; !taken {
				m.claims[name] = []claim{{Field(f), len(listed[f]) + rank}}
			}
		}
	}
	return m
}

// Values are the fields of one request; an empty one was not given.
type Values [fieldCount]string

// Map hands the parameters to the fields. Of several names of a field the first
// of its list with a value wins, of equal names the first. Those that
// feed a field are marked as claimed; the others are extra parameters.
func (m *Mapping) Map(params []click.Param) *Values {
	var values Values
	var ranks [fieldCount]int
	for i := range params {
		p := &params[i]
		for _, c := range m.claims[p.Name] {
			p.Claimed = true
			if have := values[c.field]; p.Value != "" && (have == "" || c.rank < ranks[c.field]) {
				values[c.field], ranks[c.field] = p.Value, c.rank
			}
		}
	}
	return &values
}

// Forget returns the parameters without those that feed a secret.
func (m *Mapping) Forget(params []click.Param) []click.Param {
	return m.Without(params, secrets[:]...)
}

// Without returns the parameters without those that feed one of the fields.
func (m *Mapping) Without(params []click.Param, fields ...Field) []click.Param {
	kept := make([]click.Param, 0, len(params))
	for _, p := range params {
		if !m.feeds(p.Name, fields) {
			kept = append(kept, p)
		}
	}
	return kept
}

func (m *Mapping) feeds(name string, fields []Field) bool {
	for _, c := range m.claims[name] {
		if slices.Contains(fields, c.field) {
			return true
		}
	}
	return false
}
