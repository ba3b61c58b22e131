package events

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// field is one field of a row as it stands there.
type field struct {
	name string
	raw  []byte
}

// orderedFields takes a row apart and leaves its hash out.
func orderedFields(row Row) ([]field, error) {
	if row.Kind != Conversion && row.Kind != Event {
		return nil, fmt.Errorf("change %s %s: only conversions and events can be changed", row.Kind, row.Text("tx_id"))
	}
	d := json.NewDecoder(bytes.NewReader(row.Line))
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("take %s row apart: %w", row.Kind, err)
	}
	var fields []field
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("take %s row apart: %w", row.Kind, err)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, fmt.Errorf("take %s row apart: %q: %w", row.Kind, name, err)
		}
		if name == "hash" {
			continue
		}
		var flat bytes.Buffer // a line has no line feeds
		if err := json.Compact(&flat, raw); err != nil {
			return nil, fmt.Errorf("take %s row apart: %q: %w", row.Kind, name, err)
		}
		fields = append(fields, field{name.(string), flat.Bytes()})
	}
	if len(fields) == 0 || fields[0].name != "tx_id" {
		return nil, fmt.Errorf("take %s row apart: it does not begin with tx_id", row.Kind)
	}
	return fields, nil
}

// editor changes the fields of a row.
type editor struct {
	fields  []field
	changed bool
}

func (e *editor) find(name string) int {
	for i := range e.fields {
		if e.fields[i].name == name {
			return i
		}
	}
	return -1
}

func (e *editor) text(name string) string {
	if i := e.find(name); i >= 0 {
		return text(e.fields[i].raw)
	}
	return ""
}

// setText sets a field, or removes it for an empty text.
func (e *editor) setText(name, value string) {
	if value == "" {
		e.remove(name)
		return
	}
	e.setRaw(name, appendString(nil, cut(value, maxText)))
}

func (e *editor) setRaw(name string, raw []byte) {
	i := e.find(name)
	switch {
	case i < 0:
		e.fields = append(e.fields, field{name, raw})
	case bytes.Equal(e.fields[i].raw, raw):
		return
	default:
		e.fields[i].raw = raw
	}
	e.changed = true
}

// move gives a field another name, and its value in place of what has that name.
func (e *editor) move(from, to string) {
	i := e.find(from)
	if i < 0 {
		return
	}
	e.fields[i].name = to
	for j := range e.fields {
		if j != i && e.fields[j].name == to {
			e.fields = append(e.fields[:j], e.fields[j+1:]...)
			break
		}
	}
	e.changed = true
}

func (e *editor) remove(name string) {
	if i := e.find(name); i >= 0 {
		e.fields = append(e.fields[:i], e.fields[i+1:]...)
		e.changed = true
	}
}

func (e *editor) line() []byte {
	line := make([]byte, 0, 4096)
	for i, f := range e.fields {
		if i == 0 {
			line = append(line, '{')
		} else {
			line = append(line, ',')
		}
		line = append(append(appendString(line, f.name), ':'), f.raw...)
	}
	return appendHash(line, 0)
}
