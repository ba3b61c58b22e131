package config

import (
	"reflect"

	"github.com/clickgate/clickgate/internal/money"
)

var amountType = reflect.TypeFor[money.Amount]()

// amountCodec reads amounts digit by digit. They are numbers in documents; in
// quotes they would look as if 1.50 and 1.5 were different.
type amountCodec struct{}

func (amountCodec) decode(r *report, n *node, into reflect.Value) {
	if n.kind != numberNode {
		r.wrong(n, "a number")
		return
	}
	amount, err := money.Parse(n.text)
	if err != nil {
		r.add(int(n.line), "%s", err)
		return
	}
	into.Set(reflect.ValueOf(amount))
}

func (amountCodec) encode(b []byte, v reflect.Value) ([]byte, error) {
	return v.Interface().(money.Amount).AppendTo(b), nil
}

func (amountCodec) empty(v reflect.Value) bool { return v.IsZero() }
