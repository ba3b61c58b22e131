package schema

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters"
)

// Every field of every document is described, and what is not Go's own is
// published as the tags have it.
func TestDocumentsAreDescribed(t *testing.T) {
	b := NewBook()
	fields := 0
	for _, kind := range append(config.Kinds(), config.AccountKinds()...) {
		doc, _ := config.NewDocument(kind)
		fields += describe(t, b, string(kind), reflect.TypeOf(doc).Elem(), b.Of(doc))
	}
	if fields < 250 {
		t.Errorf("only %d fields were seen: the walk misses some", fields)
	}
}

func describe(t *testing.T, b *Book, path string, of reflect.Type, s *huma.Schema) (fields int) {
	if s.AdditionalProperties != false {
		t.Errorf("%s takes additional properties: %v", path, s.AdditionalProperties)
	}
	for _, f := range reflect.VisibleFields(of) {
		if f.Anonymous {
			continue
		}
		fields++
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		at, p := path+"."+name, s.Properties[name]
		if p == nil {
			t.Errorf("%s is not there", at)
			continue
		}
		if p.Description == "" {
			t.Errorf("%s has no description", at)
		}
		if enum := f.Tag.Get("enum"); enum != "" {
			if in := cmpItems(p); len(in.Enum) != len(strings.Split(enum, ",")) {
				t.Errorf("%s has the values %v, want %s", at, in.Enum, enum)
			}
		}
		if limit := f.Tag.Get("maximum"); limit != "" && p.Maximum == nil || f.Tag.Get("maxLength") != "" && p.MaxLength == nil {
			t.Errorf("%s has no limit", at)
		}
		fields += describeInner(t, b, at, f.Type, p)
	}
	return fields
}

func cmpItems(s *huma.Schema) *huma.Schema {
	if s.Items != nil {
		return s.Items
	}
	return s
}

func describeInner(t *testing.T, b *Book, path string, of reflect.Type, s *huma.Schema) int {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Struct {
		if of.Kind() == reflect.Slice {
			s = s.Items
		}
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return 0
	}
	return describe(t, b, path, of, b.Resolve(s))
}

// What an operation requires must not be lost when the next kind is described.
func TestRequired(t *testing.T) {
	b := NewBook()
	page, _ := config.NewDocument(config.KindLandingPage)
	body := b.Define("LandingPageCreate", Cut(b.Of(page), []string{"name", "redirect_url"}, []string{"redirect_url", "name"}))
	group, _ := config.NewDocument(config.KindFilterGroup)
	groups := b.Of(group)
	integration, _ := config.NewDocument(config.KindIntegration)
	b.Of(integration)
	if got := b.Resolve(body).Required; !slices.Equal(got, []string{"name", "redirect_url"}) {
		t.Errorf("required are %v", got)
	}
	if len(groups.Required) > 0 {
		t.Errorf("a whole filter group requires %v", groups.Required)
	}
	if got := b.Resolve(groups.Properties["filters"].Items).Required; !slices.Equal(got, []string{"type"}) {
		t.Errorf("a filter in a list requires %v, want its type", got)
	}
	if got := b.Resolve(b.registry.Map()["CustomDomain"]).Required; len(got) > 0 {
		t.Errorf("a custom domain, which patches merge, requires %v", got)
	}
}

func TestCut(t *testing.T) {
	b := NewBook()
	doc, _ := config.NewDocument(config.KindAdvertiser)
	whole := b.Of(doc)
	before := len(whole.Properties)
	s := Cut(whole, []string{"name", "no_such_field"}, []string{"name"})
	if got := slices.Collect(maps.Keys(s.Properties)); !slices.Equal(got, []string{"name"}) || s.AdditionalProperties != false {
		t.Errorf("the cut has %v and takes %v", got, s.AdditionalProperties)
	}
	if len(whole.Properties) != before {
		t.Error("the whole was changed")
	}
}

// Every documented filter has settings, and those that are built take their own
// examples by the schema.
func TestFilterSettings(t *testing.T) {
	b := NewBook()
	used := map[string]bool{}
	for _, plane := range []config.Plane{config.PlaneClick, config.PlaneImpression, config.PlaneConversion} {
		s := b.Resolve(b.planeSettings(plane))
		for _, code := range config.DocumentedFilters(plane) {
			name := strings.ToLower(code)
			used[name] = true
			if filterSettings[name] == nil || s.Properties[name] == nil || s.Properties[name+"_enabled"] == nil {
				t.Errorf("%s on the %s plane is not described", name, plane)
			}
		}
		for _, built := range filters.Types() {
			if !slices.Contains(filters.TypesOn(plane), built.Code) {
				continue
			}
			body := parsed(t, `{"`+built.Name+`":`+built.Example+`,"`+built.Name+`_enabled":true}`)
			if found := b.Validate(s, body); len(found) > 0 {
				t.Errorf("the example of %s on the %s plane is refused: %s", built.Name, plane, mistakes(found))
			}
		}
	}
	for name := range filterSettings {
		if !used[name] {
			t.Errorf("%s is described, but on no plane", name)
		}
	}
}

// A filter that is built and the schema of its settings know the same names
// and limits.
func TestFilterSettingsAreThoseOfTheFilters(t *testing.T) {
	for _, built := range filters.Types() {
		plane := planeOf(built.Code)
		s := filterSettings[built.Name]
		list := s.Type == huma.TypeArray
		if list {
			s = s.Items
		}
		for name, p := range s.Properties {
			for what, value := range wrongValues(p) {
				settings := parsed(t, built.Example)
				target, _ := settings.(map[string]any)
				if list {
					target = settings.([]any)[0].(map[string]any)
				}
				target[name] = value
				raw, _ := json.Marshal(settings)
				if len(filters.Check(plane, built.Code, raw)) == 0 {
					t.Errorf("%s takes %s of %s: %s", built.Name, what, name, raw)
				}
			}
		}
	}
}

func planeOf(code string) config.Plane {
	for _, plane := range []config.Plane{config.PlaneClick, config.PlaneImpression, config.PlaneConversion} {
		if slices.Contains(filters.TypesOn(plane), code) {
			return plane
		}
	}
	return ""
}

// wrongValues are just beyond what a schema takes.
func wrongValues(s *huma.Schema) map[string]any {
	wrong := map[string]any{}
	if s.Minimum != nil {
		wrong["less than the least"] = int64(*s.Minimum) - 1
	}
	if s.Maximum != nil {
		wrong["more than the most"] = int64(*s.Maximum) + 1
	}
	if s.Items != nil && s.Items.MaxLength != nil {
		wrong["a long entry"] = []string{strings.Repeat("x", *s.Items.MaxLength+1)}
	}
	if s.MaxItems != nil {
		many := make([]string, *s.MaxItems+1)
		for i := range many {
			many[i] = strings.Repeat("x", i%50+1)
		}
		wrong["many entries"] = many
	}
	if s.Type != huma.TypeObject {
		wrong["an object"] = map[string]any{}
	}
	return wrong
}
