package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Hidden stands in a FieldChange for the value of a secret.
const Hidden = `"***"`

// FieldChange is a field that differs between two versions of a document.
type FieldChange struct {
	// Path leads to the field: "default_payout.payout" or "filters[2].type".
	Path string
	// Old and New are JSON; empty where the field is absent, Hidden where it
	// is a secret.
	Old, New string
}

// String is the change on one line.
func (c FieldChange) String() string {
	switch {
	case c.Old == "":
		return c.Path + ": " + c.New
	case c.New == "":
		return c.Path + ": " + c.Old + " -> (none)"
	}
	return c.Path + ": " + c.Old + " -> " + c.New
}

// secretWords are the parts of names whose values nobody is shown.
var secretWords = []string{"secure_code", "secret", "password", "token", "api_key", "apikey", "credential"}

func isSecret(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
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
	before, after := text(was), text(is)
	if before == after {
		return
	}
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
		below := name
		if path != "" {
			below = path + "." + name
		}
		d.compare(below, member(was, name), member(is, name), hidden || isSecret(name))
	}
}

func member(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return absent{}
}

func (d *differ) lists(path string, was, is []any, hidden bool) {
	for i := range max(len(was), len(is)) {
		d.compare(fmt.Sprintf("%s[%d]", path, i), item(was, i), item(is, i), hidden)
	}
}

func item(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return absent{}
}

// shown is a value for people. Secrets inside of it are hidden.
func shown(v any, hidden bool) string {
	if v == (any)(absent{}) {
		return ""
	}
	if hidden {
		return Hidden
	}
	return text(masked(v))
}

// masked copies a value with every secret in it replaced.
func masked(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			if out[name] = masked(value); isSecret(name) {
				out[name] = strings.Trim(Hidden, `"`)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = masked(v[i])
		}
		return out
	}
	return v
}

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
	return strings.TrimSpace(b.String())
}
