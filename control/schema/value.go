package schema

// WithoutNulls removes the fields that are null: in the API null says the same
// as leaving a field out, and in a merge patch it resets one. The value stays
// as it is.
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

// Merge applies a merge patch (RFC 7396) to target, which it changes and
// returns; nil is an empty one. Objects of the patch are copied, so that later
// changes of the result leave the patch alone; lists are shared.
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
