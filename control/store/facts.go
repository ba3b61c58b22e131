package store

import (
	"hash/maphash"
	"maps"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/clickgate/clickgate/config"
)

// Entry is a document with what is known of its changes.
type Entry struct {
	Document config.Document
	// Revision is the bucket's sequence of the document's last change: no two
	// states of a document have the same.
	Revision uint64
	// CreatedAt and UpdatedAt are the writers' clocks, UTC, to the millisecond.
	CreatedAt, UpdatedAt time.Time
	// UpdatedBy is the author of the last change.
	UpdatedBy string
}

// Entry returns a document and its facts; false when there is none.
func (s Snapshot) Entry(key config.Key) (Entry, bool) {
	doc, ok := s.Set.Get(key)
	if !ok {
		return Entry{}, false
	}
	f := s.facts.get(key)
	return Entry{
		Document: doc, Revision: f.revision, UpdatedBy: f.author,
		CreatedAt: time.UnixMilli(f.created).UTC(), UpdatedAt: time.UnixMilli(f.updated).UTC(),
	}, true
}

// Highest is the highest incremental id that a document of the kind ever had,
// those deleted since included; 0 before the first.
func (s Snapshot) Highest(kind config.Kind) int64 { return s.numbers[kind] }

// The headers of an entry that say who wrote it. They are no part of the
// document, so that the same documents have the same digest everywhere.
const (
	createdHeader = "Clickgate-Created"
	updatedHeader = "Clickgate-Updated"
	authorHeader  = "Clickgate-Author"
)

// fact is what the bucket knows of a document besides its content.
type fact struct {
	revision uint64
	// created and updated are unix milliseconds.
	created, updated int64
	author           string
}

// factOf reads the headers of an entry written at a time; entries without
// headers were written then.
func factOf(seq uint64, h nats.Header, at time.Time) fact {
	f := fact{revision: seq, author: h.Get(authorHeader)}
	f.updated = millis(h.Get(updatedHeader), at.UnixMilli())
	f.created = millis(h.Get(createdHeader), f.updated)
	return f
}

func millis(text string, otherwise int64) int64 {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return otherwise
	}
	return t.UnixMilli()
}

func (f fact) write(h nats.Header) {
	stamp := func(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339Nano) }
	h.Set(createdHeader, stamp(f.created))
	h.Set(updatedHeader, stamp(f.updated))
	if f.author != "" {
		h.Set(authorHeader, f.author)
	}
}

// factShards is how many parts a change copies one of.
const factShards = 512

var factSeed = maphash.MakeSeed()

// facts are those of all documents of a version. Versions share what did not
// change; a facts value that others may see is never written to.
type facts struct {
	shards *[factShards]map[config.Key]fact
}

func shardOf(key config.Key) uint64 { return maphash.Comparable(factSeed, key) % factShards }

func (f facts) get(key config.Key) fact {
	if f.shards == nil {
		return fact{}
	}
	return f.shards[shardOf(key)][key]
}

// with returns facts with some of them set, and those of deleted documents
// removed: a revision of 0 deletes.
func (f facts) with(changes map[config.Key]fact) facts {
	var next [factShards]map[config.Key]fact
	if f.shards != nil {
		next = *f.shards
	}
	var copied [factShards]bool
	for key, change := range changes {
		i := shardOf(key)
		if !copied[i] {
			next[i], copied[i] = maps.Clone(next[i]), true
		}
		if next[i] == nil {
			next[i] = map[config.Key]fact{}
		}
		if next[i][key] = change; change.revision == 0 {
			delete(next[i], key)
		}
	}
	return facts{&next}
}
