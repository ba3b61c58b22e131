package store

import (
	"slices"
	"strings"
)

// Hidden stands in a FieldChange for the value of a secret.
const Hidden = `"***"`

// secretWords are the parts of names whose values nobody is shown.
var secretWords = []string{
	"secure_code", "secret", "password", "passwd", "token", "api_key", "apikey", "account_key", "access_key",
	"private_key", "signing_key", "credential", "authorization", "cookie",
}

// isSecret tells by its name whether a field, a header or a setting holds a
// secret.
func isSecret(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// shown is a value for people. Secrets inside of it are hidden.
func shown(v any, hidden bool) string {
	if v == (any)(absent{}) {
		return ""
	}
	if hidden {
		return Hidden
	}
	return text(masked(v))
}

// masked copies a value with every secret in it replaced.
func masked(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			if out[name] = masked(value); isSecret(name) {
				out[name] = strings.Trim(Hidden, `"`)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = masked(v[i])
		}
		return out
	}
	return v
}
