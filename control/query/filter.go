package query

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// condition is one filter.
type condition[T any] struct {
	name string
	get  func(T) any
	op   string
	want []any
}

// operators are those of filter[FIELD][OPERATOR]: eq is the default, eq_n the
// same for numbers, match finds a part of a text, in is any of a list with
// commas.
var operators = []string{"eq", "eq_n", "ne", "match", "gt", "gte", "lt", "lte", "in"}

// filter reads filter[field]=v, filter[field][op]=v and filter[outer.inner].
func (p *parser[T]) filter(parameter, value string) {
	rest := strings.TrimPrefix(parameter, "filter[")
	name, rest, closed := strings.Cut(rest, "]")
	op := "eq"
	if inner, ok := strings.CutPrefix(rest, "["); ok {
		op, rest, closed = strings.Cut(inner, "]")
	}
	if !closed || rest != "" {
		p.mistake(parameter, nil, "must be filter[FIELD] or filter[FIELD][OPERATOR]")
		return
	}
	f, ok := p.field(parameter, name)
	if !ok {
		return
	}
	if !slices.Contains(operators, op) {
		p.mistake(parameter, op, "unknown operator; allowed are %s", strings.Join(operators, ", "))
		return
	}
	p.condition(parameter, name, op, value, f)
}

func (p *parser[T]) condition(parameter, name, op, value string, f Field[T]) {
	c := condition[T]{name: name, get: f.Get, op: op}
	kind := f.Type
	switch {
	case op == "eq_n" && kind != Number:
		p.mistake(parameter, value, "eq_n compares numbers, and %s is a %s", name, kind)
		return
	case op == "match" && kind != String && kind != Strings:
		p.mistake(parameter, value, "match looks into texts, and %s is a %s", name, kind)
		return
	case (op == "gt" || op == "gte" || op == "lt" || op == "lte") && (kind == Boolean || kind == Strings):
		p.mistake(parameter, value, "%s needs an order, and %s is a %s", op, name, kind)
		return
	}
	texts := []string{value}
	if op == "in" {
		texts = strings.Split(value, ",")
	}
	for _, text := range texts {
		want, ok := parse(kind, text)
		if !ok {
			p.mistake(parameter, text, "must be a %s", kind)
			return
		}
		c.want = append(c.want, want)
	}
	p.q.filters = append(p.q.filters, c)
}

// parse reads a value of a field's type.
func parse(kind Type, text string) (any, bool) {
	switch kind {
	case Number:
		n, err := strconv.ParseFloat(text, 64)
		return n, err == nil && n == n
	case Boolean:
		return text == "true", text == "true" || text == "false"
	case Time:
		for _, layout := range []string{time.RFC3339Nano, time.DateTime, time.DateOnly} {
			if t, err := time.Parse(layout, text); err == nil {
				return t, true
			}
		}
		return nil, false
	}
	return text, true
}

func (c *condition[T]) holds(item T) bool {
	have := c.get(item)
	if list, ok := have.([]string); ok {
		return c.holdsForAny(list)
	}
	return c.holdsFor(have)
}

// holdsForAny tells whether an entry of a list fits, or for ne whether none is
// the value.
func (c *condition[T]) holdsForAny(list []string) bool {
	for _, entry := range list {
		if fits := c.holdsFor(entry); fits != (c.op == "ne") {
			return fits
		}
	}
	return c.op == "ne"
}

func (c *condition[T]) holdsFor(have any) bool {
	switch c.op {
	case "match":
		s, _ := have.(string)
		return strings.Contains(strings.ToLower(s), strings.ToLower(c.want[0].(string)))
	case "in":
		return slices.ContainsFunc(c.want, func(want any) bool { return same(have, want) })
	case "ne":
		return !same(have, c.want[0])
	case "eq", "eq_n":
		return same(have, c.want[0])
	}
	if have == nil {
		return false
	}
	n := compare(have, c.want[0])
	switch c.op {
	case "gt":
		return n > 0
	case "gte":
		return n >= 0
	case "lt":
		return n < 0
	}
	return n <= 0
}

// same compares; what is unset equals the zero value of its type.
func same(have, want any) bool {
	if have == nil {
		switch want := want.(type) {
		case bool:
			return !want
		case string:
			return want == ""
		}
		return false
	}
	return compare(have, want) == 0
}

// compare orders two values of one type; what is unset comes first.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	switch a := a.(type) {
	case string:
		b, _ := b.(string)
		return strings.Compare(a, b)
	case float64:
		b, _ := b.(float64)
		return cmp.Compare(a, b)
	case bool:
		b, _ := b.(bool)
		return cmp.Compare(rank(a), rank(b))
	case time.Time:
		b, _ := b.(time.Time)
		return a.Compare(b)
	case []string:
		b, _ := b.([]string)
		return slices.Compare(a, b)
	}
	return 0
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}
