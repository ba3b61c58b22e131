package schema

import (
	"encoding/json"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/control/problem"
)

// typeNames are the types of schemas in messages.
var typeNames = map[string]string{
	huma.TypeString: "a string", huma.TypeInteger: "a whole number", huma.TypeNumber: "a number",
	huma.TypeBoolean: "true or false", huma.TypeArray: "a list", huma.TypeObject: "an object",
}

// isOf tells whether a value that Parse read has a type. Any number may be an
// integer: what it should have been is better said by its check.
func isOf(kind string, value any) bool {
	switch value.(type) {
	case string:
		return kind == huma.TypeString
	case bool:
		return kind == huma.TypeBoolean
	case []any:
		return kind == huma.TypeArray
	case map[string]any:
		return kind == huma.TypeObject
	case json.Number:
		return kind == huma.TypeInteger || kind == huma.TypeNumber
	}
	return false
}

// nameOf says what a value is, for messages.
func nameOf(value any, path string) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	case bool:
		return strconv.FormatBool(value)
	case json.Number:
		if len(value) <= 40 && !problem.Secret(path) {
			return value.String()
		}
	}
	return "a number"
}
