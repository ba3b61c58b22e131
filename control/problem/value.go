package problem

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// secrets are parts of the names of fields and headers whose values are never
// repeated.
var secrets = []string{"password", "secure_code", "account_key", "signing_key", "api_key", "api-key", "authorization", "secret", "hash"}

// Secret tells whether a value at a location must not be repeated, neither in
// an answer nor in a log.
func Secret(location string) bool {
	location = strings.ToLower(location)
	for _, name := range secrets {
		if strings.Contains(location, name) {
			return true
		}
	}
	return false
}

// How much of a text is repeated, in characters.
const (
	longest         = 100
	longestLocation = 500
)

// presentable is a value as it may be repeated: JSON, short, and no secret.
func presentable(location string, value any) any {
	if Secret(location) {
		return nil
	}
	switch v := value.(type) {
	case nil, bool, int, int64, uint64:
		return v
	case string:
		return shorten(v, longest)
	case json.Number:
		// A number that few programs can read would spoil the whole answer.
		if _, err := v.Float64(); err != nil || len(v) > longest || !json.Valid([]byte(v)) {
			return shorten(v.String(), longest)
		}
		return v
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
		return v
	}
	return nil // a list or an object: the message names what matters
}

func shorten(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "..."
		}
		n++
	}
	return s
}
