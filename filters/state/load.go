package state

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// clockSlack is how far a clock may have stepped back since a snapshot was
// saved: further back, expiries could not be told from past ones.
const clockSlack = 3 * 24 * time.Hour

// Load makes a memory of the sizes in o and fills it with what is still alive
// at nowMS of a snapshot. The memory can always be used: with an error it is
// empty, or lacks what the error says.
//
// Counts and limited sets are only read into tables of the size they were
// saved from, because what is stored of a key does not tell its place in
// another; with other sizes they begin anew, which is an error. Shares and the
// ledger fit any size; where it is too small, keys with few events give way.
func Load(r io.Reader, nowMS int64, o Options) (*Memory, error) {
	l := loader{frames: frameReader{r: r}, memory: NewMemory(o), nowMS: nowMS}
	if err := l.load(); err != nil {
		return NewMemory(o), fmt.Errorf("load state: %w", err)
	}
	if err := errors.Join(l.resized...); err != nil {
		return l.memory, fmt.Errorf("load state: %w", err)
	}
	return l.memory, nil
}

// loader fills a memory.
type loader struct {
	frames  frameReader
	memory  *Memory
	nowMS   int64
	savedMS int64
	resized []error
	// noCounts and noMembers leave out tables of another size.
	noCounts, noMembers bool
}

func (l *loader) load() error {
	line := make([]byte, len(format))
	if n, err := io.ReadFull(l.frames.r, line); err != nil && n == 0 {
		return fmt.Errorf("it is empty: %w", err)
	}
	if string(line) != format {
		return fmt.Errorf("it begins with %.20q, not with %q: not a snapshot, or of another version", line, format)
	}
	kind, d, err := l.frames.next()
	if err != nil {
		return err
	}
	if kind != frameHeader {
		return l.damaged(kind)
	}
	if err := l.header(&d); err != nil {
		return err
	}
	return l.body()
}

// body reads all frames after the header.
func (l *loader) body() error {
	for {
		kind, d, err := l.frames.next()
		if err != nil {
			return err
		}
		if kind == frameEnd {
			return l.end(&d)
		}
		if !l.part(kind, &d) {
			return l.damaged(kind)
		}
	}
}

func (l *loader) damaged(kind frameKind) error {
	return fmt.Errorf("frame %d (%q) is damaged: its content makes no sense", l.frames.read-1, byte(kind))
}

// end makes sure that nothing follows.
func (l *loader) end(d *decoder) error {
	var more [1]byte
	if n, _ := io.ReadFull(l.frames.r, more[:]); n > 0 || !d.done() {
		return errors.New("something follows the end")
	}
	return nil
}

// header reads the secret, the time and the sizes of tables.
func (l *loader) header(d *decoder) error {
	l.memory.seed = seed{d.u64(), d.u64()}
	l.savedMS = int64(d.u64())
	counts, members := grid{d.u64(), d.u64()}, grid{d.u64(), d.u64()}
	if !d.done() || l.savedMS < 0 {
		return l.damaged(frameHeader)
	}
	if ahead := time.Duration(min(l.savedMS-max(l.nowMS, 0), math.MaxInt64/1_000_000)) * time.Millisecond; ahead > clockSlack {
		return fmt.Errorf("it was saved at %s, which is %s ahead of the clock", time.UnixMilli(l.savedMS).UTC().Format(time.RFC3339), ahead.Round(time.Minute))
	}
	l.noCounts = l.other("counts", counts, l.memory.Counts)
	l.noMembers = l.other("limited sets", members, l.memory.Uniques.members)
	return nil
}

// other notes that a table was saved from another size.
func (l *loader) other(what string, saved grid, t *Table) bool {
	if saved == t.grid {
		return false
	}
	l.resized = append(l.resized, fmt.Errorf("%s begin anew: they were saved from a table of %d slots, and this one has %d",
		what, saved.stripes*saved.buckets*bucketSlots, t.Stats().Slots))
	return true
}

// part reads a frame of content; false says that it makes no sense.
func (l *loader) part(kind frameKind, d *decoder) bool {
	switch kind {
	case frameCounts:
		return l.noCounts || l.slots(l.memory.Counts, d)
	case frameMembers:
		return l.noMembers || l.slots(l.memory.Uniques.members, d)
	case frameSpaces:
		return l.noMembers || l.cells(&l.memory.Uniques.spaces, d)
	case frameRates:
		return l.cells(&l.memory.Rates.hourly, d)
	case frameLedger:
		return l.cells(&l.memory.Ledger.hourly, d)
	}
	return false
}

// slots reads a stripe of a table.
func (l *loader) slots(t *Table, d *decoder) bool {
	i := d.upTo(t.grid.stripes - 1)
	if d.bad {
		return false
	}
	saved := tickAt(l.savedMS)
	passed := max(l.nowMS, 0)/tickMS - l.savedMS/tickMS
	buckets := t.buckets[i*t.grid.buckets : (i+1)*t.grid.buckets]
	p := place{stripe: &t.stripes[i]}
	for j := range buckets {
		alive := d.u8()
		for n := range bucketSlots {
			if alive>>n&1 == 0 {
				continue
			}
			if s := slot(d.u64()); s != 0 && s.expiry().after(saved) > passed {
				p.put(&buckets[j][n], s)
			}
		}
	}
	return d.done()
}
