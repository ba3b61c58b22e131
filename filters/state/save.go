package state

import (
	"encoding/binary"
	"fmt"
	"io"
)

// format is the first line of a snapshot. Change the number with the format.
const format = "clickgate state 1\n"

// The parts of a memory in a snapshot.
const (
	frameCounts  frameKind = 'C'
	frameRates   frameKind = 'R'
	frameLedger  frameKind = 'L'
	frameSpaces  frameKind = 'S'
	frameMembers frameKind = 'M'
)

// Save writes a snapshot of what is alive at nowMS, for Load. Clicks go on
// meanwhile: a part of the memory is locked while it is copied, some 10 to 200
// microseconds, and never while it is written. Each count is written as it was
// at some moment during the call. The snapshot holds the secret of the hashes:
// who can read it can choose values that fall together.
func (m *Memory) Save(w io.Writer, nowMS int64) error {
	if _, err := io.WriteString(w, format); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	f := &frameWriter{w: w}
	m.saveHeader(f, nowMS)
	m.Counts.save(f, frameCounts, nowMS)
	m.Rates.save(f, frameRates, nowMS)
	m.Ledger.save(f, frameLedger, nowMS)
	// Spaces go first: a member that is admitted in between is then known and
	// not counted, as if it had come after the snapshot.
	m.Uniques.spaces.save(f, frameSpaces, nowMS)
	m.Uniques.members.save(f, frameMembers, nowMS)
	f.begin(frameEnd)
	f.end()
	if f.err != nil {
		return fmt.Errorf("save state: %w", f.err)
	}
	return nil
}

func (m *Memory) saveHeader(f *frameWriter, nowMS int64) {
	f.begin(frameHeader)
	for _, v := range []uint64{
		m.seed.a, m.seed.b, uint64(nowMS),
		m.Counts.grid.stripes, m.Counts.grid.buckets,
		m.Uniques.members.grid.stripes, m.Uniques.members.grid.buckets,
	} {
		f.buf = binary.LittleEndian.AppendUint64(f.buf, v)
	}
	f.end()
}

// save writes a frame for each stripe: its index, then the buckets, each a
// byte that says which slots are alive, and those slots. A stripe is copied as
// a whole, because a count may be in several slots.
func (t *Table) save(f *frameWriter, kind frameKind, nowMS int64) {
	now := tickAt(nowMS)
	copied := make([]bucket, t.grid.buckets)
	for i := range t.stripes {
		s := &t.stripes[i]
		s.Lock()
		used := s.used
		if used > 0 {
			copy(copied, t.buckets[uint64(i)*t.grid.buckets:])
		}
		s.Unlock()
		if used == 0 {
			continue
		}
		f.begin(kind)
		f.buf = binary.AppendUvarint(f.buf, uint64(i))
		none := len(f.buf) + len(copied)
		for j := range copied {
			f.buf = copied[j].appendLive(f.buf, now)
		}
		if len(f.buf) > none {
			f.end()
		}
	}
}

func (b *bucket) appendLive(to []byte, now tick) []byte {
	at := len(to)
	to = append(to, 0)
	for i, s := range b {
		if s.live(now) {
			to[at] |= 1 << i
			to = binary.LittleEndian.AppendUint64(to, uint64(s))
		}
	}
	return to
}

// cellsFrame is about the length of a frame of cells, and so how much is
// encoded at a time under a stripe's lock.
const cellsFrame = 1 << 16

// save writes frames of cells. A key that is forgotten and comes back while its
// stripe is written may be there twice; the later one counts.
func (h *hourly) save(f *frameWriter, kind frameKind, nowMS int64) {
	hour := hourAt(nowMS)
	for i := range h.stripes {
		s := spot{hourly: h, hourStripe: &h.stripes[i]}
		for at := 0; ; {
			f.begin(kind)
			empty := len(f.buf)
			s.Lock()
			for ; at < len(s.cells) && len(f.buf) < cellsFrame; at++ {
				f.buf = s.appendLive(f.buf, at, hour)
			}
			last := at == len(s.cells)
			s.Unlock()
			if len(f.buf) > empty {
				f.end()
			}
			if last {
				break
			}
		}
	}
}

// appendLive encodes a cell: key, newest hour, window, number of pages, and
// each page with its number and counters.
func (s *spot) appendLive(to []byte, i int, hour uint32) []byte {
	c := &s.cells[i]
	if c.first == 0 || c.over(hour) {
		return to
	}
	to = binary.LittleEndian.AppendUint64(to, s.keys[i])
	to = binary.AppendUvarint(to, uint64(c.newest))
	to = binary.AppendUvarint(to, uint64(c.window))
	n := 0
	for p := c.first; p != 0; p = s.pages.at(p).next() {
		n++
	}
	to = binary.AppendUvarint(to, uint64(n))
	for p := c.first; p != 0; {
		g := s.pages.at(p)
		p = g.next()
		to = binary.AppendUvarint(to, uint64(g.number()))
		for _, v := range g[pageHead:] {
			to = binary.AppendUvarint(to, uint64(v))
		}
	}
	return to
}
