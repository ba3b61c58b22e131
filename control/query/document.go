package query

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/money"
)

var amountType = reflect.TypeFor[money.Amount]()

// Add adds the fields of a struct type as its json tags name them, with those
// of inner structs and of lists of structs. Maps and values without a type are
// left out. of gets the struct out of an item.
func (f Fields[T]) Add(t reflect.Type, of func(T) reflect.Value) { f.add("", t, nil, of) }

func (f Fields[T]) add(prefix string, t reflect.Type, path []int, of func(T) reflect.Value) {
	for _, sf := range reflect.VisibleFields(t) {
		if sf.Anonymous || !sf.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		f.addField(prefix+name, sf, append(slices.Clone(path), sf.Index...), of)
	}
}

func (f Fields[T]) addField(name string, sf reflect.StructField, path []int, of func(T) reflect.Value) {
	t := sf.Type
	nullable := t.Kind() == reflect.Pointer
	if nullable {
		t = t.Elem()
	}
	if t == amountType {
		f[name] = Field[T]{Type: Money, Get: valueAt(path, of, reflect.Value.Interface), Nullable: nullable}
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		f.add(name+".", t, path, of)
	case reflect.String:
		if sf.Tag.Get("format") == "date-time" {
			f[name] = Field[T]{Type: Time, Get: timeAt(path, of), Nullable: true}
			return
		}
		get := textAt(path, of)
		f[name] = Field[T]{Type: String, Get: func(item T) any { return get(item) }, Nullable: nullable, text: get}
	case reflect.Bool:
		f[name] = Field[T]{Type: Boolean, Get: valueAt(path, of, func(v reflect.Value) any { return v.Bool() }), Nullable: nullable}
	case reflect.Int, reflect.Int64:
		f[name] = Field[T]{Type: Integer, Get: valueAt(path, of, func(v reflect.Value) any { return v.Int() }), Nullable: nullable}
	case reflect.Float64:
		f[name] = Field[T]{Type: Number, Get: valueAt(path, of, func(v reflect.Value) any { return v.Float() }), Nullable: nullable}
	case reflect.Slice:
		f.addList(name, t.Elem(), path, of)
	}
}

// addList adds a list of texts, or the texts of each struct in a list.
func (f Fields[T]) addList(name string, of reflect.Type, path []int, item func(T) reflect.Value) {
	switch of.Kind() {
	case reflect.String:
		f[name] = Field[T]{Type: Strings, Get: valueAt(path, item, func(v reflect.Value) any { return texts(v, nil) })}
	case reflect.Struct:
		for _, sf := range reflect.VisibleFields(of) {
			inner, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
			if sf.Type.Kind() == reflect.String {
				f[name+"."+inner] = Field[T]{Type: Strings, Get: valueAt(path, item, func(v reflect.Value) any { return texts(v, sf.Index) })}
			}
		}
	}
}

// texts are those of a list, or of a field of each struct in it.
func texts(v reflect.Value, field []int) []string {
	list := make([]string, v.Len())
	for i := range list {
		text, _ := at(v.Index(i), field)
		list[i] = text.String()
	}
	return list
}

// at follows the indexes of fields from a struct through inner ones; false
// when a pointer on the way is nil.
func at(v reflect.Value, path []int) (reflect.Value, bool) {
	for _, i := range path {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	if v.Kind() == reflect.Pointer {
		return v.Elem(), !v.IsNil()
	}
	return v, true
}

func valueAt[T any](path []int, of func(T) reflect.Value, get func(reflect.Value) any) func(T) any {
	return func(item T) any {
		if v, ok := at(of(item), path); ok {
			return get(v)
		}
		return nil
	}
}

func textAt[T any](path []int, of func(T) reflect.Value) func(T) string {
	return func(item T) string {
		if v, ok := at(of(item), path); ok {
			return v.String()
		}
		return ""
	}
}

func timeAt[T any](path []int, of func(T) reflect.Value) func(T) any {
	get := textAt(path, of)
	return func(item T) any {
		if t, err := time.Parse(time.RFC3339, get(item)); err == nil {
			return t
		}
		return nil
	}
}
