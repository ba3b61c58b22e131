package events

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Column is one column of a table of rows.
type Column struct {
	Field string
	// Width is in runes; longer values are cut, except in the last column.
	Width int
}

// Columns are those a table shows when nobody asks for others.
func Columns() []Column {
	return []Column{
		{"request_time", 24}, {kindColumn, 10}, {"status", 11}, {"rejected_primary_reason", 20}, {"payout", 8}, {"offer", 16},
		{"publisher", 16}, {"sub_id", 12}, {"click_ip", 15}, {"country", 7}, {"browser_name", 12}, {"tx_id", 32},
	}
}

// kindColumn shows the kind of the event, which is no field of its row.
const kindColumn = "kind"

// standIns are the fields that say the same in rows of other kinds: a column
// shows the first one that is there.
var standIns = map[string][]string{
	"request_time":            {"received_time", "process_time", "create_time"},
	"status":                  {"status_code"},
	"rejected_primary_reason": {"rejected_simple_reason", "rejected_internal_reason", "error"},
	"offer":                   {"offer_id"},
	"click_ip":                {"conversion_ip", "remote_ip", "postback_ip"},
}

// headings shorten the names of fields that are longer than their column.
var headings = map[string]string{
	"request_time": "time", "rejected_primary_reason": "reason", "click_ip": "ip", "browser_name": "browser",
}

// WriteHeading writes the line above a table.
func WriteHeading(w io.Writer, columns []Column) error {
	return writeCells(w, columns, func(field string) string {
		if short, ok := headings[field]; ok {
			return short
		}
		return field
	})
}

// WriteRow writes a row as one line of a table.
func WriteRow(w io.Writer, columns []Column, r Row) error {
	return writeCells(w, columns, r.cell)
}

func (r Row) cell(field string) string {
	if field == kindColumn {
		return r.Kind.String()
	}
	value := r.Text(field)
	for _, other := range standIns[field] {
		if value != "" {
			break
		}
		value = r.Text(other)
	}
	return value
}

func writeCells(w io.Writer, columns []Column, cell func(field string) string) error {
	var line strings.Builder
	for i, c := range columns {
		last := i == len(columns)-1
		value := printable(cell(c.Field))
		if value == "" {
			value = "-"
		}
		if last {
			line.WriteString(value)
			break
		}
		fmt.Fprintf(&line, "%-*s ", c.Width, cutRunes(value, c.Width))
	}
	line.WriteByte('\n')
	_, err := io.WriteString(w, line.String())
	return err
}

// printable keeps values that visitors chose from steering a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, s)
}

func cutRunes(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:width-1]) + "…"
}

// Filter picks rows by one field.
type Filter struct{ Field, Value string }

// ParseFilter reads "field=value".
func ParseFilter(s string) (Filter, error) {
	field, value, ok := strings.Cut(s, "=")
	if !ok || field == "" {
		return Filter{}, fmt.Errorf("filter %q is not of the form field=value", s)
	}
	return Filter{field, value}, nil
}
