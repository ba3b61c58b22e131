package state

import (
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

func BenchmarkRatesCount(b *testing.B) {
	const rateKeys = 1 << 15
	r := NewRates(DefaultRateBytes)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Count(spread(i*7919%rateKeys), start+int64(i), 24, i%8 == 0)
	}
}
