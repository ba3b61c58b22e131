// Package query runs the lists of the control API: filters, text search, sort
// order, pages and the choice of fields, as the documents describe them.
package query

import (
	"reflect"
	"strings"
	"time"
)

// Type is what a field is compared as.
type Type string

// The types.
const (
	String  Type = "string"
	Number  Type = "number"
	Boolean Type = "boolean"
	Time    Type = "time"
	// Strings is a list that matches by its entries.
	Strings Type = "list of strings"
)

// Field is something to filter and sort by.
type Field[T any] struct {
	Type Type
	// Get returns a string, float64, bool, time.Time or []string.
	Get func(T) any
}

// Fields are those of one resource, by the names that queries use; dots reach
// inner ones.
type Fields[T any] map[string]Field[T]

// Add adds the fields of a struct type, as its json tags name them. of gets
// the struct out of an item.
func (f Fields[T]) Add(t reflect.Type, of func(T) reflect.Value) { f.add("", t, nil, of) }

func (f Fields[T]) add(prefix string, t reflect.Type, index []int, of func(T) reflect.Value) {
	for _, sf := range reflect.VisibleFields(t) {
		if sf.Anonymous || !sf.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		path := append(append([]int(nil), index...), sf.Index...)
		if sf.Type.Kind() == reflect.Struct {
			f.add(prefix+name+".", sf.Type, path, of)
			continue
		}
		if kind, ok := typeOf(sf.Type); ok {
			f[prefix+name] = Field[T]{Type: kind, Get: getter(path, of)}
		}
	}
}

func typeOf(t reflect.Type) (Type, bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return String, true
	case reflect.Bool:
		return Boolean, true
	case reflect.Int, reflect.Int64, reflect.Float64:
		return Number, true
	case reflect.Slice:
		return Strings, t.Elem().Kind() == reflect.String
	}
	return "", false
}

func getter[T any](index []int, of func(T) reflect.Value) func(T) any {
	return func(item T) any {
		v := of(item).FieldByIndex(index)
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return nil
			}
			v = v.Elem()
		}
		switch v.Kind() {
		case reflect.String:
			return v.String()
		case reflect.Bool:
			return v.Bool()
		case reflect.Int, reflect.Int64:
			return float64(v.Int())
		case reflect.Float64:
			return v.Float()
		case reflect.Slice:
			list := make([]string, v.Len())
			for i := range list {
				list[i] = v.Index(i).String()
			}
			return list
		}
		return nil
	}
}

// Computed adds a field that is looked up.
func (f Fields[T]) Computed(name string, sample any, get func(T) any) {
	switch sample.(type) {
	case string:
		f[name] = Field[T]{String, get}
	case bool:
		f[name] = Field[T]{Boolean, get}
	case int64:
		f[name] = Field[T]{Number, func(item T) any { n, _ := get(item).(int64); return float64(n) }}
	case int:
		f[name] = Field[T]{Number, func(item T) any { n, _ := get(item).(int); return float64(n) }}
	case time.Time:
		f[name] = Field[T]{Time, get}
	}
}
