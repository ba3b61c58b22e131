package sorted

import "slices"

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
	for i := 0; i < len(items) || len(changes) > 0; {
		order := -1
		switch {
		case i == len(items):
			order = 1
		case len(changes) > 0:
			order = items[i].Compare(changes[0].Item)
		}
		if order < 0 {
			b.add(items[i], i == 0 && items[0].Begins())
			i++
			continue
		}
		if order == 0 {
			i++
			b.size--
		}
		changes = b.change(changes)
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
