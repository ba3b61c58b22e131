package config

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// WriteYAML writes documents as a stream of YAML documents for people: fields
// in the order of the types, one a line, strings in quotes only where they
// would be read as something else. Decode reads the same documents back.
func WriteYAML(w io.Writer, documents iter.Seq[Document]) error {
	buffered := bufio.NewWriter(w)
	first := true
	for d := range documents {
		text, err := yamlText(d)
		if err != nil {
			return err
		}
		if !first {
			_, _ = buffered.WriteString("---\n") // the error comes with Flush
		}
		first = false
		_, _ = buffered.Write(text)
	}
	return buffered.Flush()
}

// WriteJSON writes documents as an indented JSON list, with fields in the
// order of the types. Decode reads the same documents back.
func WriteJSON(w io.Writer, documents iter.Seq[Document]) error {
	var list, indented bytes.Buffer
	list.WriteByte('[')
	for d := range documents {
		text, err := withKind(d)
		if err != nil {
			return err
		}
		if list.Len() > 1 {
			list.WriteByte(',')
		}
		list.Write(text)
	}
	list.WriteByte(']')
	if err := json.Indent(&indented, list.Bytes(), "", "  "); err != nil {
		return fmt.Errorf("BUG: an encoded document is not JSON: %w", err)
	}
	indented.WriteByte('\n')
	_, err := indented.WriteTo(w)
	return err
}

// withKind is the document's canonical JSON with its kind in front, as files
// have it.
func withKind(d Document) ([]byte, error) {
	text, err := Encode(d)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pathOf(d.Key()), err)
	}
	return slices.Concat([]byte(`{"kind":"`), []byte(d.Key().Kind), []byte(`",`), text[1:]), nil
}

func yamlText(d Document) ([]byte, error) {
	text, err := withKind(d)
	if err != nil {
		return nil, err
	}
	root, problem := parseJSON(text)
	if problem != nil {
		return nil, fmt.Errorf("BUG: encoded document %s is not JSON: %s", pathOf(d.Key()), problem)
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root.toYAML()); err != nil {
		return nil, fmt.Errorf("write %s as YAML: %w", pathOf(d.Key()), err)
	}
	return out.Bytes(), enc.Close()
}

// toYAML is the inverse of fromYAML.
func (n *node) toYAML() *yaml.Node {
	switch n.kind {
	case objectNode:
		y := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for i := range n.items {
			y.Content = append(y.Content, yamlString(n.items[i].name), n.items[i].toYAML())
		}
		return y
	case listNode:
		y := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for i := range n.items {
			y.Content = append(y.Content, n.items[i].toYAML())
		}
		return y
	case stringNode:
		return yamlString(n.text)
	case numberNode, boolNode:
		// No tag: the text says it, and long numbers need none.
		return &yaml.Node{Kind: yaml.ScalarNode, Value: n.text}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: "null"}
}

// yamlString leaves it to the encoder to quote what YAML would read as another
// type, and quotes besides what older readers would, and what would not come
// back byte by byte.
func yamlString(s string) *yaml.Node {
	y := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case isText(s):
		y.Style = yaml.LiteralStyle
	case otherwiseRead.MatchString(s) || strings.ContainsFunc(s, unprintable):
		y.Style = yaml.DoubleQuotedStyle
	}
	return y
}

// otherwiseRead are strings that YAML 1.1 takes for booleans and numbers of
// base 60, of other bases or with underscores.
var otherwiseRead = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|[-+]?[0-9][0-9_]*(:[0-9_.]+)*|[-+]?0[box][0-9a-f_]+|<<|=)$`)

// isText tells whether s is best written as lines: several, without spaces at
// the ends that nobody sees.
func isText(s string) bool {
	if !strings.Contains(s, "\n") {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) != line || strings.ContainsFunc(line, unprintable) {
			return false
		}
	}
	return true
}

// unprintable tells characters that an editor does not show or YAML changes.
func unprintable(c rune) bool { return !unicode.IsPrint(c) }
