package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads a stream of YAML documents. It goes up to the first mistake
// of syntax and leaves out empty documents.
func parseYAML(data []byte) ([]tree, Problems) {
	var trees []tree
	stream := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		err := stream.Decode(&document)
		if errors.Is(err, io.EOF) {
			return trees, nil
		}
		if err != nil {
			return trees, Problems{yamlProblem(err)}
		}
		var t tree
		t.root = t.fromYAML(document.Content[0], 0)
		if t.root.kind != nullNode {
			trees = append(trees, t)
		}
	}
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// yamlProblem takes the line out of an error text of the YAML package.
func yamlProblem(err error) Problem {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1]) // out of range is as good as unknown
		text = text[len(m[0]):]
	}
	return Problem{Line: line, Message: "not valid YAML: " + text}
}

// fromYAML turns a YAML node into one that knows the types of JSON only. It
// refuses what would give one text two readings: aliases, merge keys, tags and
// numbers that are not plain decimals.
func (t *tree) fromYAML(y *yaml.Node, depth int) node {
	broken := node{line: int32(y.Line)}
	switch {
	case depth > maxDepth:
		t.add(y.Line, "nested deeper than %d levels", maxDepth)
		return broken
	case y.Kind == yaml.AliasNode:
		t.add(y.Line, "alias *%s is not allowed; write the value out", y.Value)
		return broken
	case y.Anchor != "":
		t.add(y.Line, "anchor &%s is not allowed; write the value out where it is needed", y.Anchor)
	case y.Style&yaml.TaggedStyle != 0 && y.ShortTag() != "!!str":
		t.add(y.Line, "tag %s is not allowed; leave it out", y.ShortTag())
		return broken
	}
	switch y.Kind {
	case yaml.MappingNode:
		return t.fromMapping(y, depth)
	case yaml.SequenceNode:
		return t.fromSequence(y, depth)
	}
	return t.fromScalar(y)
}

func (t *tree) fromMapping(y *yaml.Node, depth int) node {
	n := node{kind: objectNode, line: int32(y.Line)}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if !t.checkKey(key) {
			continue
		}
		t.enter(key.Value)
		member := t.fromYAML(value, depth+1)
		t.leave()
		member.name, member.line = key.Value, int32(key.Line)
		n.items = append(n.items, member)
	}
	return n
}

func (t *tree) checkKey(key *yaml.Node) bool {
	tag := key.ShortTag()
	switch {
	case key.Kind == yaml.ScalarNode && key.Anchor == "" && (tag == "!!str" || tag == "!!timestamp"):
		return true
	case tag == "!!merge":
		t.add(key.Line, "merge key << is not allowed; write the fields out")
	case key.Kind == yaml.ScalarNode:
		t.add(key.Line, "key %s must be a plain string; put it in quotes", shorten(key.Value))
	default:
		t.add(key.Line, "a key must be a plain string")
	}
	return false
}

func (t *tree) fromSequence(y *yaml.Node, depth int) node {
	n := node{kind: listNode, line: int32(y.Line)}
	for i, item := range y.Content {
		t.enterIndex(i)
		n.items = append(n.items, t.fromYAML(item, depth+1))
		t.leave()
	}
	return n
}

func (t *tree) fromScalar(y *yaml.Node) node {
	n := node{line: int32(y.Line), text: y.Value}
	switch y.ShortTag() {
	case "!!str", "!!timestamp": // a date is a string like any other
		n.kind = stringNode
	case "!!null":
		n.kind = nullNode
	case "!!bool":
		n.kind, n.text = boolNode, strings.ToLower(y.Value)
	case "!!int", "!!float":
		n.kind = numberNode
		if numberLength(y.Value) != len(y.Value) {
			n.kind = brokenNode
			t.add(y.Line, "number %s must be a plain decimal like 10 or 0.5; put it in quotes if it is a string", shorten(y.Value))
		}
	default:
		t.add(y.Line, "value %s is not allowed; put it in quotes if it is a string", shorten(y.Value))
	}
	return n
}
