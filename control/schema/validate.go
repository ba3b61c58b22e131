package schema

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
)

// Validate returns every mistake of a value that Parse read. huma's own check
// would do but for four things: it takes a property in the wrong case, it
// names the object where it should name the missing field, it knows no exact
// numbers, and it cannot say what was meant.
func (b *Book) Validate(s *huma.Schema, value any) []problem.Detail {
	v := validator{book: b}
	v.value(s, "body", value)
	return v.found.Details()
}

type validator struct {
	book  *Book
	found problem.List
}

func (v *validator) value(s *huma.Schema, path string, value any) {
	s = v.book.Resolve(s)
	switch {
	case s == nil || s.Type == "" && len(s.OneOf) == 0:
		return // any value
	case len(s.OneOf) > 0:
		v.oneOf(s, path, value)
		return
	case !isOf(s.Type, value):
		v.found.Add(path, value, "must be %s, not %s", typeNames[s.Type], nameOf(value, path))
		return
	}
	v.enum(s, path, value)
	switch value := value.(type) {
	case map[string]any:
		v.object(s, path, value)
	case []any:
		v.list(s, path, value)
	case string:
		v.text(s, path, value)
	case json.Number:
		v.number(s, path, value)
	}
}

// oneOf takes the alternative that has the value's type.
func (v *validator) oneOf(s *huma.Schema, path string, value any) {
	var names []string
	for _, option := range s.OneOf {
		option = v.book.Resolve(option)
		if isOf(option.Type, value) {
			v.value(option, path, value)
			return
		}
		if name := typeNames[option.Type]; name != "" { // null is not for those who send it
			names = append(names, name)
		}
	}
	v.found.Add(path, value, "must be %s, not %s", strings.Join(names, " or "), nameOf(value, path))
}

func (v *validator) enum(s *huma.Schema, path string, value any) {
	if len(s.Enum) == 0 || slices.Contains(s.Enum, value) {
		return
	}
	if v.found.Full() {
		v.found.Skip()
		return
	}
	names := make([]string, len(s.Enum))
	for i, allowed := range s.Enum {
		names[i], _ = allowed.(string)
	}
	given, _ := value.(string)
	v.found.Add(path, value, "unknown value%s; allowed are %s", config.DidYouMean(given, names), strings.Join(names, ", "))
}

func (v *validator) object(s *huma.Schema, path string, object map[string]any) {
	for _, name := range s.Required {
		if _, ok := object[name]; !ok {
			v.found.Add(under(path, name), nil, "missing")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		inner := under(path, name)
		switch p, rest := s.Properties[name], s.AdditionalProperties; {
		case p != nil:
			v.value(p, inner, object[name])
		case rest == false:
			v.unknown(s, inner, name)
		default:
			each, _ := rest.(*huma.Schema)
			v.value(each, inner, object[name])
		}
	}
}

// fewNames is up to how many names a message lists.
const fewNames = 80

func (v *validator) unknown(s *huma.Schema, path, name string) {
	if v.found.Full() {
		v.found.Skip()
		return
	}
	if slices.Contains(v.book.shown[s], name) {
		v.found.Add(path, nil, "is read-only")
		return
	}
	names := slices.Sorted(maps.Keys(s.Properties))
	allowed := ""
	if len(names) > 0 && len(names) <= fewNames {
		allowed = "; allowed are " + strings.Join(names, ", ")
	}
	v.found.Add(path, nil, "unknown field%s%s", config.DidYouMean(name, names), allowed)
}

func (v *validator) list(s *huma.Schema, path string, list []any) {
	if s.MinItems != nil && len(list) < *s.MinItems {
		v.found.Add(path, nil, "must have at least %d entries, found %d", *s.MinItems, len(list))
	}
	if s.MaxItems != nil && len(list) > *s.MaxItems {
		v.found.Add(path, nil, "must have at most %d entries, found %d", *s.MaxItems, len(list))
		return
	}
	first := map[string]int{}
	for i, item := range list {
		inner := path + "[" + strconv.Itoa(i) + "]"
		v.value(s.Items, inner, item)
		text, ok := item.(string)
		if !ok || !s.UniqueItems {
			continue
		}
		if at, twice := first[text]; twice {
			v.found.Add(inner, item, "is given already as entry %d; keep one", at)
			continue
		}
		first[text] = i
	}
}

func (v *validator) text(s *huma.Schema, path, text string) {
	n := utf8.RuneCountInString(text)
	if s.MaxLength != nil && n > *s.MaxLength {
		v.found.Add(path, text, "must have at most %d characters, found %d", *s.MaxLength, n)
	}
	if s.MinLength != nil && n < *s.MinLength {
		v.found.Add(path, text, "must have at least %d characters, found %d", *s.MinLength, n)
	}
}

func (v *validator) number(s *huma.Schema, path string, number json.Number) {
	if s.Type == huma.TypeInteger {
		_, err := strconv.ParseInt(number.String(), 10, 64)
		switch {
		case errors.Is(err, strconv.ErrRange):
			v.found.Add(path, number, "must be from -9223372036854775808 to 9223372036854775807")
			return
		case err != nil:
			v.found.Add(path, number, "must be a whole number without fraction or exponent, found %s", nameOf(number, path))
			return
		}
	}
	f, err := number.Float64()
	switch {
	case err != nil:
		v.found.Add(path, number, "is too large; the largest number is about 1.8e308")
	case s.Minimum != nil && f < *s.Minimum:
		v.found.Add(path, number, "must be at least %v", *s.Minimum)
	case s.Maximum != nil && f > *s.Maximum:
		v.found.Add(path, number, "must be at most %v", *s.Maximum)
	}
}
