package query

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/money"
)

// condition is one filter.
type condition[T any] struct {
	name string
	get  func(T) any
	op   string
	want []any
}

func newCondition[T any](name, op string, get func(T) any, want []any) condition[T] {
	if op == "match" {
		want = []any{strings.ToLower(want[0].(string))}
	}
	return condition[T]{name, get, op, want}
}

func (c *condition[T]) holds(item T) bool {
	have := c.get(item)
	list, ok := have.([]string)
	switch {
	case !ok:
		return c.holdsFor(have)
	case c.op == "ne":
		return !slices.Contains(list, c.want[0].(string))
	}
	return slices.ContainsFunc(list, func(entry string) bool { return c.holdsFor(entry) })
}

// holdsFor compares one value. What is unset equals null only, and is neither
// more nor less than anything.
func (c *condition[T]) holdsFor(have any) bool {
	switch c.op {
	case "eq", "eq_n":
		return compare(have, c.want[0]) == 0
	case "ne":
		return compare(have, c.want[0]) != 0
	case "in":
		return slices.ContainsFunc(c.want, func(want any) bool { return compare(have, want) == 0 })
	}
	if have == nil {
		return false
	}
	n := 0
	if c.op != "match" {
		n = compare(have, c.want[0])
	}
	switch c.op {
	case "gt":
		return n > 0
	case "gte":
		return n >= 0
	case "lt":
		return n < 0
	case "lte":
		return n <= 0
	}
	return strings.Contains(strings.ToLower(have.(string)), c.want[0].(string))
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
		return strings.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case money.Amount:
		return a.Cmp(b.(money.Amount))
	case bool:
		return compareBool(a, b.(bool))
	case time.Time:
		return a.Compare(b.(time.Time))
	}
	return slices.Compare(a.([]string), b.([]string))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
