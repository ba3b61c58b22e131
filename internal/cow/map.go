// Package cow holds maps that are never changed: a change makes another map,
// which shares with the first one what it leaves alone. Readers need no lock,
// and a change among 100,000 entries copies some hundred of them.
package cow

import (
	"hash/maphash"
	"iter"
	"maps"
)

// Map is an immutable map. The zero Map is empty.
type Map[K comparable, V any] struct {
	// shards holds one map while there are few entries, shardCount beyond.
	shards []map[K]V
	len    int
}

const (
	shardCount = 256
	// fewEntries is where a map is split into shards.
	fewEntries = 256
)

var seed = maphash.MakeSeed()

func (m Map[K, V]) shard(key K) int {
	if len(m.shards) == 1 {
		return 0
	}
	return int(maphash.Comparable(seed, key) % shardCount)
}

// Get returns the value of a key.
func (m Map[K, V]) Get(key K) (v V, ok bool) {
	if len(m.shards) == 0 {
		return v, false
	}
	v, ok = m.shards[m.shard(key)][key]
	return v, ok
}

// Len is the number of entries.
func (m Map[K, V]) Len() int { return m.len }

// All yields the entries in no order.
func (m Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, shard := range m.shards {
			for k, v := range shard {
				if !yield(k, v) {
					return
				}
			}
		}
	}
}

// Edit starts a change. Several changes in one Edit copy what they touch once.
func (m Map[K, V]) Edit() *Edit[K, V] {
	return &Edit[K, V]{m: m}
}

// Edit is a change of a map that only its maker sees.
type Edit[K comparable, V any] struct {
	m     Map[K, V]
	owned []bool
}

// own makes the shard of a key one that may be written to.
func (e *Edit[K, V]) own(key K) map[K]V {
	if e.owned == nil {
		shards := append([]map[K]V(nil), e.m.shards...)
		if len(shards) == 0 {
			shards = make([]map[K]V, 1)
		}
		e.m.shards, e.owned = shards, make([]bool, len(shards))
	}
	i := e.m.shard(key)
	if !e.owned[i] {
		e.m.shards[i], e.owned[i] = maps.Clone(e.m.shards[i]), true
	}
	if e.m.shards[i] == nil {
		e.m.shards[i] = map[K]V{}
	}
	return e.m.shards[i]
}

// Get returns the value of a key as it is by now.
func (e *Edit[K, V]) Get(key K) (V, bool) { return e.m.Get(key) }

// Put sets a key.
func (e *Edit[K, V]) Put(key K, v V) {
	if len(e.m.shards) == 1 && e.m.len >= fewEntries {
		e.split()
	}
	shard := e.own(key)
	before := len(shard)
	shard[key] = v
	e.m.len += len(shard) - before
}

// Delete removes a key.
func (e *Edit[K, V]) Delete(key K) {
	if _, ok := e.m.Get(key); ok {
		delete(e.own(key), key)
		e.m.len--
	}
}

// split spreads the entries over shards.
func (e *Edit[K, V]) split() {
	whole := e.m.shards[0]
	e.m.shards = make([]map[K]V, shardCount)
	e.owned = make([]bool, shardCount)
	for k, v := range whole {
		e.own(k)[k] = v
	}
}

// Map ends the change and returns its result; the Edit is of no more use.
func (e *Edit[K, V]) Map() Map[K, V] { return e.m }
