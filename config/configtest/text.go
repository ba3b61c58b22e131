package configtest

import (
	"bytes"
	"encoding/json"
	"slices"
)

// textSorts are mistakes that only a text can have.
var textSorts = []func(*copied) (Mistake, bool){
	unknownKind, noKind, doubledField, cutOff, trailing, badYAML, badYAML, notUTF8, doubledDocument,
}

// text is the document as a file holds it.
func (c *copied) text() []byte {
	m, _ := c.mistake("", "")
	return withKind(string(c.key.Kind), m.JSON)
}

func unknownKind(c *copied) (Mistake, bool) {
	m, _ := c.mistake("of an unknown kind", "kind")
	kinds := []string{"ofer", "", "Offer", "user", "api_key", "log", "head", "offers"}
	m.File, m.Text = c.file(withKind(kinds[c.IntN(len(kinds))], m.JSON))
	m.JSON = nil
	return m, true
}

func noKind(c *copied) (Mistake, bool) {
	m, _ := c.mistake("without a kind", "kind")
	m.File, m.Text = c.file(m.JSON)
	m.JSON = nil
	return m, true
}

// doubledField gives a field twice, with the same value, which most readers
// let pass.
func doubledField(c *copied) (Mistake, bool) {
	s, _ := c.pick(func(s spot) bool { return s.path == s.field && s.path != "" })
	value, err := json.Marshal(s.value)
	if err != nil {
		panic("BUG: a value of a document cannot be written: " + err.Error())
	}
	m, _ := c.mistake(s.path+" given twice", s.path)
	m.JSON = slices.Concat([]byte(`{"`), []byte(s.path), []byte(`":`), value, []byte(`,`), m.JSON[1:])
	m.File, m.Text = c.file(withKind(string(c.key.Kind), m.JSON))
	return m, true
}

// cutOff ends in the middle.
func cutOff(c *copied) (Mistake, bool) {
	text := c.text()
	text = text[:1+c.IntN(len(text)-1)]
	m := Mistake{Name: "cut off"}
	m.File, m.Text = c.file(text)
	return m, true
}

func trailing(c *copied) (Mistake, bool) {
	text := append(c.text(), []string{"}", "]", `{"kind":"offer"`, "\x01", `"`}[c.IntN(5)]...)
	m := Mistake{Name: "with something behind it"}
	m.File, m.Text = c.file(text)
	return m, true
}

// badYAML are values that are no YAML, or that this YAML does without.
func badYAML(c *copied) (Mistake, bool) {
	lines := []string{
		"name: a: b", "name: [a", "name: \"a", "name: 'a", "\tname: a", "name: *a", "name: &a b", "<<: {name: a}", "name: !!binary aGk=",
		"? [a]\n: b", "name: 0x1F", "1: a", "name: @a", "name: %a", "- name", "true: a", "name: !x y",
	}
	line := lines[c.IntN(len(lines))]
	text := bytes.Join([][]byte{[]byte("kind: " + string(c.key.Kind)), []byte("organization: every"), []byte(line), nil}, []byte("\n"))
	return Mistake{Name: "YAML with " + line, File: "broken.yaml", Text: text}, true
}

func notUTF8(c *copied) (Mistake, bool) {
	text := bytes.Replace(c.text(), []byte(`"organization":"`), []byte("\"organization\":\"\xff"), 1)
	m := Mistake{Name: "not UTF-8"}
	m.File, m.Text = c.file(text)
	return m, true
}

// doubledDocument has a document twice.
func doubledDocument(c *copied) (Mistake, bool) {
	text := c.text()
	m := Mistake{Name: "twice in a file", Path: c.key.Path(), File: "broken.json"}
	m.Text = slices.Concat([]byte("["), text, []byte(","), text, []byte("]"))
	return m, true
}
