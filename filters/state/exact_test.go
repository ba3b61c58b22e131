package state

import (
	"bytes"
	"sync"
	"sync/atomic"
	"testing"
)

// Half of the keys are known when the memory is saved in the middle of the
// traffic. Meanwhile these come again, and each of the others comes twice, from
// goroutines that run over the keys from both ends: one of the two clicks is
// the first, so no first click is refused and no duplicate accepted.
func TestMemoryIsExact(t *testing.T) {
	keys := 10_000_000
	if testing.Short() || raceEnabled {
		keys = 200_000
	}
	// The secret is that of all test keys, which are the same every time.
	m := NewMemory(Options{Keys: keys})
	m.seed = *testKey.seed
	half := keys / 2
	for i := range half {
		if n := m.Counts.Add(spread(i), start, hour); n != 1 {
			t.Fatalf("key %d counts %d when it comes first", i, n)
		}
	}
	snapshot := bytes.NewBuffer(make([]byte, 0, 9*keys))
	d := double{counts: m.Counts, half: half, first: make([]atomic.Bool, keys-half)}
	d.click(keys, func() {
		if err := m.Save(snapshot, start); err != nil {
			t.Error(err)
		}
	})
	refused := d.refused.Load()
	for i := range d.first {
		if !d.first[i].Load() {
			refused++
		}
	}
	if accepted := d.accepted.Load(); refused != 0 || accepted != 0 {
		t.Errorf("%d first clicks were refused and %d duplicates accepted of %d keys", refused, accepted, keys)
	}
	if s := m.Counts.Stats(); s.Used != keys || s.Evictions != 0 {
		t.Errorf("%d keys use %d slots after %d evictions", keys, s.Used, s.Evictions)
	}
	loadExact(t, snapshot, m, half)
}

// double clicks on keys and notes wrong answers.
type double struct {
	counts            *Table
	half              int
	first             []atomic.Bool // of the keys from half on: some click was told to be the first
	refused, accepted atomic.Int64
}

// click does so on all keys while something else runs.
func (d *double) click(keys int, meanwhile func()) {
	const workers = 4
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < keys; i += workers {
				d.one(i)
			}
		})
		wg.Go(func() {
			for i := keys - 1 - w; i >= d.half; i -= workers {
				d.one(i)
			}
		})
	}
	wg.Go(meanwhile)
	wg.Go(func() { d.counts.Sweep(start) })
	wg.Wait()
}

func (d *double) one(i int) {
	n := d.counts.Add(spread(i), start, hour)
	switch {
	case n > 2:
		d.refused.Add(1)
	case n == 1 && (i < d.half || d.first[i-d.half].Swap(true)):
		d.accepted.Add(1)
	}
}

// loadExact loads what was saved when the keys below half were known. They
// still are, what came meanwhile is counted at most as often as it came, and
// strangers stay strangers.
func loadExact(t *testing.T, snapshot *bytes.Buffer, m *Memory, half int) {
	t.Helper()
	loaded, err := Load(snapshot, start, Options{Keys: 2 * half})
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for i := range 2*half + half/10 {
		n := loaded.Counts.Add(spread(i), start, hour)
		if most := 1 + m.Counts.Peek(spread(i), start); n > most || i < half && n < 2 {
			wrong++
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d keys are not counted as they came after loading", wrong, 2*half)
	}
}
