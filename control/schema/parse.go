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

// deepest bounds how deep a body may nest.
const deepest = 32

// Parse reads one JSON value strictly: a key twice, trailing data, and depth
// beyond reason are mistakes. Numbers stay as they were written
// (json.Number).
func Parse(raw []byte) (any, []problem.Detail) {
	p := parser{raw: raw, d: json.NewDecoder(bytes.NewReader(raw))}
	p.d.UseNumber()
	value, err := p.value("body", 0)
	if err == nil {
		if _, next := p.d.Token(); !errors.Is(next, io.EOF) {
			p.mistake("body", "one JSON value is allowed, and something follows it at "+p.place())
		}
	}
	if err != nil {
		return nil, []problem.Detail{{Location: "body", Message: err.Error()}}
	}
	return value, p.found
}

type parser struct {
	raw   []byte
	d     *json.Decoder
	found []problem.Detail
}

func (p *parser) mistake(location, message string) {
	p.found = append(p.found, problem.Detail{Location: location, Message: message})
}

// place is where the parser stands, for people.
func (p *parser) place() string { return placeOf(p.raw, p.d.InputOffset()) }

func placeOf(raw []byte, offset int64) string {
	before := raw[:min(int(offset), len(raw))]
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
	switch delim, _ := token.(json.Delim); delim {
	case '{':
		return p.object(path, depth)
	case '[':
		return p.list(path, depth)
	}
	return token, nil
}

func (p *parser) token() (json.Token, error) {
	token, err := p.d.Token()
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("is no JSON: it ends at %s, too early", placeOf(p.raw, int64(len(p.raw))))
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("is no JSON at %s: %w", placeOf(p.raw, max(syntax.Offset-1, 0)), err)
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
		inner := path + "." + key
		if _, twice := object[key]; twice {
			p.mistake(inner, "given more than once; keep one")
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
