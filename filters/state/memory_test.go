package state

import (
	"runtime"
	"testing"
)

// A key is to cost 14 bytes at most, and the table is to hold the number of
// keys it was made for without losing one. Tags of 32 bits let a new key meet a
// stranger's slot once in hundreds of millions; among the keys of this test,
// which are the same every time, none does.
func TestMemoryPerKey(t *testing.T) {
	const limit = 14.0
	keys := 10_000_000
	if testing.Short() || raceEnabled {
		keys = 200_000
	}
	before := heap()
	table := NewTable(keys)
	shared := 0
	for i := range keys {
		if n := table.Add(spread(i), start, 3_600_000); n != 1 {
			shared++
		}
	}
	if shared > 0 {
		t.Errorf("%d of %d new keys met a stranger's slot", shared, keys)
	}
	perKey := float64(heap()-before) / float64(keys)
	stats := table.Stats()
	t.Logf("%d keys: %.2f bytes a key, load %.3f, %d evictions", keys, perKey, stats.Load(), stats.Evictions)
	if perKey > limit {
		t.Errorf("%d keys take %.2f bytes each, want at most %.0f", keys, perKey, limit)
	}
	if stats.Evictions != 0 || stats.Used != keys {
		t.Errorf("%d keys use %d slots after %d evictions, want one each and no eviction", keys, stats.Used, stats.Evictions)
	}
	wrong := 0
	for i := range keys {
		if table.Peek(spread(i), start) != 1 {
			wrong++
		}
	}
	if wrong > 0 {
		t.Errorf("%d keys do not count one after they were counted once", wrong)
	}
}

// spread is a cheap key for numbers. They are mixed first (splitmix64): numbers
// in a row are no hashes, and fill a table unevenly with one seed in some
// hundred.
func spread(i int) Key {
	h := uint64(i) * 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return testKey.join(h ^ h>>31)
}

// testKey begins the keys of tests. Its memory has a seed of its own choice, so
// that a test meets the same keys every time.
var testKey = (&Memory{seed: seed{1, 2}}).Namespace("test", "click", "", "")

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestDefaultSizes(t *testing.T) {
	m := NewMemory(Options{})
	if got := m.Counts.Stats().Slots; got < DefaultKeys {
		t.Errorf("a memory by default has %d slots, want room for %d keys", got, DefaultKeys)
	}
	m.Counts.Add(spread(1), start, 1000)
	m.Sweep(start + 1000)
	if got := m.Counts.Stats().Used; got != 0 {
		t.Errorf("%d slots are used after the only key expired and was swept", got)
	}
}
