package configtest

import (
	"encoding/json"
	"reflect"
	"strings"
)

// shapeSorts are mistakes that a strict decoder finds.
var shapeSorts = []func(*copied) (Mistake, bool){
	wrongType, wrongType, null, unknownField, unknownSetting, fraction, tooLarge,
}

func isRaw(s spot) bool { return s.typ == rawType }

// wrongTypes are values of types other than the one of a kind.
var wrongTypes = map[reflect.Kind][]any{
	reflect.String:  {json.Number("17"), true, []any{"x"}, map[string]any{"x": 1}},
	reflect.Bool:    {"yes", "true", json.Number("1"), []any{}},
	reflect.Int64:   {"17", true, map[string]any{}, []any{json.Number("1")}},
	reflect.Float64: {"1.5", false, []any{}},
	reflect.Slice:   {"x", map[string]any{"x": true}, json.Number("0"), true},
	reflect.Map:     {"x", []any{"x"}, json.Number("5")},
	reflect.Struct:  {"x", []any{}, json.Number("5"), false},
}

// wrongAmounts are what is no amount, though it may hold one.
var wrongAmounts = []any{"1.5", "", false, []any{json.Number("1")}, map[string]any{}}

func wrongType(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool { return s.path != "" && !isRaw(s) })
	if !ok {
		return Mistake{}, false
	}
	values := wrongTypes[s.typ.Kind()]
	if s.typ == amountType {
		values = wrongAmounts
	}
	s.set(values[c.IntN(len(values))])
	return c.mistake(s.path+" of a wrong type", s.path)
}

func null(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool { return s.path != "" && !isRaw(s) && !s.optional })
	if !ok {
		return Mistake{}, false
	}
	s.set(nil)
	return c.mistake(s.path+" null", s.path)
}

func unknownField(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool { return s.typ.Kind() == reflect.Struct && s.typ != amountType })
	if !ok {
		return Mistake{}, false
	}
	names := []string{"activ", "Name", "x", "", "id ", "naïve", "__proto__"}
	name := names[c.IntN(len(names))]
	s.value.(map[string]any)[name] = "x"
	path := join(s.path, name)
	return c.mistake(path+" unknown", path)
}

// unknownSetting is a setting that no filter has.
func unknownSetting(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool {
		_, isObject := s.value.(map[string]any)
		return isRaw(s) && isObject && (s.field == "settings" || strings.Contains(s.path, "_settings."))
	})
	if !ok {
		return Mistake{}, false
	}
	s.value.(map[string]any)["no_such_setting"] = true
	return c.mistake(s.path+".no_such_setting unknown", join(s.path, "no_such_setting"))
}

func isNumber(s spot) bool {
	return s.typ == amountType || s.typ.Kind() == reflect.Int64 || s.typ.Kind() == reflect.Float64
}

func fraction(c *copied) (Mistake, bool) {
	s, ok := c.pick(func(s spot) bool { return s.typ.Kind() == reflect.Int64 })
	if !ok {
		return Mistake{}, false
	}
	s.set(json.Number([]string{"1.5", "1e3", "0.0"}[c.IntN(3)]))
	return c.mistake(s.path+" with a fraction", s.path)
}

func tooLarge(c *copied) (Mistake, bool) {
	s, ok := c.pick(isNumber)
	if !ok {
		return Mistake{}, false
	}
	number := "9223372036854775808"
	switch {
	case s.typ == amountType:
		number = []string{"1e309", "10000000000000", "0.1234567", "1e-400"}[c.IntN(4)]
	case s.typ.Kind() == reflect.Float64:
		number = "1e309"
	}
	s.set(json.Number(number))
	return c.mistake(s.path+" too large", s.path)
}
