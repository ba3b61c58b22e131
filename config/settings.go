package config

import (
	"fmt"
	"reflect"
)

// DecodeSettings decodes a JSON value strictly into what into points to, by
// json tags, and returns all mistakes at once with paths relative to the
// value. Unknown fields, duplicate keys, wrong types, fractions of whole
// numbers and null for what is not a pointer are mistakes.
//
// Fields that raw does not name keep what the caller preset; so does
// everything when raw is empty or null. Lists, maps and pointers are replaced
// whole. With mistakes, into may be partly filled.
//
// Structs, pointers, lists, maps with string keys, strings, booleans, whole
// numbers, float64, money.Amount and Raw can be decoded into. Another type, or a field
// without a json tag, is a bug of the caller and panics.
func DecodeSettings(raw Raw, into any) Problems {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		panic(fmt.Sprintf("BUG: settings must be decoded into a pointer, not %T", into))
	}
	if len(raw) == 0 {
		return nil
	}
	n, problem := parseJSON(raw)
	if problem != nil {
		return Problems{{Message: problem.Message}}
	}
	if n.kind == nullNode {
		return nil
	}
	var r report
	codecOf(target.Type().Elem()).decode(&r, &n, target.Elem())
	for i := range r.problems {
		r.problems[i].Line = 0 // a line within the settings would mislead
	}
	return r.problems.sorted()
}
