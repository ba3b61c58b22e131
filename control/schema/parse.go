package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	value, err := p.value("body", 0)
	if err != nil {
		return nil, err
	}
	if _, err := p.d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("is more than one JSON value: the first ends at %s", p.place())
	}
	return value, nil
}

// place is where the parser stands, for people.
func (p *parser) place() string { return placeOf(p.raw, int(p.d.InputOffset())) }

func placeOf(raw []byte, offset int) string {
	before := raw[:min(offset, len(raw))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}

func (p *parser) value(path string, depth int) (any, error) {
	if depth > deepest {
		return nil, fmt.Errorf("nests deeper than %d levels at %s", deepest, p.place())
	}
	token, err := p.token()
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
		return token, p.number(path, token)
	}
	return token, nil
}

// number notes what is wrong with a number. Its type is checked later.
func (p *parser) number(path string, number json.Number) error {
	if len(number) > longestNumber {
		p.found.Add(path, number, "must have at most %d characters, found %d", longestNumber, len(number))
	} else if _, err := number.Float64(); err != nil {
		p.found.Add(path, number, "is too large; the largest number is about 1.8e308")
	}
	return nil
}

func (p *parser) token() (json.Token, error) {
	token, err := p.d.Token()
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("is no JSON: it ends at %s, too early", placeOf(p.raw, len(p.raw)))
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("is no JSON at %s: %w", placeOf(p.raw, max(int(syntax.Offset)-1, 0)), err)
	case err != nil:
		return nil, fmt.Errorf("is no JSON at %s: %w", p.place(), err)
	}
	return token, nil
}

func (p *parser) object(path string, depth int) (any, error) {
	object := map[string]any{}
	for p.d.More() {
		token, err := p.token()
		if err != nil {
			return nil, err
		}
		key, ok := token.(string)
		if !ok {
			return nil, fmt.Errorf("is no JSON at %s: a key must be a string", p.place())
		}
		inner := under(path, key)
		if _, twice := object[key]; twice {
			p.found.Add(inner, nil, "given more than once; keep one")
		}
		if object[key], err = p.value(inner, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := p.token()
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
	_, err := p.token()
	return list, err
}
