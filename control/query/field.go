// Package query runs the lists of the control API: filters, text search, sort
// order, pages and the choice of fields, as the documents describe them.
package query

import "time"

// Type is what a field is compared as.
type Type string

// The types, as messages name them.
const (
	String  Type = "string"
	Integer Type = "whole number"
	Number  Type = "number"
	// Money is a number too, compared digit by digit.
	Money   Type = "money amount"
	Boolean Type = "boolean"
	Time    Type = "time"
	// Strings is a list of texts. A filter holds when it holds for one of
	// them; ne when none is the value.
	Strings Type = "list of strings"
)

// Field is something to filter and sort by.
type Field[T any] struct {
	Type Type
	// Get returns a string, int64, float64, money.Amount, bool, time.Time or
	// []string, as Type says, or nil when the field is unset. It must not keep the item.
	Get func(T) any
	// Nullable says that the field may be unset and that filters may ask for
	// that with the value null.
	Nullable bool
	// text is Get for texts, without the allocation of an interface.
	text func(T) string
}

// Fields are those of one resource, by the names that queries use; dots reach
// inner ones. Who shares them must not change them.
type Fields[T any] map[string]Field[T]

// Computed adds a field that is looked up. sample tells its type; fields of
// other types than Get may return cannot be filtered by and are left out.
func (f Fields[T]) Computed(name string, sample any, get func(T) any) {
	switch sample.(type) {
	case string:
		f[name] = Field[T]{Type: String, Get: only[string](get)}
	case bool:
		f[name] = Field[T]{Type: Boolean, Get: only[bool](get)}
	case int64:
		f[name] = Field[T]{Type: Integer, Get: only[int64](get)}
	case float64:
		f[name] = Field[T]{Type: Number, Get: only[float64](get)}
	case time.Time:
		f[name] = Field[T]{Type: Time, Get: only[time.Time](get)}
	case []string:
		f[name] = Field[T]{Type: Strings, Get: only[[]string](get)}
	}
}

// only lets values of one type through and takes others for unset.
func only[V, T any](get func(T) any) func(T) any {
	return func(item T) any {
		if v, ok := get(item).(V); ok {
			return v
		}
		return nil
	}
}
