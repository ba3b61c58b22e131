// Package sorted holds lists that never change: a changed list is a new one
// that shares all it can with the old. A change costs a few thousand bytes of
// copying, however long the list is.
package sorted

import (
	"iter"
	"slices"
	"sort"
)

// Item is what lists hold. Both methods look at the same, unchanging part of
// an item.
type Item[T any] interface {
	// Compare orders items as cmp.Compare does. A list holds one of equal ones.
	Compare(T) int
	// Begins tells whether a chunk begins with the item. It should be true of
	// one item in a few hundred, at random: the shorter of a chunk and the list
	// of chunks should not be much longer than the other.
	Begins() bool
}

// Chunk is a stretch of a list. Where chunks begin depends on the items alone
// and not on how the list came about: at the first item of the list and at each
// that says so itself.
type Chunk[T Item[T], M any] struct {
	// Items are at least one; nobody changes them.
	Items []T
	// Memo is for the list's owner to remember what the items come to. It is
	// zero in a new chunk.
	Memo M
}

// List is an immutable sorted list. The zero List is empty. It may be used
// from many goroutines, apart from what Memo demands.
type List[T Item[T], M any] struct {
	chunks []*Chunk[T, M]
	size   int
}

// Change puts an item into a list, in the place of an equal one, or deletes
// the one equal to it.
type Change[T any] struct {
	Item   T
	Delete bool
}

// Of returns the list of the items, of which those that are equal count once.
// It sorts items in place and does not keep them.
func Of[T Item[T], M any](items []T) List[T, M] {
	slices.SortFunc(items, T.Compare)
	var b builder[T, M]
	for i, item := range items {
		if i == 0 || item.Compare(items[i-1]) != 0 {
			b.add(item, item.Begins())
			b.size++
		}
	}
	return b.list()
}

// With returns the list with the changes made, the last of equal items
// winning. It sorts changes in place and does not keep them.
func (l List[T, M]) With(changes []Change[T]) List[T, M] {
	if len(changes) == 0 {
		return l
	}
	slices.SortStableFunc(changes, func(a, b Change[T]) int { return a.Item.Compare(b.Item) })
	b := builder[T, M]{chunks: make([]*Chunk[T, M], 0, len(l.chunks)+1), size: l.size}
	if len(l.chunks) == 0 {
		b.merge(nil, changes)
		return b.list()
	}
	done := 0
	for len(changes) > 0 {
		at := l.chunkOf(func(item T) int { return item.Compare(changes[0].Item) })
		b.keep(l.chunks[done:at])
		here := len(changes)
		if at+1 < len(l.chunks) {
			next := l.chunks[at+1].Items[0]
			here = sort.Search(here, func(i int) bool { return changes[i].Item.Compare(next) >= 0 })
		}
		b.merge(l.chunks[at].Items, changes[:here])
		changes, done = changes[here:], at+1
	}
	b.keep(l.chunks[done:])
	return b.list()
}

// chunkOf is the chunk an item belongs to: the last that does not begin after
// it, or the first. order compares an item of the list with it.
func (l List[T, M]) chunkOf(order func(T) int) int {
	return max(0, sort.Search(len(l.chunks), func(i int) bool { return order(l.chunks[i].Items[0]) > 0 })-1)
}

// Find returns the item of which order, which compares an item with what is
// wanted, says 0.
func (l List[T, M]) Find(order func(T) int) (item T, found bool) {
	if len(l.chunks) == 0 {
		return item, false
	}
	items := l.chunks[l.chunkOf(order)].Items
	at, found := sort.Find(len(items), func(i int) int { return -order(items[i]) })
	if !found {
		return item, false
	}
	return items[at], true
}

// From yields the items from the first on of which order says that it does not
// come before what is wanted, which may be several items.
func (l List[T, M]) From(order func(T) int) iter.Seq[T] {
	return func(yield func(T) bool) {
		if len(l.chunks) == 0 {
			return
		}
		// The first that is wanted may end the chunk before the one it begins.
		at := max(0, sort.Search(len(l.chunks), func(i int) bool { return order(l.chunks[i].Items[0]) >= 0 })-1)
		items := l.chunks[at].Items
		items = items[sort.Search(len(items), func(i int) bool { return order(items[i]) >= 0 }):]
		for {
			for _, item := range items {
				if !yield(item) {
					return
				}
			}
			if at++; at == len(l.chunks) {
				return
			}
			items = l.chunks[at].Items
		}
	}
}

// All yields all items in their order.
func (l List[T, M]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, c := range l.chunks {
			for _, item := range c.Items {
				if !yield(item) {
					return
				}
			}
		}
	}
}

// Chunks returns the chunks in their order. Nobody changes the slice.
func (l List[T, M]) Chunks() []*Chunk[T, M] { return l.chunks }

// Len is the number of items.
func (l List[T, M]) Len() int { return l.size }
