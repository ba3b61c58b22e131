package schema

import (
	"strconv"
	"strings"
)

// under is the path of a field: "body.name", or `body.browsers["Mobile Safari"]`
// for a key that could be taken for something else. Package config writes paths
// in the same way. Long keys are cut: a path is made for each value below.
func under(path, key string) string {
	switch {
	case len(key) > longestKey:
		return path + "[" + strconv.Quote(key[:longestKey]) + "...]"
	case isPlain(key):
		return path + "." + key
	}
	return path + "[" + strconv.Quote(key) + "]"
}

// longestKey is how much of a key stands in a path, in bytes.
const longestKey = 64

func isPlain(key string) bool {
	return key != "" && strings.IndexFunc(key, func(c rune) bool {
		return c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}) < 0
}

// At looks up a value by the path of a problem: "filters[2].settings.keywords".
// It is nil when there is no such value.
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
