package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/clickgate/clickgate/control/problem"
)

const (
	// deepest bounds how deep a body may nest.
	deepest = 32
	// longestNumber bounds the text of a number. No field needs more, and what
	// is longer is slow to read.
	longestNumber = 100
)

// Parse reads one JSON value strictly: broken UTF-8 and lone surrogates, a key
// twice, numbers beyond float64 or of more than 100 characters, nesting beyond
// 32 levels and trailing data are mistakes. Numbers stay as they were written
// (json.Number).
func Parse(raw []byte) (any, []problem.Detail) {
	p := parser{raw: raw, d: json.NewDecoder(bytes.NewReader(raw))}
	p.d.UseNumber()
	value, err := p.document()
	if err != nil {
		return nil, []problem.Detail{{Location: "body", Message: err.Error()}}
	}
	return value, p.found.Details()
}

type parser struct {
	raw   []byte
	d     *json.Decoder
	found problem.List
}

func (p *parser) document() (any, error) {
	if len(bytes.TrimSpace(p.raw)) == 0 {
		return nil, errors.New("missing: a JSON value is expected")
	}
	if offset, what := brokenText(p.raw); what != "" {
		return nil, fmt.Errorf("is no JSON at %s: %s", placeOf(p.raw, offset), what)
	}
	if err := p.syntax(); err != nil {
		return nil, err
	}
	return p.value("body", 0)
}

// syntax checks the text as a whole: its errors know the place better than
// those of single tokens.
func (p *parser) syntax() error {
	var whole json.RawMessage
	err := json.Unmarshal(p.raw, &whole)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("is no JSON at %s: %w", placeOf(p.raw, max(int(syntax.Offset)-1, 0)), err)
	}
	return err
}

func placeOf(raw []byte, offset int) string {
	before := raw[:min(offset, len(raw))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}

func (p *parser) value(path string, depth int) (any, error) {
	if depth > deepest {
		return nil, fmt.Errorf("nests deeper than %d levels at %s", deepest, placeOf(p.raw, int(p.d.InputOffset())))
	}
	token, err := p.d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return p.object(path, depth)
		}
		return p.list(path, depth)
	case json.Number:
		p.number(path, token)
	}
	return token, nil
}

// number notes what is wrong with a number. Its type is checked later.
func (p *parser) number(path string, number json.Number) {
	if len(number) > longestNumber {
		p.found.Add(path, number, "must have at most %d characters, found %d", longestNumber, len(number))
	} else if _, err := number.Float64(); err != nil {
		p.found.Add(path, number, "is too large; the largest number is about 1.8e308")
	}
}

func (p *parser) object(path string, depth int) (any, error) {
	object := map[string]any{}
	for p.d.More() {
		token, err := p.d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		inner := under(path, key)
		if _, twice := object[key]; twice {
			p.found.Add(inner, nil, "given more than once; keep one")
		}
		if object[key], err = p.value(inner, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := p.d.Token()
	return object, err
}

func (p *parser) list(path string, depth int) (any, error) {
	list := []any{}
	for p.d.More() {
		value, err := p.value(path+"["+strconv.Itoa(len(list))+"]", depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := p.d.Token()
	return list, err
}
