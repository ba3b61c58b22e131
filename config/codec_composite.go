package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// pointerCodec is an optional value: null and absent are nil.
type pointerCodec struct{ elem codec }

func (c pointerCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind == nullNode {
		into.SetZero()
		return
	}
	value := reflect.New(into.Type().Elem())
	c.elem.decode(r, n, value.Elem())
	into.Set(value)
}

func (c pointerCodec) encode(b []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(b, "null"...), nil
	}
	return c.elem.encode(b, v.Elem())
}

func (pointerCodec) empty(v reflect.Value) bool { return v.IsNil() }

// listCodec reads an empty list as nil, so that equal documents are equal
// values.
type listCodec struct{ elem codec }

func (c listCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind != listNode {
		r.wrong(n, "a list")
		return
	}
	if len(n.items) == 0 {
		into.SetZero()
		return
	}
	list := reflect.MakeSlice(into.Type(), len(n.items), len(n.items))
	for i := range n.items {
		r.enterIndex(i)
		c.elem.decode(r, &n.items[i], list.Index(i))
		r.leave()
	}
	into.Set(list)
}

func (c listCodec) encode(b []byte, v reflect.Value) (_ []byte, err error) {
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = c.elem.encode(b, v.Index(i)); err != nil {
			return b, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return append(b, ']'), nil
}

func (listCodec) empty(v reflect.Value) bool { return v.Len() == 0 }

// mapCodec reads an empty map as nil. Keys are strings.
type mapCodec struct{ elem codec }

func (c mapCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind != objectNode {
		r.wrong(n, "an object")
		return
	}
	if len(n.items) == 0 {
		into.SetZero()
		return
	}
	t := into.Type()
	m := reflect.MakeMapWithSize(t, len(n.items))
	for i := range n.items {
		item := &n.items[i]
		key := reflect.ValueOf(item.name).Convert(t.Key())
		r.enter(item.name)
		if m.MapIndex(key).IsValid() {
			r.duplicate(item)
		}
		value := reflect.New(t.Elem()).Elem()
		c.elem.decode(r, item, value)
		m.SetMapIndex(key, value)
		r.leave()
	}
	into.Set(m)
}

func (c mapCodec) encode(b []byte, v reflect.Value) (_ []byte, err error) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	b = append(b, '{')
	for i, key := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = encodeString(b, key.String()); err != nil {
			return b, err
		}
		if b, err = c.elem.encode(append(b, ':'), v.MapIndex(key)); err != nil {
			return b, fmt.Errorf("%s: %w", key, err)
		}
	}
	return append(b, '}'), nil
}

func (mapCodec) empty(v reflect.Value) bool { return v.Len() == 0 }

// maxFields is more than any struct here has; see structCodec.decode.
const maxFields = 128

type structCodec struct {
	fields []field
	byName map[string]int
	names  []string
}

type field struct {
	name  string
	index []int
	// optional fields are left out when they are empty.
	optional bool
	codec    codec
}

func newStructCodec(t reflect.Type) *structCodec {
	c := &structCodec{byName: map[string]int{}}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			panic(fmt.Sprintf("BUG: field %s of %s has no json tag", f.Name, t))
		}
		c.byName[name] = len(c.fields)
		c.names = append(c.names, name)
		c.fields = append(c.fields, field{name, f.Index, options != "", codecOf(f.Type)})
	}
	if len(c.fields) > maxFields || len(c.byName) != len(c.fields) {
		panic(fmt.Sprintf("BUG: %s has more than %d fields or a json tag twice", t, maxFields))
	}
	return c
}

func (c *structCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind != objectNode {
		r.wrong(n, "an object")
		return
	}
	var seen [maxFields]bool
	for i := range n.items {
		item := &n.items[i]
		r.enter(item.name)
		at, known := c.byName[item.name]
		switch {
		case !known:
			r.add(int(item.line), "unknown field%s", DidYouMean(item.name, c.names))
		case seen[at]:
			r.duplicate(item)
		default:
			seen[at] = true
			f := &c.fields[at]
			f.codec.decode(r, item, into.FieldByIndex(f.index))
		}
		r.leave()
	}
}

func (c *structCodec) encode(b []byte, v reflect.Value) (_ []byte, err error) {
	b = append(b, '{')
	start := len(b)
	for i := range c.fields {
		f := &c.fields[i]
		value := v.FieldByIndex(f.index)
		if f.optional && f.codec.empty(value) {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = append(appendString(b, f.name), ':')
		if b, err = f.codec.encode(b, value); err != nil {
			return b, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return append(b, '}'), nil
}

// empty is true when nothing would be written, so that an absent object and
// one of empty lists are the same.
func (c *structCodec) empty(v reflect.Value) bool {
	for i := range c.fields {
		f := &c.fields[i]
		if !f.optional || !f.codec.empty(v.FieldByIndex(f.index)) {
			return false
		}
	}
	return true
}
