package config

import (
	"reflect"
	"slices"
	"strings"
)

// tree is one parsed document and the mistakes found in it so far.
type tree struct {
	root node
	report
}

// Decode reads the documents of a file: a stream of YAML documents, or one
// JSON object or a list of them when name ends in ".json". Each is an object
// with its kind in "kind" beside the fields of the type. Decoding is strict
// and finds all mistakes at once; YAML anchors, aliases, merge keys and tags
// are refused. Documents without a mistake are returned in any case.
//
// Decode checks shapes and types only; Set.Validate checks what they say.
func Decode(name string, data []byte) ([]Document, Problems) {
	var documents []Document
	all, problems := decodeAll(name, data, parserOf(name))
	for _, f := range all {
		problems = append(problems, f.problems...)
		if f.document != nil && len(f.problems) == 0 {
			documents = append(documents, f.document)
		}
	}
	return documents, problems.sorted()
}

// found is one document of a file. With problems the document holds what could
// be read of it; it is nil when its kind is not known.
type found struct {
	document Document
	problems Problems
}

// decodeAll reads the documents of a file in their order. The problems beside
// them are those of the file's syntax, behind which nothing was read.
func decodeAll(name string, data []byte, parse parser) ([]found, Problems) {
	trees, problems := parse(data)
	all := make([]found, len(trees))
	for i := range trees {
		t := &trees[i]
		kind, ok := t.takeKind()
		if !ok {
			all[i].problems = t.problems.in(name, "")
			continue
		}
		document, mistakes := t.document(kind)
		all[i] = found{document, mistakes.in(name, t.name(kind))}
	}
	return all, problems.in(name, "")
}

// DecodeDocument reads one document as stored: a JSON object without "kind".
// It is as strict as Decode. The document is nil when there are problems.
func DecodeDocument(kind Kind, data []byte) (Document, Problems) {
	if kindIndex(kind) < 0 {
		return nil, Problems{{Path: "kind", Message: unknownKind(string(kind))}}
	}
	root, problem := parseJSON(data)
	if problem != nil {
		return nil, Problems{*problem}.in("", string(kind))
	}
	t := tree{root: root}
	document, problems := t.document(kind)
	if len(problems) > 0 {
		return nil, problems.in("", t.name(kind)).sorted()
	}
	return document, nil
}

// parser reads the documents of a text up to the first mistake of syntax.
type parser func(data []byte) ([]tree, Problems)

// parserOf is what reads a file of that name.
func parserOf(name string) parser {
	if strings.HasSuffix(strings.ToLower(name), ".json") {
		return parseJSONFile
	}
	return parseYAML
}

func parseJSONFile(data []byte) ([]tree, Problems) {
	root, problem := parseJSON(data)
	if problem != nil {
		return nil, Problems{*problem}
	}
	if root.kind != listNode {
		return []tree{{root: root}}, nil
	}
	trees := make([]tree, len(root.items))
	for i, n := range root.items {
		trees[i].root = n
	}
	return trees, nil
}

// document decodes the tree as a document of a known kind.
func (t *tree) document(kind Kind) (Document, Problems) {
	document, _ := NewDocument(kind)
	into := reflect.ValueOf(document).Elem()
	codecOf(into.Type()).decode(&t.report, &t.root, into)
	return document, t.problems
}

// takeKind removes "kind" from the tree and returns it; false when it is not
// there or wrong, which is reported.
func (t *tree) takeKind() (Kind, bool) {
	if t.root.kind != objectNode {
		t.wrong(&t.root, "an object with the fields of a document and its kind")
		return "", false
	}
	at := slices.IndexFunc(t.root.items, func(n node) bool { return n.name == "kind" })
	t.enter("kind")
	defer t.leave()
	if at < 0 {
		t.add(int(t.root.line), "missing; allowed are %s", oneOf(kindNames()))
		return "", false
	}
	n := t.root.items[at]
	t.root.items = slices.Delete(t.root.items, at, at+1)
	if n.kind != stringNode {
		t.wrong(&n, "a string")
		return "", false
	}
	if !isFileKind(Kind(n.text)) {
		t.add(int(n.line), "%s", unknownKind(n.text))
		return "", false
	}
	if second := t.root.member("kind"); second != nil {
		t.duplicate(second)
		return "", false
	}
	return Kind(n.text), true
}

func unknownKind(kind string) string {
	return "unknown kind " + shorten(kind) + DidYouMean(kind, kindNames()) + "; allowed are " + oneOf(kindNames())
}

// name is how messages call the document: "offer/demo", or "offer" when it has
// no id that can be shown.
func (t *tree) name(kind Kind) string {
	id := t.root.member("id")
	if id == nil || id.kind != stringNode || id.text == "" {
		return string(kind)
	}
	return string(kind) + "/" + shorten(id.text)
}
