package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// FieldChange is a field that differs between two versions of a document.
type FieldChange struct {
	// Path leads to the field: "default_payout.payout", "countries[2]" or
	// "filters[BOT].settings", the entry of a list being called by its index
	// or, among objects, by what tells it from the others. It is
	// "filters (order)" where only the order of such a list differs.
	Path string
	// Old and New are JSON; empty where the field is absent, Hidden where it
	// is a secret.
	Old, New string
}

// String is the change on one line: + for what is new, - for what is gone.
func (c FieldChange) String() string {
	switch {
	case c.Old == "":
		return "+ " + c.Path + ": " + c.New
	case c.New == "":
		return "- " + c.Path + ": " + c.Old
	}
	return "~ " + c.Path + ": " + c.Old + " -> " + c.New
}

// fieldChanges compares two documents in canonical JSON; the older one is nil
// for a document that is created. Fields come sorted by path.
func fieldChanges(older, newer []byte) ([]FieldChange, error) {
	if bytes.Equal(older, newer) {
		return nil, nil
	}
	was, err := parseJSON(older)
	if err != nil {
		return nil, err
	}
	is, err := parseJSON(newer)
	if err != nil {
		return nil, err
	}
	var d differ
	d.compare("", was, is, false)
	return d.found, nil
}

// parseJSON keeps numbers as they are written.
func parseJSON(data []byte) (any, error) {
	if data == nil {
		return map[string]any{}, nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("compare documents: %w", err)
	}
	return v, nil
}

// absent is the value of a field that is not there.
type absent struct{}

type differ struct{ found []FieldChange }

// compare adds the differences of two values; hidden is set below a secret.
func (d *differ) compare(path string, was, is any, hidden bool) {
	oldMap, oldOK := was.(map[string]any)
	newMap, newOK := is.(map[string]any)
	if oldOK && newOK {
		d.objects(path, oldMap, newMap, hidden)
		return
	}
	oldList, oldOK := was.([]any)
	newList, newOK := is.([]any)
	if oldOK && newOK {
		d.lists(path, oldList, newList, hidden)
		return
	}
	if text(was) != text(is) {
		d.add(path, was, is, hidden)
	}
}

func (d *differ) add(path string, was, is any, hidden bool) {
	d.found = append(d.found, FieldChange{Path: path, Old: shown(was, hidden), New: shown(is, hidden)})
}

func (d *differ) objects(path string, was, is map[string]any, hidden bool) {
	names := slices.Collect(maps.Keys(was))
	for name := range is {
		if _, ok := was[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		d.compare(below(path, name), member(was, name), member(is, name), hidden || isSecret(name))
	}
}

// below is the path of a member. Names that are no plain words, as those of
// browsers and addresses, are quoted.
func below(path, name string) string {
	plain := name != "" && strings.IndexFunc(name, func(c rune) bool {
		return c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}) < 0
	switch {
	case !plain:
		return path + "[" + strconv.Quote(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

func member(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return absent{}
}

// text is a value as JSON that is safe to print on a terminal.
func text(v any) string {
	if _, ok := v.(absent); ok {
		return ""
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return printable(strings.TrimSpace(b.String()))
}

// printable escapes the control characters that JSON lets through.
func printable(s string) string {
	if strings.IndexFunc(s, isControl) < 0 {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		if isControl(c) {
			fmt.Fprintf(&b, `\u%04x`, c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// isControl tells characters that move the cursor or turn the direction of
// what follows.
func isControl(c rune) bool {
	return c < ' ' || c >= 0x7f && c <= 0x9f || c >= 0x200b && c <= 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069
}
