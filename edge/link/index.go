package link

import (
	"strconv"

	"github.com/clickgate/clickgate/internal/cow"
)

// Index finds entities by the ids that links carry: the incremental id, the
// id of the platform they came from, or the opaque id, tried in this order. An
// Index never changes; Edit makes another one. The zero Index is empty.
type Index[T any] struct {
	byNumber, byExternal, byID cow.Map[string, T]
}

// IDs are the ids of one entity. A number of 0 and an empty external id name
// nothing.
type IDs struct {
	Number       int64
	External, ID string
}

// Find returns the entity that id names.
func (x *Index[T]) Find(id string) (t T, ok bool) {
	if t, ok = x.byNumber.Get(id); ok {
		return t, true
	}
	if t, ok = x.byExternal.Get(id); ok {
		return t, true
	}
	return x.byID.Get(id)
}

// ByID returns the entity of an opaque id.
func (x *Index[T]) ByID(id string) (T, bool) { return x.byID.Get(id) }

// Len is the number of entities.
func (x *Index[T]) Len() int { return x.byID.Len() }

// IndexEdit is a change of an Index that only its maker sees.
type IndexEdit[T any] struct {
	byNumber, byExternal, byID *cow.Edit[string, T]
}

// Edit starts a change.
func (x *Index[T]) Edit() *IndexEdit[T] {
	return &IndexEdit[T]{x.byNumber.Edit(), x.byExternal.Edit(), x.byID.Edit()}
}

// Add registers t.
func (e *IndexEdit[T]) Add(ids IDs, t T) {
	if ids.Number > 0 {
		e.byNumber.Put(strconv.FormatInt(ids.Number, 10), t)
	}
	if ids.External != "" {
		e.byExternal.Put(ids.External, t)
	}
	e.byID.Put(ids.ID, t)
}

// Remove takes an entity out. Of several changes in one Edit the removals come
// first: an id may pass from one entity to another.
func (e *IndexEdit[T]) Remove(ids IDs) {
	if ids.Number > 0 {
		e.byNumber.Delete(strconv.FormatInt(ids.Number, 10))
	}
	if ids.External != "" {
		e.byExternal.Delete(ids.External)
	}
	e.byID.Delete(ids.ID)
}

// ByID returns the entity of an opaque id as it is by now.
func (e *IndexEdit[T]) ByID(id string) (T, bool) { return e.byID.Get(id) }

// Index ends the change.
func (e *IndexEdit[T]) Index() Index[T] {
	return Index[T]{e.byNumber.Map(), e.byExternal.Map(), e.byID.Map()}
}
