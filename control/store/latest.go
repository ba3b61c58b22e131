package store

import "sync"

// latest is a mailbox for one: a value that was not fetched in time is merged
// into the one that follows it. The zero value is not usable.
type latest[T any] struct {
	*box[T]
	// ready receives once after put.
	ready chan struct{}
	merge func(newer, older T) T
}

type box[T any] struct {
	mu    sync.Mutex
	value T
	full  bool
}

func newLatest[T any](merge func(newer, older T) T) latest[T] {
	return latest[T]{box: &box[T]{}, ready: make(chan struct{}, 1), merge: merge}
}

func (l latest[T]) put(v T) {
	l.mu.Lock()
	if l.full {
		v = l.merge(v, l.value)
	}
	l.value, l.full = v, true
	l.mu.Unlock()
	select {
	case l.ready <- struct{}{}:
	default:
	}
}

// fetch empties the mailbox; false when it is empty.
func (l latest[T]) fetch() (v T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok = l.value, l.full
	var zero T
	l.value, l.full = zero, false
	return v, ok
}
