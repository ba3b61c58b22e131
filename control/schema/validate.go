package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
)

// Validate returns every mistake of a value that Parse read. huma's own check
// would do but for three things: it takes a property in the wrong case, it
// names the object where it should name the missing field, and it cannot say
// what was meant.
func (b *Book) Validate(s *huma.Schema, value any) []problem.Detail {
	v := validator{book: b}
	v.value(s, "body", value)
	return v.found
}

type validator struct {
	book  *Book
	found []problem.Detail
}

func (v *validator) add(path string, value any, format string, args ...any) {
	v.found = append(v.found, problem.Detail{Location: path, Message: fmt.Sprintf(format, args...), Value: value})
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
		v.add(path, value, "must be %s, not %s", typeNames[s.Type], nameOf(value))
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
		names = append(names, typeNames[option.Type])
	}
	v.add(path, value, "must be %s, not %s", strings.Join(names, " or "), nameOf(value))
}

var typeNames = map[string]string{
	huma.TypeString: "a string", huma.TypeInteger: "a whole number", huma.TypeNumber: "a number",
	huma.TypeBoolean: "true or false", huma.TypeArray: "a list", huma.TypeObject: "an object",
}

func isOf(kind string, value any) bool {
	switch value := value.(type) {
	case string:
		return kind == huma.TypeString
	case bool:
		return kind == huma.TypeBoolean
	case []any:
		return kind == huma.TypeArray
	case map[string]any:
		return kind == huma.TypeObject
	case json.Number:
		if kind == huma.TypeInteger {
			_, err := strconv.ParseInt(value.String(), 10, 64)
			return err == nil
		}
		return kind == huma.TypeNumber
	}
	return false
}

func nameOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return strconv.FormatBool(value)
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return fmt.Sprint(value)
}

func (v *validator) enum(s *huma.Schema, path string, value any) {
	if len(s.Enum) == 0 {
		return
	}
	var names []string
	for _, allowed := range s.Enum {
		if allowed == value {
			return
		}
		names = append(names, fmt.Sprint(allowed))
	}
	v.add(path, value, "unknown value%s; allowed are %s", config.DidYouMean(fmt.Sprint(value), names), strings.Join(names, ", "))
}

func (v *validator) object(s *huma.Schema, path string, object map[string]any) {
	for _, name := range s.Required {
		if _, ok := object[name]; !ok {
			v.add(path+"."+name, nil, "missing")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		inner := path + "." + name
		if p := s.Properties[name]; p != nil {
			if p.ReadOnly {
				v.add(inner, object[name], "is read-only")
				continue
			}
			v.value(p, inner, object[name])
			continue
		}
		switch rest := s.AdditionalProperties.(type) {
		case *huma.Schema:
			v.value(rest, inner, object[name])
		case bool:
			if !rest {
				v.unknown(s, inner, name)
			}
		}
	}
}

func (v *validator) unknown(s *huma.Schema, path, name string) {
	names := slices.Sorted(maps.Keys(s.Properties))
	if len(names) > 0 && len(names) <= 60 {
		v.add(path, nil, "unknown field%s; allowed are %s", config.DidYouMean(name, names), strings.Join(names, ", "))
		return
	}
	v.add(path, nil, "unknown field%s", config.DidYouMean(name, names))
}

func (v *validator) list(s *huma.Schema, path string, list []any) {
	if s.MinItems != nil && len(list) < *s.MinItems {
		v.add(path, nil, "must have at least %d entries, found %d", *s.MinItems, len(list))
	}
	if s.MaxItems != nil && len(list) > *s.MaxItems {
		v.add(path, nil, "must have at most %d entries, found %d", *s.MaxItems, len(list))
		return
	}
	first := map[string]int{}
	for i, item := range list {
		inner := path + "[" + strconv.Itoa(i) + "]"
		v.value(s.Items, inner, item)
		text, ok := item.(string)
		if at, twice := first[text]; ok && twice && s.UniqueItems {
			v.add(inner, item, "is given already as entry %d; keep one", at)
		}
		if ok {
			first[text] = i
		}
	}
}

func (v *validator) text(s *huma.Schema, path, text string) {
	n := utf8.RuneCountInString(text)
	if s.MaxLength != nil && n > *s.MaxLength {
		v.add(path, text, "must have at most %d characters, found %d", *s.MaxLength, n)
	}
	if s.MinLength != nil && n < *s.MinLength {
		v.add(path, text, "must have at least %d characters, found %d", *s.MinLength, n)
	}
}

func (v *validator) number(s *huma.Schema, path string, number json.Number) {
	f, err := number.Float64()
	switch {
	case err != nil || math.IsInf(f, 0):
		v.add(path, number, "is out of range")
	case s.Minimum != nil && f < *s.Minimum:
		v.add(path, number, "must be at least %v", *s.Minimum)
	case s.Maximum != nil && f > *s.Maximum:
		v.add(path, number, "must be at most %v", *s.Maximum)
	}
}
