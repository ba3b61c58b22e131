// Package schema describes and checks the bodies of the control API. The
// schemas are made from the documents' Go types, so that fields, enums and
// limits are written down once; each operation gets the cut of fields that it
// takes or shows.
package schema

import (
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
)

const refPrefix = "#/components/schemas/"

// Book makes schemas and keeps those that have names.
type Book struct{ registry huma.Registry }

// NewBook returns an empty book.
func NewBook() *Book {
	return &Book{huma.NewMapRegistry(refPrefix, huma.DefaultSchemaNamer)}
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

// Of is the schema of a document type with all its fields, none required.
func (b *Book) Of(d config.Document) *huma.Schema {
	t := reflect.TypeOf(d).Elem()
	whole := *b.Resolve(b.registry.Schema(t, true, t.Name()))
	delete(b.registry.Map(), t.Name())
	for _, s := range b.registry.Map() {
		relax(s)
	}
	relax(&whole)
	b.fraudSettings(&whole)
	return &whole
}

// relax takes the marks off that mean Go's and not the API's: what is required
// depends on the operation and is checked by the documents.
func relax(s *huma.Schema) {
	if s.Extensions["x-keep"] == nil {
		s.Required = nil
	}
	for _, p := range s.Properties {
		if p.Type == huma.TypeArray {
			p.Nullable = false
		}
	}
}

// Cut is an object with some of a schema's properties and no others.
func Cut(whole *huma.Schema, fields, required []string) *huma.Schema {
	s := &huma.Schema{
		Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false,
		Required: slices.Sorted(slices.Values(required)), Extensions: map[string]any{},
	}
	for _, name := range fields {
		if p := whole.Properties[name]; p != nil {
			s.Properties[name] = p
		}
	}
	return s
}

// Value is the schema of a Go value, for fields that are looked up.
func (b *Book) Value(sample any) *huma.Schema {
	return b.registry.Schema(reflect.TypeOf(sample), true, "Value")
}

// fraudSettings spells out the properties of filters in object form.
func (b *Book) fraudSettings(s *huma.Schema) {
	for name, plane := range map[string]config.Plane{
		"click_filter_settings": config.PlaneClick, "fraud_click_filter_settings": config.PlaneClick,
		"conversion_filter_settings": config.PlaneConversion, "fraud_conversion_filter_settings": config.PlaneConversion,
		"impression_filter_settings": config.PlaneImpression, "fraud_impression_filter_settings": config.PlaneImpression,
	} {
		if s.Properties[name] == nil {
			continue
		}
		settings := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
		for _, code := range config.DocumentedFilters(plane) {
			filter := strings.ToLower(code)
			settings.Properties[filter+"_enabled"] = &huma.Schema{Type: huma.TypeBoolean, Description: "Runs the filter " + code}
			settings.Properties[filter] = &huma.Schema{Description: "The settings of the filter " + code}
		}
		s.Properties[name] = b.Define(strings.ToUpper(string(plane[0]))+string(plane[1:])+"FilterSettings", settings)
	}
}
