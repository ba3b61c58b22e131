package convert

import (
	"cmp"
	"slices"
)

// Fields names the fields that a parameter feeds by their canonical names; none
// for an extra parameter.
func (m *Mapping) Fields(name string) []string {
	var fields []string
	for _, c := range m.claims[name] {
		fields = append(fields, c.field.String())
	}
	return fields
}

// Feeds tells whether a parameter feeds one of the fields.
func (m *Mapping) Feeds(name string, fields ...Field) bool { return m.feeds(name, fields) }

// IsSecret tells whether a parameter feeds a secret: nobody may see its value.
func (m *Mapping) IsSecret(name string) bool { return m.feeds(name, secrets[:]) }

// Name is the parameter that a field is asked for by first.
func (m *Mapping) Name(f Field) string {
	type name struct {
		text string
		rank int
	}
	var names []name
	for text, claims := range m.claims {
		for _, c := range claims {
			if c.field == f {
				names = append(names, name{text, c.rank})
			}
		}
	}
	if len(names) == 0 { // another field has its names
		return f.String()
	}
	return slices.MinFunc(names, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.text, b.text))
	}).text
}
