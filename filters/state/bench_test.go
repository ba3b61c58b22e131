package state

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// The table is as full as it is meant to get, so a call meets cold memory.
func BenchmarkTable10M(b *testing.B) {
	const keys = 10_000_000
	table := NewTable(keys)
	for i := range keys {
		table.Add(spread(i), start, 3_600_000)
	}
	b.Run("Add", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			table.Add(spread(i*7919%keys), start, 3_600_000)
		}
	})
	b.Run("AddParallel", func(b *testing.B) {
		var workers atomic.Int64
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for i := int(workers.Add(1)) * 1_000_003; pb.Next(); i++ {
				table.Add(spread(i*7919%keys), start, 3_600_000)
			}
		})
	})
	b.Run("Sweep", func(b *testing.B) {
		for b.Loop() {
			table.Sweep(start)
		}
	})
}

// Keys come for a month, so that all pages are there.
func BenchmarkHourly(b *testing.B) {
	const keys = 1 << 12
	for _, hours := range []int{24, 720} {
		rates, ledger := NewRates(DefaultRateBytes), NewLedger(DefaultLedgerBytes)
		for h := range int64(hours) {
			for i := range keys {
				rates.Count(spread(i), start+h*hour, hours, false)
				ledger.Click(spread(i), start+h*hour)
			}
		}
		now := start + int64(hours)*hour
		b.Run(fmt.Sprintf("RatesCount/%dh", hours), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				rates.Count(spread(i*7919%keys), now, hours, i%8 == 0)
			}
		})
		b.Run(fmt.Sprintf("RatesTurnOfHour/%dh", hours), func(b *testing.B) {
			for i := 0; b.Loop(); i++ { // each key has the hour's first request
				rates.Count(spread(i%keys), now+int64(i/keys)*hour, hours, false)
			}
		})
		b.Run(fmt.Sprintf("LedgerClickAndSums/%dh", hours), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				k := spread(i * 7919 % keys)
				ledger.Click(k, now)
				ledger.Sum(k, now, hours)
				ledger.Sum(k, now, 168)
			}
		})
	}
}

// A crowd of keys that never come again, in a memory that is full.
func BenchmarkRatesCrowd(b *testing.B) {
	r := NewRates(DefaultRateBytes)
	for i := range 1_000_000 {
		r.Count(spread(i), start, 720, false)
	}
	b.ReportAllocs()
	for i := 1_000_000; b.Loop(); i++ {
		r.Count(spread(i), start, 720, false)
	}
}

func BenchmarkAdmit(b *testing.B) {
	u := NewUniques(DefaultUniqueKeys)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		u.Admit(spread(i%1000), spread(i%7919), start+int64(i), 24*hour, 100, true)
	}
}

func BenchmarkKey(b *testing.B) {
	ns := testKey
	b.ReportAllocs()
	for b.Loop() {
		ns.Mark(0).String("6d2b7f0a-95c5-4b58-a5b5-aa1fb8bb0a11").Mark(2).String("1024").Mark(4).String("sub-12345")
	}
}

func BenchmarkSnapshot(b *testing.B) {
	for _, keys := range []int{2_000_000, 10_000_000} {
		o := Options{Keys: keys}
		m := NewMemory(o)
		for i := range keys {
			m.Counts.Add(spread(i), start, hour)
		}
		path := filepath.Join(b.TempDir(), "state")
		b.Run(fmt.Sprintf("Save/%dM", keys/1e6), func(b *testing.B) {
			for b.Loop() {
				if err := m.SaveFile(path, start); err != nil {
					b.Fatal(err)
				}
			}
			info, _ := os.Stat(path)
			b.ReportMetric(float64(info.Size())/1e6, "MB")
		})
		b.Run(fmt.Sprintf("Load/%dM", keys/1e6), func(b *testing.B) {
			for b.Loop() {
				if _, err := LoadFile(path, start, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
