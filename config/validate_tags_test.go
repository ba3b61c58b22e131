package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/money"
)

// TestTagsAreEnforced puts values within and beyond the limits that the tags
// enum, minimum, maximum and maxLength state into every field that has them,
// and wants Validate to draw the line where the tags do: the API publishes the
// tags.
func TestTagsAreEnforced(t *testing.T) {
	cases := 0
	for _, base := range []*Set{validSet(t), accountSet(t)} {
		seen := map[Kind]bool{}
		for d := range base.All() {
			if seen[d.Key().Kind] {
				continue // the first of a kind is the one with most fields
			}
			seen[d.Key().Kind] = true
			for i := range countTagged(t, d) {
				cases += checkTagged(t, base, d, i)
			}
		}
	}
	if cases < 250 {
		t.Errorf("only %d values were tried: the walk misses fields", cases)
	}
}

func countTagged(t *testing.T, d Document) (n int) {
	walkTagged(reflect.ValueOf(copyOf(t, d)).Elem(), "", func(string, reflect.StructTag, reflect.Value) { n++ })
	return n
}

// checkTagged tries all values for the field number i of d and returns how
// many they were.
func checkTagged(t *testing.T, base *Set, d Document, i int) (tried int) {
	try := func(index int) (more bool) {
		changed := copyOf(t, d)
		at := 0
		walkTagged(reflect.ValueOf(changed).Elem(), "", func(path string, tag reflect.StructTag, field reflect.Value) {
			if at++; at != i+1 {
				return
			}
			values := valuesOf(t, path, tag, field.Type())
			if more = index < len(values); !more {
				return
			}
			value := values[index]
			field.Set(value.value)
			if field.Kind() == reflect.Slice {
				path += "[0]"
			}
			wanted := d.Key().String() + ": " + path
			problems := base.With([]Document{changed}, nil).Validate(testChecks)
			found := slices.ContainsFunc(problems, func(p Problem) bool { return p.Path == wanted })
			if found == value.good {
				t.Errorf("%s: %v is within its tags: %t, but Validate says %v", wanted, value.value, value.good, problems)
			}
			tried++
		})
		return more
	}
	for index := 0; try(index); index++ {
	}
	return tried
}

// walkTagged visits all fields below v that have limits. It gives nil pointers
// and empty lists and maps of structs one element on the way.
func walkTagged(v reflect.Value, path string, visit func(path string, tag reflect.StructTag, field reflect.Value)) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() {
			continue
		}
		field, here := v.FieldByIndex(f.Index), joinPath(path, name)
		if len(limitsOf(f.Tag)) > 0 {
			visit(here, f.Tag, field)
			continue
		}
		walkStructs(field, here, visit)
	}
}

func walkStructs(v reflect.Value, path string, visit func(path string, tag reflect.StructTag, field reflect.Value)) {
	switch {
	case v.Kind() == reflect.Struct:
		walkTagged(v, path, visit)
	case v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		walkTagged(v.Elem(), path, visit)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		walkTagged(v.Index(0), path+"[0]", visit)
	case v.Kind() == reflect.Map && v.Type().Elem().Kind() == reflect.Struct:
		element := reflect.New(v.Type().Elem()).Elem()
		walkTagged(element, path+".x", func(path string, tag reflect.StructTag, field reflect.Value) {
			visit(path, tag, field)
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(reflect.ValueOf("x").Convert(v.Type().Key()), element)
		})
	}
}

func limitsOf(tag reflect.StructTag) (names []string) {
	for _, name := range []string{"enum", "minimum", "maximum", "maxLength"} {
		if _, has := tag.Lookup(name); has {
			names = append(names, name)
		}
	}
	return names
}

type taggedValue struct {
	value reflect.Value
	good  bool
}

// valuesOf are values of a type on both sides of each limit.
func valuesOf(t *testing.T, path string, tag reflect.StructTag, of reflect.Type) (values []taggedValue) {
	t.Helper()
	add := func(value any, good bool) {
		v := reflect.ValueOf(value)
		if n, ok := value.(int); ok && of == amountType {
			v = reflect.ValueOf(money.New(int64(n), 0))
		}
		if of.Kind() == reflect.Slice {
			list := reflect.MakeSlice(of, 1, 1)
			list.Index(0).Set(v.Convert(of.Elem()))
			v = list
		}
		values = append(values, taggedValue{v.Convert(of), good})
	}
	for _, name := range limitsOf(tag) {
		text := tag.Get(name)
		if name == "enum" {
			// A default list fixes the target of its filters by itself.
			isFixed := strings.HasPrefix(path, "default_") && strings.HasSuffix(path, ".target")
			for allowed := range strings.SplitSeq(text, ",") {
				if !isFixed {
					add(allowed, true)
				}
			}
			add("no such value", false)
			add(strings.Split(text, ",")[0]+" ", false)
			continue
		}
		limit, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%s: %s is no number: %v", path, name, err)
		}
		switch name {
		case "minimum":
			add(limit, true)
			add(limit-1, false)
		case "maximum":
			add(limit, true)
			add(limit+1, false)
		case "maxLength":
			add(textOf(tag, limit), true)
			add(textOf(tag, limit+1), false)
		}
	}
	return values
}

// textOf is a text of n characters in the format of a field.
func textOf(tag reflect.StructTag, n int) string {
	end := ""
	if tag.Get("format") == "email" {
		end = "@example.com"
	}
	return strings.Repeat("x", n-len(end)) + end
}

func copyOf(t *testing.T, d Document) Document {
	t.Helper()
	text, err := Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	c, problems := DecodeDocument(d.Key().Kind, text)
	if problems != nil {
		t.Fatal(fmt.Errorf("%s does not read back: %w", d.Key(), problems))
	}
	return c
}
