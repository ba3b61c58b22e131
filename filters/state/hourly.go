package state

import (
	"fmt"
	"math"
)

const (
	hourMS = int64(3_600_000)
	// hourWays is the number of cells of a bucket. Their keys fill a cache line.
	hourWays = 8
	// maxWidth is the most counters an hour may have.
	maxWidth = 3
	// minPages let a key count for the longest window in the smallest memory.
	minPages = 128
	// fewKeys is how many keys a memory must hold to be of use for a window.
	fewKeys = 1000
	// maxHour keeps sums of hours and windows within 32 bits.
	maxHour = int64(1) << 31
)

// hourly counts events per key and hour. A window of n hours is the current
// hour, as far as it has come, and the n-1 hours before it: never longer than
// asked, and shorter by less than an hour.
//
// A key has a cell, in one of two buckets, and a list of pages with the hours
// in which something came. When no page or no cell is left, the key with the
// fewest events of those looked at gives way, so that a crowd of keys seen once
// does not displace those that matter.
type hourly struct {
	grid    grid
	stripes []hourStripe
	pages   pages
	shape   shape
}

// shape is what one kind of hourly differs by from another.
type shape struct {
	width   int // counters of an hour
	weighty int // the first of them that make a key matter
	windows int // sums of so many windows are kept at hand
}

// hourStripe holds some of the cells, allocated with the first key.
type hourStripe struct {
	stripe
	keys  []uint64
	cells []cell
	// past has, for each cell and window: its hours, then the sums of all
	// hours but the current one. Zero hours: not computed in this hour.
	past []uint64
}

// cell is what is known of a key. It is empty when it has no page.
type cell struct {
	events uint64 // in its pages
	newest uint32 // the hour that counts now, in unix hours
	first  uint32 // its pages, the newest first
	window uint16 // hours to keep
}

// cellBytes are those of a cell and its key.
const cellBytes = 32

func (s shape) pageBytes() int { return 4 * (pageHead + pageHours*s.width) }
func (s shape) pastWords() int { return s.windows * (1 + s.width) }

// newHourly makes one that takes up to so many bytes: a cell for two pages.
func newHourly(bytes int, s shape) hourly {
	n := bytes / (s.pageBytes() + (cellBytes+8*s.pastWords())/2)
	n = min(max(n, minPages), math.MaxUint32)
	g := newGrid(int(float64(n/2)*maxLoad), hourWays)
	return hourly{grid: g, stripes: make([]hourStripe, g.stripes), pages: newPages(s.width, n), shape: s}
}

// pagesFor is the most pages that a key takes for a window.
func pagesFor(hours int) int { return (hours+pageHours-2)/pageHours + 1 }

// holds refuses a window for which there is not the memory to be of use.
func (h *hourly) holds(hours int) error {
	if keys := int(h.pages.limit) / pagesFor(hours); keys < fewKeys {
		return fmt.Errorf("the memory holds %d busy keys for %d hours, and has to hold %d; it needs %d bytes, or a shorter window",
			keys, hours, fewKeys, h.bytesFor(hours))
	}
	return nil
}

// bytesFor is the size at which a window is held.
func (h *hourly) bytesFor(hours int) int {
	s := h.shape
	return (fewKeys*pagesFor(hours) + 1) * (s.pageBytes() + (cellBytes+8*s.pastWords())/2)
}

// checkLookback refuses a window out of range.
func checkLookback(hours int) error {
	if hours < 0 || hours > MaxLookbackHours {
		return fmt.Errorf("a lookback is 0 to %d hours, not %d", MaxLookbackHours, hours)
	}
	return nil
}

// window is hours within 1 and the longest.
func window(hours int) uint16 { return uint16(min(max(hours, 1), MaxLookbackHours)) }

// hourAt is the unix hour of a time.
func hourAt(nowMS int64) uint32 { return uint32(min(max(nowMS, 0)/hourMS, maxHour)) }

// Stats returns the figures: those of cells or of pages, whichever are scarcer.
func (h *hourly) Stats() Stats {
	cells := Stats{Slots: int(h.grid.stripes*h.grid.buckets) * hourWays}
	for i := range h.stripes {
		s := &h.stripes[i]
		s.Lock()
		cells.Used += s.used
		cells.Evictions += s.evictions
		s.Unlock()
	}
	taken := Stats{Slots: int(h.pages.limit), Used: h.pages.inUse(), Evictions: cells.Evictions}
	if taken.Load() > cells.Load() {
		return taken
	}
	return cells
}

// sweep gives back the pages that have left their windows at nowMS.
func (h *hourly) sweep(nowMS int64) {
	hour := hourAt(nowMS)
	for i := range h.stripes {
		s := spot{hourly: h, hourStripe: &h.stripes[i]}
		s.Lock()
		for j := range s.cells {
			if s.cells[j].first != 0 {
				s.trim(j, hour)
			}
		}
		s.Unlock()
	}
}
