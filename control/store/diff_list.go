package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// lists compares two lists: entries that can be told apart by what they are,
// all others by where they stand, secrets not at all.
func (d *differ) lists(path string, was, is []any, hidden bool) {
	if slices.EqualFunc(was, is, func(a, b any) bool { return text(a) == text(b) }) {
		return
	}
	if hidden {
		d.add(path, was, is, hidden)
		return
	}
	if scalars(was) && scalars(is) {
		d.values(path, was, is)
		return
	}
	if name := naming(was, is); name != nil {
		d.named(path, entries(was, name), entries(is, name))
		return
	}
	for i := range max(len(was), len(is)) {
		d.compare(fmt.Sprintf("%s[%d]", path, i), item(was, i), item(is, i), false)
	}
}

func item(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return absent{}
}

func scalars(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		switch v.(type) {
		case map[string]any, []any:
			return true
		}
		return false
	})
}

// values tells which entries came and which went, with their places, or shows
// both lists where entries moved.
func (d *differ) values(path string, was, is []any) {
	removed, kept := without(was, is)
	added, keptToo := without(is, was)
	if !slices.EqualFunc(kept, keptToo, func(a, b int) bool { return text(was[a]) == text(is[b]) }) {
		d.add(path, was, is, false)
		return
	}
	for _, i := range removed {
		d.add(fmt.Sprintf("%s[%d]", path, i), was[i], absent{}, false)
	}
	for _, i := range added {
		d.add(fmt.Sprintf("%s[%d]", path, i), absent{}, is[i], false)
	}
}

// without splits the places of a list into those of entries that the other
// list lacks and the rest. An entry given twice needs two others.
func without(list, other []any) (lacking, rest []int) {
	count := make(map[string]int, len(other))
	for _, v := range other {
		count[text(v)]++
	}
	for i, v := range list {
		if count[text(v)]--; count[text(v)] < 0 {
			lacking = append(lacking, i)
		} else {
			rest = append(rest, i)
		}
	}
	return lacking, rest
}

// namings are the fields that tell the objects of a list apart, in the order
// in which they are tried.
var namings = [][]string{{"type"}, {"type", "target"}, {"id"}, {"name"}}

// naming returns the first of namings that tells the entries of both lists
// apart; nil when none does.
func naming(was, is []any) []string {
	for _, fields := range namings {
		if distinct(was, fields) && distinct(is, fields) {
			return fields
		}
	}
	return nil
}

func distinct(list []any, fields []string) bool {
	seen := make(map[string]bool, len(list))
	for _, v := range list {
		name := nameBy(v, fields)
		if name == "" || seen[name] {
			return false
		}
		seen[name] = true
	}
	return true
}

// nameBy is the entry's name: "BOT" or "BOT click"; empty where a field is
// missing.
func nameBy(v any, fields []string) string {
	object, _ := v.(map[string]any)
	names := make([]string, len(fields))
	for i, field := range fields {
		switch value := object[field].(type) {
		case string:
			names[i] = printable(value)
		case json.Number:
			names[i] = value.String()
		default:
			return ""
		}
	}
	return strings.TrimSpace(strings.Join(names, " "))
}

// list is a list of objects that have names.
type list struct {
	names  []string
	byName map[string]any
}

func entries(values []any, fields []string) list {
	l := list{byName: make(map[string]any, len(values))}
	for _, v := range values {
		name := nameBy(v, fields)
		l.names = append(l.names, name)
		l.byName[name] = v
	}
	return l
}

// named compares the entries of the same name, and then their order.
func (d *differ) named(path string, was, is list) {
	var expected []string
	for _, name := range was.names {
		d.compare(path+"["+name+"]", was.byName[name], member(is.byName, name), false)
		if _, kept := is.byName[name]; kept {
			expected = append(expected, name)
		}
	}
	for _, name := range is.names {
		if _, old := was.byName[name]; !old {
			d.add(path+"["+name+"]", absent{}, is.byName[name], false)
			expected = append(expected, name)
		}
	}
	if !slices.Equal(expected, is.names) {
		d.found = append(d.found, FieldChange{
			Path: path + " (order)", Old: strings.Join(was.names, ", "), New: strings.Join(is.names, ", "),
		})
	}
}
