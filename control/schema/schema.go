// Package schema describes and checks the bodies of the control API. The
// schemas are made from the documents' Go types, so that fields, enums and
// limits are written down once; each operation gets the cut of fields that it
// takes or shows.
package schema

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/money"
)

const refPrefix = "#/components/schemas/"

// Book makes schemas and keeps those that have names. It is filled by one
// goroutine; once it is, any number may read it.
type Book struct {
	registry huma.Registry
	// shown are the fields that an entity shows and a body does not take.
	shown map[*huma.Schema][]string
}

// NewBook returns an empty book.
func NewBook() *Book {
	r := huma.NewMapRegistry(refPrefix, huma.DefaultSchemaNamer)
	// Amounts are numbers in JSON, whatever they are in Go.
	r.RegisterTypeAlias(reflect.TypeFor[money.Amount](), reflect.TypeFor[float64]())
	return &Book{r, map[*huma.Schema][]string{}}
}

// Registry is the book as OpenAPI's components.
func (b *Book) Registry() huma.Registry { return b.registry }

// Define names a schema and returns a reference to it.
func (b *Book) Define(name string, s *huma.Schema) *huma.Schema {
	b.registry.Map()[name] = s
	return &huma.Schema{Ref: refPrefix + name}
}

// Resolve follows references.
func (b *Book) Resolve(s *huma.Schema) *huma.Schema {
	for s != nil && s.Ref != "" {
		s = b.registry.SchemaFromRef(s.Ref)
	}
	return s
}

// Of is the schema of a document type with all its fields, none required. It
// may be asked for each type once.
func (b *Book) Of(d config.Document) *huma.Schema {
	t, schemas := reflect.TypeOf(d).Elem(), b.registry.Map()
	known := maps.Clone(schemas)
	whole := b.Resolve(b.registry.Schema(t, true, t.Name()))
	items := b.itemsIn(schemas)
	for name, s := range schemas {
		if known[name] == nil {
			relax(s, items[s])
			nullable(s, b.registry.TypeFromRef(refPrefix+name))
		}
	}
	delete(schemas, t.Name())
	b.fraudSettings(whole)
	return whole
}

// itemsIn finds the schemas of what stands in lists.
func (b *Book) itemsIn(schemas map[string]*huma.Schema) map[*huma.Schema]bool {
	items := map[*huma.Schema]bool{}
	for _, s := range schemas {
		for _, p := range s.Properties {
			if p.Type == huma.TypeArray {
				items[b.Resolve(p.Items)] = true
			}
		}
	}
	return items
}

// relax takes the marks off that mean Go's and not the API's. What is required
// depends on the operation: an object in a patch may lack anything, since it
// is merged. A list is replaced, so its items need what they need.
func relax(s *huma.Schema, item bool) {
	if !item {
		s.Required = nil
	}
	for _, p := range s.Properties {
		if p.Type == huma.TypeArray {
			p.Nullable = false
		}
	}
}

// nullable marks the fields that are pointers: unset, they are shown as null.
func nullable(s *huma.Schema, t reflect.Type) {
	for _, f := range reflect.VisibleFields(t) {
		if f.Type.Kind() != reflect.Pointer {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch p := s.Properties[name]; {
		case p.Ref == "":
			p.Nullable = true
		default:
			s.Properties[name] = &huma.Schema{Description: p.Description, OneOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}}
		}
	}
}

// Cut is an object with some of a schema's properties and no others.
func Cut(whole *huma.Schema, fields, required []string) *huma.Schema {
	s := &huma.Schema{
		Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false,
		Required: slices.Sorted(slices.Values(required)),
	}
	for _, name := range fields {
		if p := whole.Properties[name]; p != nil {
			s.Properties[name] = p
		}
	}
	return s
}

// Shown names the fields that an entity shows. Those that a body does not take
// are then refused as read-only, not as unknown.
func (b *Book) Shown(body *huma.Schema, fields []string) { b.shown[b.Resolve(body)] = fields }

// Explain describes the properties of all schemas with names that have no
// description yet, by the names of the properties.
func (b *Book) Explain(docs map[string]string) {
	for _, s := range b.registry.Map() {
		for name, p := range s.Properties {
			if p.Description == "" {
				p.Description = docs[name]
			}
		}
	}
}

// Value is the schema of a Go value, for fields that are looked up.
func (b *Book) Value(sample any) *huma.Schema {
	return b.registry.Schema(reflect.TypeOf(sample), true, "Value")
}
