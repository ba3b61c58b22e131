// Package state is the memory of the filters: counters of how often a key was
// seen within a window, and shares of suspicious requests. It outlives config:
// a reload builds new filters over the same memory, and a filter that is kept
// finds its counts again by its namespace. All of it has a fixed size, holds
// no pointers per key and is safe for use by many goroutines.
package state

import "time"

// MaxWindow is the longest window of the memory, prolongations included.
const MaxWindow = 90 * 24 * time.Hour

// MaxLookbackHours is the longest window of shares: 30 days.
const MaxLookbackHours = 720

// The sizes of a memory whose options leave them open.
const (
	DefaultKeys     = 1 << 20
	DefaultRateKeys = 1 << 15
)

// Options size a Memory. Values below 1 mean the default.
type Options struct {
	// Keys is how many keys are counted at one time without loss: every
	// address, visitor id or device id within its window, once for each rule
	// that watches it. A key takes 13 bytes.
	Keys int
	// RateKeys is how many publisher, offer and sub id combinations have
	// their share of suspicious requests measured at one time. A key takes
	// about 380 bytes.
	RateKeys int
}

// Memory is everything the filters remember. Its zero value serves to check
// settings: filters can be built with it, but not asked.
type Memory struct {
	seed   seed
	Counts *Table
	Rates  *Rates
}

// NewMemory allocates a memory. Pages are taken from the system when they are
// first used, so generous sizes cost nothing until there is traffic.
func NewMemory(o Options) *Memory {
	if o.Keys < 1 {
		o.Keys = DefaultKeys
	}
	if o.RateKeys < 1 {
		o.RateKeys = DefaultRateKeys
	}
	return &Memory{seed: newSeed(), Counts: NewTable(o.Keys), Rates: NewRates(o.RateKeys)}
}

// Sweep forgets what has expired at nowMS (unix milliseconds). Run it every
// few minutes: Stats are then true to that interval. It must run at least once
// in 90 days, because expiries wrap around after that.
func (m *Memory) Sweep(nowMS int64) { m.Counts.Sweep(nowMS) }

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
