// Package state is the memory of the filters:
//
//   - Counts: how often a key was seen within a window (Table);
//   - Rates: the share of suspicious requests over hours (C2);
//   - Ledger: clicks and conversions over hours;
//   - Uniques: how many different members a set has (D-30).
//
// All of it has a fixed size, holds no pointers per key and is safe for use by
// many goroutines. Evictions tell when a size is too small; while there are
// none, counts are exact.
//
// What survives what: a reload of the config builds new filters over the same
// memory, and a filter that is kept finds its counts again by its namespace. A
// restart keeps what the last snapshot holds, less what has expired meanwhile.
// After a kill or a crash, what came since that snapshot is lost. A change of
// Options.Keys or UniqueKeys loses counts or sets, a damaged snapshot all.
// The figures of Stats begin anew with each process.
package state

import (
	"sync"
	"time"
)

// MaxWindow is the longest window of the memory, prolongations included.
const MaxWindow = 90 * 24 * time.Hour

// MaxLookbackHours is the longest window of shares: 30 days.
const MaxLookbackHours = 720

// The sizes of a memory whose options leave them open.
const (
	DefaultKeys        = 1 << 20
	DefaultRateBytes   = 64 << 20
	DefaultLedgerBytes = 64 << 20
	DefaultUniqueKeys  = 1 << 18
)

// Options size a Memory. Values below 1 mean the default.
type Options struct {
	// Keys is how many keys are counted at one time without loss: every
	// address, visitor id or device id within its window, once for each rule
	// that watches it. A key takes 13 bytes.
	Keys int
	// RateBytes are for shares of suspicious requests. A combination of
	// publisher, offer and sub id takes 72 bytes for each eight hours in which
	// it was seen and some 50 more: with a window of 24 hours up to 340 bytes,
	// of 720 hours up to 6.5 KB.
	RateBytes int
	// LedgerBytes are for clicks and conversions by the hour. A combination
	// takes 104 bytes for each eight hours of the last 720 in which it was
	// seen and some 160 more: up to 9.6 KB.
	LedgerBytes int
	// UniqueKeys is how many members of limited sets, such as the sub ids of
	// publishers, are known at one time. A member takes 13 bytes, a set of them up to
	// 240 with a window of 24 hours, for which 32 bytes a member are set aside.
	UniqueKeys int
}

// or returns n, or the default when n is below 1.
func or(n, byDefault int) int {
	if n < 1 {
		return byDefault
	}
	return n
}

// Memory is everything the filters remember. Its zero value serves to check
// settings: filters can be built with it, but not asked.
type Memory struct {
	seed    seed
	Counts  *Table
	Rates   *Rates
	Ledger  *Ledger
	Uniques *Uniques
	saving  sync.Mutex
}

// NewMemory makes a memory. It is taken from the system when it is first
// used, so generous sizes cost little until there is traffic.
func NewMemory(o Options) *Memory {
	return &Memory{
		seed:    newSeed(),
		Counts:  NewTable(or(o.Keys, DefaultKeys)),
		Rates:   NewRates(or(o.RateBytes, DefaultRateBytes)),
		Ledger:  NewLedger(or(o.LedgerBytes, DefaultLedgerBytes)),
		Uniques: NewUniques(or(o.UniqueKeys, DefaultUniqueKeys)),
	}
}

// Holds tells whether shares can be measured over so many hours: the error
// says what it takes. The zero Memory knows no size and accepts up to
// MaxLookbackHours. Ask Ledger.Holds for conversion rates.
func (m *Memory) Holds(hours int) error { return m.Rates.Holds(hours) }

// NamedStats are the figures of a part.
type NamedStats struct {
	Name string // lower case, fit for a metric's label
	Stats
}

// Stats returns the figures of all parts, always in the same order.
func (m *Memory) Stats() []NamedStats {
	return []NamedStats{
		{"counts", m.Counts.Stats()},
		{"rates", m.Rates.Stats()},
		{"ledger", m.Ledger.Stats()},
		{"unique_spaces", m.Uniques.spaces.Stats()},
		{"unique_members", m.Uniques.members.Stats()},
	}
}

// Sweep forgets what has expired at nowMS (unix milliseconds). Run it every
// few minutes: Stats are then true to that interval. It must run at least once
// in 90 days, because expiries wrap around after that.
func (m *Memory) Sweep(nowMS int64) {
	m.Counts.Sweep(nowMS)
	m.Rates.sweep(nowMS)
	m.Ledger.sweep(nowMS)
	m.Uniques.spaces.sweep(nowMS)
	m.Uniques.members.Sweep(nowMS)
}

// Stats are the figures of a table. A load (Used of Slots) above 0.65 or a
// growing number of evictions says that the table is too small.
type Stats struct {
	// Slots is the size; Used counts slots that hold an entry, expired ones
	// included until they are swept.
	Slots, Used int
	// Evictions counts live entries that were forgotten to make room.
	Evictions uint64
}

// Load is the used share of the slots, 0 to 1.
func (s Stats) Load() float64 { return float64(s.Used) / float64(s.Slots) }
