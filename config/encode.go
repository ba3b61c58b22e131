package config

import (
	"fmt"
	"reflect"
)

// Encode returns the document as canonical JSON, the form in which it is
// stored: fields in the order of the type, keys of maps and settings sorted,
// what is empty left out. Documents that say the same have the same bytes, and
// DecodeDocument reads them back. Numbers that JSON cannot hold, broken UTF-8
// and settings that are not JSON are errors, which name the field.
func Encode(d Document) ([]byte, error) {
	v := reflect.ValueOf(d).Elem()
	b, err := codecOf(v.Type()).encode(make([]byte, 0, 512), v)
	if err != nil {
		return nil, fmt.Errorf("cannot be written as JSON: %w", err)
	}
	return b, nil
}
