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
	"github.com/clickgate/clickgate/internal/money"
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
		if p.Type == huma.TypeArray && p.Nullable {
			t.Errorf("%s may be null", at)
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
	if pointer := of.Kind() == reflect.Pointer; pointer != (s.Nullable || len(s.OneOf) == 2 && s.OneOf[1].Type == "null") {
		t.Errorf("%s may be null: %v, want %v", path, !pointer, pointer)
	}
	if len(s.OneOf) > 0 {
		s = s.OneOf[0]
	}
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Struct {
		if of.Kind() == reflect.Slice {
			s = s.Items
		}
		of = of.Elem()
	}
	if of == reflect.TypeFor[money.Amount]() {
		if s.Type != huma.TypeNumber {
			t.Errorf("%s is %q, want a number", path, s.Type)
		}
		return 0
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

func TestExplain(t *testing.T) {
	b := NewBook()
	b.Define("Thing", object("", fields{"known": flag("as it was"), "other": {Type: huma.TypeString}, "unknown": {Type: huma.TypeString}}))
	b.Explain(map[string]string{"known": "wrong", "other": "right"})
	p := b.registry.Map()["Thing"].Properties
	if got := []string{p["known"].Description, p["other"].Description, p["unknown"].Description}; !slices.Equal(got, []string{"as it was", "right", ""}) {
		t.Errorf("the descriptions are %q", got)
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

func TestFraudSettingsAreSpelledOut(t *testing.T) {
	b := NewBook()
	group, _ := config.NewDocument(config.KindFraudFilterGroup)
	s := b.Of(group)
	for name, filter := range map[string]string{"click_filter_settings": "click_flooding", "conversion_filter_settings": "click_spam", "impression_filter_settings": "site_url"} {
		p := s.Properties[name]
		if inner := b.Resolve(p); inner.Properties[filter] == nil || inner.AdditionalProperties != false || p.Description == "" {
			t.Errorf("%s is described as %+v", name, inner)
		}
	}
}

// The limits of table C3.
func TestDocumentedLimits(t *testing.T) {
	b := NewBook()
	for name, settings := range map[string]map[string]string{
		"wrong_install_time":             {"time_delta_tolerance_seconds": "0..999"},
		"sub_id_validity_check":          {"max_length": "0..50"},
		"old_os":                         {"threshold_percentage": "0..100"},
		"conversion_rejection_threshold": {"minimum_total": "1..1000000000", "threshold": "0..100"},
		"keyword":                        {"max_duplicate_allowed": "1..1000000000", "expires_in_seconds": "1..2592000"},
	} {
		for setting, limits := range settings {
			low, high, _ := strings.Cut(limits, "..")
			for value, good := range map[string]bool{low: true, high: true, low + "e0": false, "-1": false, high + "1": false} {
				found := b.Validate(filterSettings[name], parsed(t, `{"`+setting+`":`+value+`}`))
				if strings.Contains(value, "e") && filterSettings[name].Properties[setting].Type == huma.TypeNumber {
					continue
				}
				if good != (len(found) == 0) {
					t.Errorf("%s.%s of %s: %s, want good: %v", name, setting, value, mistakes(found), good)
				}
			}
		}
	}
}

// Every documented filter is built but for those that are read-only, has
// settings, and takes its own example by the schema.
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
		for _, code := range filters.TypesOn(plane) {
			if !slices.Contains(config.DocumentedFilters(plane), code) {
				t.Errorf("%s judges the %s plane and table C1 does not say so", code, plane)
			}
		}
		for _, code := range config.DocumentedFilters(plane) {
			readOnly := plane == config.PlaneClick && strings.HasSuffix(code, "_CONVERSION_RATE")
			if slices.Contains(filters.TypesOn(plane), code) == readOnly {
				t.Errorf("%s judges the %s plane: %v", code, plane, readOnly)
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
			for what, value := range edgeValues(p) {
				settings := parsed(t, built.Example)
				target, _ := settings.(map[string]any)
				if list {
					target = settings.([]any)[0].(map[string]any)
				}
				target[name] = value
				raw, _ := json.Marshal(settings)
				problems := filters.Check(plane, built.Code, raw)
				if good := what[0] != '!'; good != (len(problems) == 0) {
					t.Errorf("%s with %s as %s: %v, but the schema says otherwise: %s", built.Name, name, what, problems, raw)
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

// edgeValues are the last that a schema takes, and with "!" the first that it
// does not.
func edgeValues(s *huma.Schema) map[string]any {
	edge := map[string]any{}
	if s.Minimum != nil {
		edge["the least"], edge["!less"] = int64(*s.Minimum), int64(*s.Minimum)-1
	}
	if s.Maximum != nil {
		edge["the most"], edge["!more"] = int64(*s.Maximum), int64(*s.Maximum)+1
	}
	if s.Items != nil && s.Items.MaxLength != nil {
		most := *s.Items.MaxLength
		edge["a long entry"], edge["!a longer entry"] = []string{strings.Repeat("x", most)}, []string{strings.Repeat("x", most+1)}
		edge["!an empty entry"] = []string{""}
	}
	if s.MaxItems != nil {
		words := make([]string, *s.MaxItems+1)
		for i := range words {
			words[i] = strings.Repeat("x", i%50+1)
		}
		edge["many entries"], edge["!more entries"] = words[1:], words
	}
	if s.Type != huma.TypeObject {
		edge["!an object"] = map[string]any{}
	}
	return edge
}
