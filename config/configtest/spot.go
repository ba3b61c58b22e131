package configtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/money"
)

// spot is a value in a document.
type spot struct {
	// path leads there, as problems write it.
	path string
	// field is the name of the innermost field, also of the entries of its
	// list.
	field string
	tag   reflect.StructTag
	// typ is the value's Go type; optional tells a pointer.
	typ      reflect.Type
	optional bool
	value    any
	// set replaces the value, remove takes a member out of its object.
	set    func(any)
	remove func()
}

var (
	rawType    = reflect.TypeFor[config.Raw]()
	amountType = reflect.TypeFor[money.Amount]()
)

// spotsOf lists all values of a document.
func spotsOf(d config.Document, root map[string]any) []spot {
	var all []spot
	walk(spot{typ: reflect.TypeOf(d), value: root}, func(s spot) { all = append(all, s) })
	return all
}

func walk(s spot, visit func(spot)) {
	if s.typ.Kind() == reflect.Pointer {
		s.typ, s.optional = s.typ.Elem(), s.path != ""
	}
	visit(s)
	if s.typ == rawType {
		return
	}
	switch value := s.value.(type) {
	case map[string]any:
		walkObject(s, value, visit)
	case []any:
		for i := range value {
			walk(spot{
				path: fmt.Sprintf("%s[%d]", s.path, i), field: s.field, tag: s.tag, typ: s.typ.Elem(), value: value[i],
				set: func(v any) { value[i] = v },
			}, visit)
		}
	}
}

func walkObject(s spot, object map[string]any, visit func(spot)) {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		member := spot{
			path: join(s.path, name), field: name, value: object[name],
			set:    func(v any) { object[name] = v },
			remove: func() { delete(object, name) },
		}
		if s.typ.Kind() == reflect.Map {
			member.typ = s.typ.Elem()
		} else {
			f := fieldOf(s.typ, name)
			member.typ, member.tag = f.Type, f.Tag
		}
		walk(member, visit)
	}
}

func fieldOf(t reflect.Type, name string) reflect.StructField {
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f
		}
	}
	panic(fmt.Sprintf("BUG: %s has no field %s", t, name))
}

// join writes a path as problems do.
func join(path, name string) string {
	plain := name != "" && strings.IndexFunc(name, func(c rune) bool {
		return c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}) < 0
	switch {
	case !plain:
		return path + "[" + strconv.Quote(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

// unmarshal keeps numbers as they are written.
func unmarshal(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return dec.Decode(into)
}
