package config

import (
	"fmt"
	"reflect"
	"sync"
)

// codec reads and writes one Go type. Codecs are built once a type from its
// json tags; they hold no state.
type codec interface {
	// decode fills into from n. A value with a mistake is reported and leaves
	// into as it was.
	decode(r *report, n *node, into reflect.Value)
	// encode appends v as canonical JSON.
	encode(b []byte, v reflect.Value) ([]byte, error)
	// empty tells whether v is left out of an object that allows it.
	empty(v reflect.Value) bool
}

var (
	codecs  sync.Map // reflect.Type -> codec
	rawType = reflect.TypeFor[Raw]()
)

// codecOf returns the codec of t. Types must not be recursive.
func codecOf(t reflect.Type) codec {
	if c, ok := codecs.Load(t); ok {
		return c.(codec)
	}
	c, _ := codecs.LoadOrStore(t, newCodec(t))
	return c.(codec)
}

func newCodec(t reflect.Type) codec {
	switch t {
	case rawType:
		return rawCodec{}
	case amountType:
		return amountCodec{}
	}
	switch t.Kind() {
	case reflect.Bool:
		return boolCodec{}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return intCodec{bits: t.Bits()}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return uintCodec{bits: t.Bits()}
	case reflect.Float64:
		return floatCodec{}
	case reflect.String:
		return stringCodec{}
	case reflect.Pointer:
		return pointerCodec{codecOf(t.Elem())}
	case reflect.Slice:
		return listCodec{codecOf(t.Elem())}
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			return mapCodec{codecOf(t.Elem())}
		}
	case reflect.Struct:
		return newStructCodec(t)
	}
	panic(fmt.Sprintf("BUG: config cannot decode into type %s", t))
}

// wrong reports a value of the wrong type.
func (r *report) wrong(n *node, want string) {
	switch n.kind {
	case brokenNode:
	case nullNode:
		r.add(int(n.line), "must be %s, not null; leave it out instead", want)
	default:
		r.add(int(n.line), "must be %s, not %s", want, n.describe())
	}
}
