package link

import "strconv"

// Index finds entities by the ids that links carry: the incremental id, the
// id of the platform they came from, or the opaque id, tried in this order. An
// Index is read only once built.
type Index[T any] struct {
	byNumber, byExternal, byID map[string]T
}

// NewIndex returns an empty Index with room for n entities.
func NewIndex[T any](n int) *Index[T] {
	return &Index[T]{
		byNumber:   make(map[string]T, n),
		byExternal: map[string]T{},
		byID:       make(map[string]T, n),
	}
}

// Add registers t. A number of 0 and an empty external id are left out.
func (x *Index[T]) Add(number int64, external, id string, t T) {
	if number > 0 {
		x.byNumber[strconv.FormatInt(number, 10)] = t
	}
	if external != "" {
		x.byExternal[external] = t
	}
	x.byID[id] = t
}

// Find returns the entity that id names.
func (x *Index[T]) Find(id string) (t T, ok bool) {
	if t, ok = x.byNumber[id]; ok {
		return t, true
	}
	if t, ok = x.byExternal[id]; ok {
		return t, true
	}
	t, ok = x.byID[id]
	return t, ok
}
