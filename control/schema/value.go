package schema

import (
	"strconv"
	"strings"
)

// WithoutNulls removes the fields that are null: in the API null says the same
// as leaving a field out, and in a merge patch it resets one.
func WithoutNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		clean := make(map[string]any, len(value))
		for name, inner := range value {
			if inner != nil {
				clean[name] = WithoutNulls(inner)
			}
		}
		return clean
	case []any:
		clean := make([]any, len(value))
		for i, inner := range value {
			clean[i] = WithoutNulls(inner)
		}
		return clean
	}
	return value
}

// Merge applies a merge patch (RFC 7396).
func Merge(target, patch map[string]any) map[string]any {
	if target == nil {
		target = map[string]any{}
	}
	for name, value := range patch {
		switch value := value.(type) {
		case nil:
			delete(target, name)
		case map[string]any:
			inner, _ := target[name].(map[string]any)
			target[name] = Merge(inner, value)
		default:
			target[name] = value
		}
	}
	return target
}

// At looks up a value by the path of a problem: "filters[2].settings.keywords".
func At(value any, path string) any {
	for path != "" {
		step, rest := cutStep(path)
		switch inner := value.(type) {
		case map[string]any:
			value = inner[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(inner) {
				return nil
			}
			value = inner[i]
		default:
			return nil
		}
		path = rest
	}
	return value
}

// cutStep splits the first field, index or quoted key from a path.
func cutStep(path string) (step, rest string) {
	path = strings.TrimPrefix(path, ".")
	if strings.HasPrefix(path, "[") {
		if quoted, err := strconv.QuotedPrefix(path[1:]); err == nil {
			step, _ = strconv.Unquote(quoted)
			return step, strings.TrimPrefix(path[1+len(quoted):], "]")
		}
		step, rest, _ = strings.Cut(path[1:], "]")
		return step, rest
	}
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		return path, ""
	}
	return path[:end], path[end:]
}
