package sorted

import (
	"slices"
	"sort"
)

// builder makes a list from items and chunks that come in their order.
type builder[T Item[T], M any] struct {
	chunks []*Chunk[T, M]
	// open are the items of the chunk that is not complete yet.
	open []T
	// size is the number of items that the list will have.
	size int
}

// keep takes over whole chunks, which begin with an item that begins one
// unless they come first.
func (b *builder[T, M]) keep(chunks []*Chunk[T, M]) {
	if len(chunks) > 0 {
		b.close()
		b.chunks = append(b.chunks, chunks...)
	}
}

// merge adds the items of one chunk, which may be none, with changes.
func (b *builder[T, M]) merge(items []T, changes []Change[T]) {
	b.open = slices.Grow(b.open, len(items)+1)
	rest := items
	for len(changes) > 0 {
		item := changes[0].Item
		at, found := sort.Find(len(rest), func(i int) int { return item.Compare(rest[i]) })
		b.run(rest[:at], len(rest) == len(items))
		if found {
			at++
			b.size--
		}
		rest = rest[at:]
		changes = b.change(changes)
	}
	b.run(rest, len(rest) == len(items))
}

// run adds items of one chunk that follow each other; only the first of the
// chunk may begin one.
func (b *builder[T, M]) run(items []T, first bool) {
	if len(items) > 0 {
		b.add(items[0], first && items[0].Begins())
		b.open = append(b.open, items[1:]...)
	}
}

// change adds the last of the changes to one item and returns those to others.
func (b *builder[T, M]) change(changes []Change[T]) []Change[T] {
	n := 1
	for n < len(changes) && changes[n].Item.Compare(changes[0].Item) == 0 {
		n++
	}
	if last := changes[n-1]; !last.Delete {
		b.add(last.Item, last.Item.Begins())
		b.size++
	}
	return changes[n:]
}

func (b *builder[T, M]) add(item T, begins bool) {
	if begins {
		b.close()
	} else if last := len(b.chunks) - 1; len(b.open) == 0 && last >= 0 {
		// What began this chunk is gone: its items belong to the one before.
		b.open = append(b.open, b.chunks[last].Items...)
		b.chunks = b.chunks[:last]
	}
	b.open = append(b.open, item)
}

func (b *builder[T, M]) close() {
	if len(b.open) > 0 {
		b.chunks = append(b.chunks, &Chunk[T, M]{Items: slices.Clone(b.open)})
		clear(b.open)
		b.open = b.open[:0]
	}
}

func (b *builder[T, M]) list() List[T, M] {
	b.close()
	return List[T, M]{chunks: b.chunks, size: b.size}
}
