package config

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
)

// sum is a SHA-256.
type sum [sha256.Size]byte

// lazySummary is what encoding a document comes to, once it was done.
type lazySummary struct {
	once sync.Once
	sum  sum
	err  error
}

// Digest is a SHA-256, in hex, over all that the documents say. Sets that say
// the same have the same digest, however they came about.
//
// It is made in four steps, each a SHA-256, of which only those that a change
// touches are done again:
//
//   - of a document: over its key ("offer/demo"), a line feed and its canonical
//     JSON (Encode);
//   - of a chunk: over the sums of some documents of one kind whose ids follow
//     each other, sorted. A chunk begins at the first id of the kind and at
//     every id that beginsChunk tells, so that the ids alone say which chunk a
//     document belongs to;
//   - of a kind: over the sums of its chunks;
//   - of the set: over the name, a line feed and the sum of each kind that has
//     documents, in the order of Kinds.
func (s *Set) Digest() string {
	s.digest.once.Do(func() {
		s.sumChunks()
		all := sha256.New()
		for i, shelf := range s.shelves {
			if shelf.len() > 0 {
				all.Write([]byte(kinds[i].kind + "\n"))
				all.Write(shelf.digest(kinds[i].kind)[:])
			}
		}
		s.digest.text = hex.EncodeToString(all.Sum(nil))
	})
	return s.digest.text
}

type lazyDigest struct {
	once sync.Once
	text string
}

// sumChunks sums up the chunks of a set that was loaded, on all processors. It
// leaves the few that a change makes to the caller, since goroutines cost more.
func (s *Set) sumChunks() {
	var missing []func()
	for i, shelf := range s.shelves {
		if shelf.len() == 0 || shelf.sum.Load() != nil {
			continue
		}
		for _, c := range shelf.chunks() {
			if c.Memo.Load() == nil {
				missing = append(missing, func() { digestChunk(c, kinds[i].kind) })
			}
		}
	}
	if len(missing) > 8 {
		inParallel(len(missing), func(i int) { missing[i]() })
	}
}

func (s *shelf) digest(kind Kind) *sum {
	return s.sum.get(func() sum { return sumOf(s.chunks(), func(c *shelfChunk) *sum { return digestChunk(c, kind) }) })
}

func digestChunk(c *shelfChunk, kind Kind) *sum {
	return c.Memo.get(func() sum { return sumOf(c.Items, func(e *entry) *sum { return e.digest(kind) }) })
}

// sumOf hashes the sums of parts, many at a time since they are small.
func sumOf[T any](parts []T, digest func(T) *sum) (total sum) {
	h := sha256.New()
	var some [64 * sha256.Size]byte
	for batch := range slices.Chunk(parts, 64) {
		sums := some[:0]
		for _, part := range batch {
			sums = append(sums, digest(part)[:]...)
		}
		h.Write(sums)
	}
	h.Sum(total[:0])
	return total
}

func (e *entry) digest(kind Kind) *sum {
	e.encode(kind)
	return &e.summary.sum
}

// encode sums up the document once. The error is that of Encode; the sum then
// stands for the error, since Validate refuses the document anyway.
func (e *entry) encode(kind Kind) error {
	e.summary.once.Do(func() {
		text, err := Encode(e.document)
		if err != nil {
			text, e.summary.err = []byte(err.Error()), err
		}
		key := Key{kind, e.id}.String() + "\n"
		e.summary.sum = sha256.Sum256(append([]byte(key), text...))
	})
	return e.summary.err
}
