package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Row is one event as a consumer reads it.
type Row struct {
	Kind Kind
	// Line is the JSON object without the line feed.
	Line []byte

	fields map[string]json.RawMessage
}

// DecodeRow reads one line. The row keeps line.
func DecodeRow(kind Kind, line []byte) (Row, error) {
	r := Row{Kind: kind, Line: bytes.TrimSuffix(line, []byte("\n"))}
	if err := json.Unmarshal(r.Line, &r.fields); err != nil {
		return Row{}, fmt.Errorf("decode %s row: %w", kind, err)
	}
	return r, nil
}

// Text returns a field's value as text: a string without its quotes, a number
// as written, the texts of a list with commas between them. It is empty for a
// field the row does not have. Lists inside an object are named with a dot:
// "extra_params.keys".
func (r Row) Text(field string) string {
	raw, ok := r.fields[field]
	if ok {
		return text(raw)
	}
	outer, inner, found := strings.Cut(field, ".")
	if !found {
		return ""
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(r.fields[outer], &object) != nil {
		return ""
	}
	return text(object[inner])
}

// Matches tells whether a field has the given value. A list matches when one
// of its items is the value.
func (r Row) Matches(field, value string) bool {
	have := r.Text(field)
	if have == value {
		return true
	}
	var list []json.RawMessage
	if json.Unmarshal(r.fields[field], &list) != nil {
		return false
	}
	for _, item := range list {
		if text(item) == value {
			return true
		}
	}
	return false
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return string(raw)
	}
	items := make([]string, len(list))
	for i := range list {
		items[i] = text(list[i])
	}
	return strings.Join(items, ",")
}
