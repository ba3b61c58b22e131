package geo

import (
	"math/bits"
	"sync/atomic"
)

const (
	cacheWays     = 4       // slots in which a record may stand
	maxCacheSlots = 1 << 17 // at some 250 bytes a record: 32 MB a database
	bytesPerSlot  = 16      // of the database: few records with their part of the tree take less
)

// cache holds decoded records of one database by their offset. It never locks
// and its size is fixed: a slot is written whole, by one atomic store, and a
// record that is pushed out costs its next visitor a decode.
type cache struct {
	slots []atomic.Pointer[cached]
	shift uint
	turn  atomic.Uint32
}

type cached struct {
	offset uintptr
	record record
}

// newCache returns a cache fit for a database of size bytes.
func newCache(size int) *cache {
	slots := min(max(size/bytesPerSlot, cacheWays), maxCacheSlots)
	log2 := bits.Len(uint(slots - 1))
	return &cache{
		slots: make([]atomic.Pointer[cached], 1<<log2),
		shift: uint(64 - log2),
	}
}

// bucket returns the slots in which the record of an offset may stand.
func (c *cache) bucket(offset uintptr) []atomic.Pointer[cached] {
	const spread = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio
	first := uint64(offset) * spread >> c.shift &^ (cacheWays - 1)
	return c.slots[first : first+cacheWays]
}

// get returns the record of an offset, or nil.
func (c *cache) get(offset uintptr) *record {
	bucket := c.bucket(offset)
	for i := range bucket {
		if e := bucket[i].Load(); e != nil && e.offset == offset {
			return &e.record
		}
	}
	return nil
}

// put stores a record in a free slot, or else over the slot whose turn it is.
// It returns the record that is cached, which may be another visitor's copy.
func (c *cache) put(offset uintptr, r record) *record {
	fresh := &cached{offset: offset, record: r}
	bucket := c.bucket(offset)
	for i := range bucket {
		if bucket[i].CompareAndSwap(nil, fresh) {
			return &fresh.record
		}
		if e := bucket[i].Load(); e.offset == offset {
			return &e.record
		}
	}
	bucket[c.turn.Add(1)%cacheWays].Store(fresh)
	return &fresh.record
}
