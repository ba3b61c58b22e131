package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

type boolCodec struct{}

func (boolCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind != boolNode {
		r.wrong(n, "true or false")
		return
	}
	into.SetBool(n.text == "true")
}

func (boolCodec) encode(b []byte, v reflect.Value) ([]byte, error) {
	return strconv.AppendBool(b, v.Bool()), nil
}

func (boolCodec) empty(v reflect.Value) bool { return !v.Bool() }

type intCodec struct{ bits int }

func (c intCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind != numberNode {
		r.wrong(n, "a whole number")
		return
	}
	i, err := strconv.ParseInt(n.text, 10, c.bits)
	if err != nil {
		r.badInteger(n, err, -1<<(c.bits-1), 1<<(c.bits-1)-1)
		return
	}
	into.SetInt(i)
}

func (intCodec) encode(b []byte, v reflect.Value) ([]byte, error) {
	return strconv.AppendInt(b, v.Int(), 10), nil
}

func (intCodec) empty(v reflect.Value) bool { return v.Int() == 0 }

type uintCodec struct{ bits int }

func (c uintCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind != numberNode {
		r.wrong(n, "a whole number")
		return
	}
	if strings.HasPrefix(n.text, "-") {
		r.add(int(n.line), "must not be negative, found %s", shorten(n.text))
		return
	}
	i, err := strconv.ParseUint(n.text, 10, c.bits)
	if err != nil {
		r.badInteger(n, err, 0, math.MaxUint64>>(64-c.bits))
		return
	}
	into.SetUint(i)
}

func (uintCodec) encode(b []byte, v reflect.Value) ([]byte, error) {
	return strconv.AppendUint(b, v.Uint(), 10), nil
}

func (uintCodec) empty(v reflect.Value) bool { return v.Uint() == 0 }

func (r *report) badInteger(n *node, err error, lowest int64, highest uint64) {
	if errors.Is(err, strconv.ErrRange) {
		r.add(int(n.line), "must be from %d to %d, found %s", lowest, highest, shorten(n.text))
		return
	}
	r.add(int(n.line), "must be a whole number without fraction or exponent, found %s", shorten(n.text))
}

type floatCodec struct{}

func (floatCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind != numberNode {
		r.wrong(n, "a number")
		return
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		r.add(int(n.line), "number %s is too large; the largest is about 1.8e308", shorten(n.text))
		return
	}
	into.SetFloat(f)
}

func (floatCodec) encode(b []byte, v reflect.Value) ([]byte, error) {
	f := v.Float()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return b, fmt.Errorf("%v is not a number", f)
	}
	return appendFloat(b, f), nil
}

func (floatCodec) empty(v reflect.Value) bool { return v.Float() == 0 }

type stringCodec struct{}

func (stringCodec) decode(r *report, n *node, into reflect.Value) {
	switch n.kind {
	case stringNode:
		into.SetString(n.text)
	case numberNode, boolNode:
		r.add(int(n.line), "must be a string, not %s; put it in quotes", n.describe())
	default:
		r.wrong(n, "a string")
	}
}

func (stringCodec) encode(b []byte, v reflect.Value) ([]byte, error) {
	return encodeString(b, v.String())
}

// encodeString appends s, which may come from a caller and not from a parser.
func encodeString(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return b, fmt.Errorf("string %q is not valid UTF-8", shorten(s))
	}
	return appendString(b, s), nil
}

func (stringCodec) empty(v reflect.Value) bool { return v.Len() == 0 }

// rawCodec keeps a value for another package, in canonical form. null and
// absent are the same: nil.
type rawCodec struct{}

func (rawCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind == nullNode || n.kind == brokenNode {
		into.SetBytes(nil)
		return
	}
	into.SetBytes(n.appendCanonical(nil, r))
}

func (rawCodec) encode(b []byte, v reflect.Value) ([]byte, error) {
	if v.Len() == 0 {
		return append(b, "null"...), nil
	}
	n, problem := parseJSON(v.Bytes())
	if problem != nil {
		return b, errors.New(problem.Message)
	}
	var r report
	b = n.appendCanonical(b, &r)
	return b, r.problems.Err()
}

func (rawCodec) empty(v reflect.Value) bool {
	return v.Len() == 0 || strings.TrimSpace(string(v.Bytes())) == "null"
}
