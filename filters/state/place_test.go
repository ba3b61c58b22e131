package state

import "testing"

func TestFullBucketsEvictWhatExpiresFirst(t *testing.T) {
	table := NewTable(1)
	slots := table.Stats().Slots // two buckets: every key may use every slot
	for i := range slots {
		table.Add(keyOf(i), start, int64(i+1)*10_000)
	}
	for i := range slots {
		if got := table.Peek(keyOf(i), start); got != 1 {
			t.Fatalf("key %d of %d counts %d before the table is full", i, slots, got)
		}
	}
	if got := table.Add(keyOf(slots), start, 3_600_000); got != 1 {
		t.Errorf("a new key in a full table counts %d", got)
	}
	for i := range slots + 1 {
		want := int64(1)
		if i == 0 {
			want = 0
		}
		if got := table.Peek(keyOf(i), start); got != want {
			t.Errorf("key %d counts %d, want %d: only key 0 expires first and gives way", i, got, want)
		}
	}
	if s := table.Stats(); s.Evictions != 1 || s.Used != slots {
		t.Errorf("stats are %+v, want 1 eviction and %d used slots", s, slots)
	}
	table.Add(keyOf(1000), start+25_000, 1000) // key 1 has expired
	if s := table.Stats(); s.Evictions != 1 {
		t.Errorf("taking the slot of an expired key counts as an eviction: %+v", s)
	}
}

func TestLargeCountsUnderEviction(t *testing.T) {
	table := NewTable(1)
	for i := range 1000 {
		table.Add(keyOf(i), start, 1000)
		for range 300 {
			if table.Add(keyOf(-1), start, 1_000_000) < 1 {
				t.Fatalf("a busy key in a full table counts less than its last event")
			}
		}
	}
	if used, slots := table.Stats().Used, table.Stats().Slots; used != slots {
		t.Errorf("%d slots are used of %d in a full table", used, slots)
	}
	if got := table.Peek(keyOf(-1), start); got != 300_000 {
		t.Errorf("the key that expires last counts %d after 300000 events: a short-lived one displaced a part of it", got)
	}
}

// A key that expires first of all makes room for its further digits by other
// keys, not by itself.
func TestCarrySparesItsOwnSlot(t *testing.T) {
	table := NewTable(1)
	for i := range table.Stats().Slots {
		table.Add(keyOf(i), start, 1_000_000)
	}
	for n := int64(1); n <= 600; n++ {
		if got := table.Add(keyOf(-1), start, 1000); got != n {
			t.Fatalf("event %d in a full table counts as %d", n, got)
		}
	}
	if got := table.Stats().Evictions; got != 3 {
		t.Errorf("%d evictions, want one for each of the three slots", got)
	}
}

// A digit whose lower one was evicted must not be taken for that of a later
// window.
func TestLeftOverDigit(t *testing.T) {
	table := NewTable(1)
	k := keyOf(1)
	for range 300 {
		table.Add(k, start, 60_000)
	}
	p := table.place(k)
	*p.find(p.tag, tickAt(start)) = 0
	p.used--
	for n := int64(1); n <= 300; n++ {
		if got := table.Add(k, start+5000, 60_000); got != n {
			t.Fatalf("event %d after the eviction counts as %d", n, got)
		}
	}
}

func TestLargeCountsAreExact(t *testing.T) {
	const last = 256*256 + 300
	table := NewTable(100)
	k := keyOf(1)
	for n := int64(1); n <= last; n++ {
		if got := table.Add(k, start, 1000); got != n {
			t.Fatalf("event %d counts as %d", n, got)
		}
	}
	if got := table.Peek(k, start+999); got != last {
		t.Errorf("after %d events, Peek says %d", last, got)
	}
	table.Extend(k, start, 5000)
	if got := table.Add(k, start+5999, 1000); got != last+1 {
		t.Errorf("in the prolonged window, event %d counts as %d", last+1, got)
	}
	if got := table.Add(k, start+6000, 1000); got != 1 {
		t.Errorf("the first event of the next window counts as %d", got)
	}
	if used := table.Stats().Used; used > digits {
		t.Errorf("one key holds %d slots, want at most %d", used, digits)
	}
}
