package geo

import (
	"strconv"
	"sync"
	"testing"
)

// number is a record that names the offset it belongs to.
func number(offset uintptr) record { return record{city: strconv.Itoa(int(offset))} }

// TestCacheIsTrue fills a cache far over its size from several sides at once:
// whatever it still knows must be right.
func TestCacheIsTrue(t *testing.T) {
	c := newCache(1000 * bytesPerSlot)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range uintptr(10_000) {
				if r := c.put(i, number(i)); *r != number(i) {
					t.Errorf("storing the record of offset %d gives that of %s", i, r.city)
				}
				if r := c.get(i / 2); r != nil && *r != number(i/2) {
					t.Errorf("the record of offset %d is that of %s", i/2, r.city)
				}
			}
		})
	}
	wg.Wait()
}

func TestCacheKeepsOneCopy(t *testing.T) {
	c := newCache(0)
	first := c.put(7, number(7))
	if second := c.put(7, number(7)); second != first || c.get(7) != first {
		t.Error("a record stored twice is cached twice")
	}
}

func TestCachePushesOutTheOldest(t *testing.T) {
	c := newCache(0) // one bucket
	for i := range uintptr(2 * cacheWays) {
		c.put(i, number(i))
	}
	for i := range uintptr(2 * cacheWays) {
		if got, want := c.get(i) != nil, i >= cacheWays; got != want {
			t.Errorf("after %d records in %d slots, record %d is cached: %v, want %v", 2*cacheWays, cacheWays, i, got, want)
		}
	}
}

func TestCacheStaysFull(t *testing.T) {
	const offsets = 10_000
	c := newCache(1000 * bytesPerSlot)
	for range 2 { // the second round must not store anything twice
		for i := range uintptr(offsets) {
			if c.get(i) == nil {
				c.put(i, number(i))
			}
		}
	}
	kept := 0
	for i := range uintptr(offsets) {
		if c.get(i) != nil {
			kept++
		}
	}
	if kept != 1024 || len(c.slots) != 1024 {
		t.Errorf("after %d records %d are kept in %d slots, want 1024 in 1024", offsets, kept, len(c.slots))
	}
}

func TestCacheSizes(t *testing.T) {
	for _, c := range []struct{ bytes, want int }{
		{0, cacheWays},
		{100, 8},
		{1 << 40, maxCacheSlots},
	} {
		cache := newCache(c.bytes)
		if got := len(cache.slots); got != c.want {
			t.Errorf("the cache of a database of %d bytes has %d slots, want %d", c.bytes, got, c.want)
		}
		for _, offset := range []uintptr{0, 1, 12345, 1<<63 + 1} { // any offset has a whole bucket
			if n := len(cache.bucket(offset)); n != cacheWays {
				t.Errorf("bucket of offset %d has %d slots, want %d", offset, n, cacheWays)
			}
		}
	}
}
