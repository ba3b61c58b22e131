package query

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/money"
)

// operators are those of filter[FIELD][OPERATOR]: eq is the default, eq_n the
// same for numbers, match finds a part of a text whatever the case, in is any
// of a list with commas.
var operators = []string{"eq", "eq_n", "ne", "match", "gt", "gte", "lt", "lte", "in"}

// filter reads filter[field]=v, filter[field][op]=v and filter[outer.inner].
func (p *parser[T]) filter(parameter, value string) {
	name, op, ok := cutFilter(parameter)
	if !ok {
		p.mistake(parameter, nil, "must be filter[FIELD] or filter[FIELD][OPERATOR]")
		return
	}
	f, ok := p.field(parameter, name)
	if !ok {
		return
	}
	if reason := refuse(f.Type, op); reason != "" {
		p.mistake(parameter, op, "%s", reason)
		return
	}
	if len(p.q.filters) == mostFilters {
		p.mistake(parameter, nil, "must not come after %d other filters", mostFilters)
		return
	}
	if want, ok := p.values(parameter, op, value, f); ok {
		p.q.filters = append(p.q.filters, newCondition(name, op, f.Get, want))
	}
}

func cutFilter(parameter string) (name, op string, ok bool) {
	name, rest, ok := strings.Cut(strings.TrimPrefix(parameter, "filter["), "]")
	op = "eq"
	if inner, more := strings.CutPrefix(rest, "["); more {
		op, rest, ok = strings.Cut(inner, "]")
	}
	return name, op, ok && rest == ""
}

// refuse says why an operator does not work on a type; empty when it does.
func refuse(kind Type, op string) string {
	switch op {
	case "eq_n":
		if kind != Integer && kind != Number && kind != Money {
			return "eq_n compares numbers, and this is a " + string(kind)
		}
	case "match":
		if kind != String && kind != Strings {
			return "match looks into texts, and this is a " + string(kind)
		}
	case "gt", "gte", "lt", "lte":
		if kind == Boolean || kind == Strings {
			return op + " needs an order, and this is a " + string(kind)
		}
	default:
		if !slices.Contains(operators, op) {
			return "unknown operator; allowed are " + strings.Join(operators, ", ")
		}
	}
	return ""
}

// values reads what a filter compares with.
func (p *parser[T]) values(parameter, op, value string, f Field[T]) ([]any, bool) {
	texts := []string{value}
	if op == "in" {
		texts = strings.Split(value, ",")
	}
	if len(texts) > mostValues {
		p.mistake(parameter, value, "must have at most %d values, found %d", mostValues, len(texts))
		return nil, false
	}
	var want []any
	for _, text := range texts {
		if f.Nullable && text == "null" && (op == "eq" || op == "ne" || op == "in") {
			want = append(want, nil)
			continue
		}
		v, allowed := parse(f.Type, text)
		if v == nil {
			p.mistake(parameter, text, "must be %s", allowed)
			return nil, false
		}
		want = append(want, v)
	}
	return want, true
}

// parse reads a value of a type; nil when it is none, with what is allowed.
func parse(kind Type, text string) (value any, allowed string) {
	switch kind {
	case Integer:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, ""
		}
		return nil, "a whole number such as 7"
	case Number:
		if n, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
			return n, ""
		}
		return nil, "a number such as 7 or 0.5"
	case Money:
		if amount, err := money.Parse(text); err == nil && json.Valid([]byte(text)) {
			return amount, ""
		}
		return nil, "an amount such as 7 or 0.5, with at most 6 decimals"
	case Boolean:
		if text == "true" || text == "false" {
			return text == "true", ""
		}
		return nil, "true or false"
	case Time:
		for _, layout := range []string{time.RFC3339Nano, time.DateTime, time.DateOnly} {
			if t, err := time.Parse(layout, text); err == nil {
				return t, ""
			}
		}
		return nil, "a time such as 2026-01-31T12:00:00Z, 2026-01-31 12:00:00 or 2026-01-31, in UTC unless it says another zone"
	}
	return text, ""
}
