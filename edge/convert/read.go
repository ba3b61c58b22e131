package convert

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/click"
)

// Bounds of one conversion's parameters.
const (
	maxParams = 256
	maxName   = 255
	maxValue  = 4096
)

// ReadQuery reads the parameters of a query string or of a form, in their
// order. Bad escapes and names or values that are no UTF-8 are an error that
// names the parameter.
func ReadQuery(params []click.Param, query string) ([]click.Param, error) {
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		n, err := url.QueryUnescape(name)
		if err != nil {
			return nil, fmt.Errorf("parameter %.40q: its name is badly escaped", name)
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, fmt.Errorf("parameter %.40q: its value is badly escaped", n)
		}
		if params, err = add(params, n, v); err != nil {
			return nil, err
		}
	}
	return params, nil
}

func add(params []click.Param, name, value string) ([]click.Param, error) {
	switch {
	case len(params) == maxParams:
		return nil, fmt.Errorf("at most %d parameters are allowed", maxParams)
	case name == "" || len(name) > maxName:
		return nil, fmt.Errorf("parameter %.40q: a name has 1 to %d bytes", name, maxName)
	case len(value) > maxValue:
		return nil, fmt.Errorf("parameter %.40q: a value has at most %d bytes, not %d", name, maxValue, len(value))
	case !utf8.ValidString(name) || !utf8.ValidString(value):
		return nil, fmt.Errorf("parameter %.40q: it is no UTF-8", name)
	}
	return append(params, click.Param{Name: name, Value: value}), nil
}

// ErrMediaType tells that a body is in no form that is read here.
var ErrMediaType = errors.New("the body must be application/json or application/x-www-form-urlencoded")

// ReadBody adds the parameters of a body: a form, or a JSON object of texts,
// numbers and booleans, whose empty and null ones are left out. A body without
// a type is taken for what it looks like.
func ReadBody(params []click.Param, contentType string, body []byte) ([]click.Param, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return params, nil
	}
	switch media, err := mediaType(contentType, body); {
	case err != nil:
		return nil, err
	case media == formType:
		return ReadQuery(params, string(body))
	case media != jsonType:
		return nil, ErrMediaType
	}
	object, err := readObject(json.NewDecoder(bytes.NewReader(body)))
	if err != nil {
		return nil, err
	}
	return object.addTo(params)
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// mediaType is the type of a body. sendBeacon can send no other type than
// text/plain across origins without asking first, so text is looked at too.
func mediaType(contentType string, body []byte) (string, error) {
	media := ""
	if contentType != "" {
		var err error
		if media, _, err = mime.ParseMediaType(contentType); err != nil {
			return "", ErrMediaType
		}
	}
	if media != "" && media != "text/plain" {
		return media, nil
	}
	if start := bytes.TrimSpace(body); start[0] == '{' || start[0] == '[' {
		return jsonType, nil
	}
	return formType, nil
}

// object is a JSON object in its order.
type object []struct {
	name  string
	value any
}

// readObject reads one object and nothing behind it.
func readObject(d *json.Decoder) (object, error) {
	o, err := nextObject(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the body holds more than one JSON object")
	}
	return o, nil
}

// nextObject reads the object that d stands before.
func nextObject(d *json.Decoder) (o object, err error) {
	d.UseNumber()
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.New("the body must be a JSON object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, badJSON(err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, badJSON(err)
		}
		o = append(o, struct {
			name  string
			value any
		}{name.(string), value})
		if len(o) > maxParams {
			return nil, fmt.Errorf("at most %d parameters are allowed", maxParams)
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, badJSON(err)
	}
	return o, nil
}

func badJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the body is JSON that ends too soon")
	}
	return fmt.Errorf("the body is no JSON: %w", err)
}

func (o object) addTo(params []click.Param) ([]click.Param, error) {
	for _, field := range o {
		value, err := textOf(field.value)
		if err != nil {
			return nil, fmt.Errorf("parameter %.40q: %w", field.name, err)
		}
		if value == "" {
			continue
		}
		if params, err = add(params, field.name, value); err != nil {
			return nil, err
		}
	}
	return params, nil
}

func textOf(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return "", errors.New("it must be a text, a number or a boolean")
}

// MaxBatch is how many conversions one request may hold.
const MaxBatch = 1000

// ReadBatch reads the conversions of a body: a JSON list of objects, or an
// object with the list in conversions. A mistake in one is that one's error and
// stands in its place.
func ReadBatch(body []byte) (batch []Entry, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	var list []json.RawMessage
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '{' {
		var wrapped struct {
			Conversions []json.RawMessage `json:"conversions"`
		}
		err = d.Decode(&wrapped)
		list = wrapped.Conversions
	} else {
		err = d.Decode(&list)
	}
	if err != nil {
		return nil, badJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the list of conversions")
	}
	if len(list) < 1 || len(list) > MaxBatch {
		return nil, fmt.Errorf("a batch holds 1 to %d conversions, not %d", MaxBatch, len(list))
	}
	batch = make([]Entry, len(list))
	for i, raw := range list {
		o, err := readObject(json.NewDecoder(bytes.NewReader(raw)))
		if err == nil {
			batch[i].Params, err = o.addTo(nil)
		}
		batch[i].Err = err
	}
	return batch, nil
}

// Entry is one conversion of a batch, or why it cannot be read.
type Entry struct {
	Params []click.Param
	Err    error
}
