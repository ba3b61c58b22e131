package config

import (
	"iter"
	"strings"
	"sync/atomic"

	"github.com/clickgate/clickgate/config/internal/sorted"
)

// shelf holds the documents of one kind, sorted by id. It never changes; sets
// share it. A nil shelf is empty.
type shelf struct {
	entries sorted.List[*entry, lazySum]
	sum     lazySum
}

// entry is a document in one or more sets that share it.
type entry struct {
	id       string
	document Document
	begins   bool
	summary  lazySummary
}

type (
	shelfChange = sorted.Change[*entry]
	shelfChunk  = sorted.Chunk[*entry, lazySum]
)

// lazySum is the sum of what cannot change, made when somebody asks.
type lazySum struct{ atomic.Pointer[sum] }

func (l *lazySum) get(make func() sum) *sum {
	if known := l.Load(); known != nil {
		return known
	}
	made := make()
	l.Store(&made)
	return &made
}

func newEntry(id string, d Document) *entry {
	return &entry{id: id, document: d, begins: beginsChunk(id)}
}

// Compare implements sorted.Item.
func (e *entry) Compare(other *entry) int { return strings.Compare(e.id, other.id) }

// Begins implements sorted.Item.
func (e *entry) Begins() bool { return e.begins }

// beginsChunk is true of one id in 256. Digests depend on it: it must never
// change. It is FNV-1a with the last step of MurmurHash3, since the low bits of
// FNV-1a alone are poor.
func beginsChunk(id string) bool {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return (h^h>>33)&0xff == 0
}

func (s *shelf) with(changes []shelfChange) *shelf {
	if s == nil {
		s = new(shelf)
	}
	return &shelf{entries: s.entries.With(changes)}
}

// find returns the entry of an id, or nil.
func (s *shelf) find(id string) *entry {
	if s == nil {
		return nil
	}
	e, _ := s.entries.Find(func(e *entry) int { return strings.Compare(e.id, id) })
	return e
}

func (s *shelf) len() int {
	if s == nil {
		return 0
	}
	return s.entries.Len()
}

func (s *shelf) chunks() []*shelfChunk {
	if s == nil {
		return nil
	}
	return s.entries.Chunks()
}

func (s *shelf) all() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		for _, c := range s.chunks() {
			for _, e := range c.Items {
				if !yield(e) {
					return
				}
			}
		}
	}
}
