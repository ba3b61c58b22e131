package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"
)

// reader stands at the record after the cursor.
type reader struct {
	file *os.File
	buf  []byte
	// end is the offset behind the record Next returned last.
	end int64
	// fresh is true until the first commit: the record at the cursor may have
	// been sent by the run before.
	fresh bool
}

func (r *reader) close() {
	if r.file != nil {
		r.file.Close()
		r.file = nil
	}
}

// startReading drops the segments before the cursor's.
func (s *Spool) startReading() error {
	s.reader.fresh = true
	for len(s.segments) > 0 && s.segments[0].number < s.cursor.segment {
		if err := s.dropFirst(); err != nil {
			return err
		}
	}
	if len(s.segments) > 0 && s.segments[0].number > s.cursor.segment {
		s.cursor.segment, s.cursor.offset = s.segments[0].number, 0
	}
	return nil
}

// Next returns the oldest record that was not committed, the same one until
// Commit is called; false when there is none. Data is valid until the next
// call. Damaged parts are skipped and counted. An error is a disk that cannot
// be read just now; try again later.
func (s *Spool) Next() (Record, bool, error) {
	for len(s.segments) > 0 {
		if s.cursor.segment != s.segments[0].number {
			s.cursor.segment, s.cursor.offset = s.segments[0].number, 0
		}
		record, err := s.readRecord()
		switch {
		case err == nil:
			return s.doubt(record), true, nil
		case errors.Is(err, errDamaged):
			s.stats.DamagedBytes += s.reader.end - s.cursor.offset
			s.cursor.offset = s.reader.end
		case errors.Is(err, io.EOF):
			if err := s.dropFirst(); err != nil {
				return Record{}, false, err
			}
		default:
			return Record{}, false, fmt.Errorf("read spool: %w", err)
		}
	}
	return Record{}, false, nil
}

// doubt marks the first record after a start: the run before may have sent it.
func (s *Spool) doubt(r Record) Record {
	if s.reader.fresh && !r.Uncertain {
		r.Uncertain = true
		r.After = max(r.After, s.cursor.after)
	}
	return r
}

// readRecord reads the record at the cursor and sets reader.end behind it:
// io.EOF at the end of the segment, errDamaged for anything that is not a
// whole record. A wrong checksum costs one record, a wrong length the rest of
// the segment, for nobody knows where the next record begins.
func (s *Spool) readRecord() (Record, error) {
	size := s.segments[0].size
	left := size - s.cursor.offset
	if left <= 0 {
		return Record{}, io.EOF
	}
	s.reader.end = size
	if left < frameSize {
		return Record{}, errDamaged
	}
	if err := s.openReader(); err != nil {
		return Record{}, err
	}
	var frame [frameSize]byte
	if _, err := s.reader.file.ReadAt(frame[:], s.cursor.offset); err != nil {
		return Record{}, unexpected(err)
	}
	length := int64(binary.LittleEndian.Uint32(frame[:]))
	if length > maxBody || length > left-frameSize {
		return Record{}, errDamaged
	}
	s.reader.buf = slices.Grow(s.reader.buf[:0], int(length))[:length]
	if _, err := s.reader.file.ReadAt(s.reader.buf, s.cursor.offset+frameSize); err != nil {
		return Record{}, unexpected(err)
	}
	s.reader.end = s.cursor.offset + frameSize + length
	if crc32.Checksum(s.reader.buf, castagnoli) != binary.LittleEndian.Uint32(frame[4:]) {
		return Record{}, errDamaged
	}
	return parseBody(s.reader.buf)
}

func (s *Spool) openReader() error {
	if s.reader.file != nil {
		return nil
	}
	f, err := os.Open(s.path(s.cursor.segment))
	if err != nil {
		return err
	}
	s.reader.file = f
	return nil
}

// unexpected keeps a file that became shorter from looking like its end.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Commit tells that the record Next returned is stored elsewhere. after is a
// sequence of the log at or behind that record.
func (s *Spool) Commit(after uint64) error {
	s.cursor.offset = s.reader.end
	s.cursor.after = max(s.cursor.after, after)
	s.reader.fresh = false
	if err := s.cursor.save(); err != nil {
		return fmt.Errorf("save spool cursor: %w", err)
	}
	if s.cursor.offset < s.segments[0].size {
		return nil
	}
	return s.dropFirst()
}

// dropFirst deletes the oldest segment.
func (s *Spool) dropFirst() error {
	first := s.segments[0]
	s.reader.close()
	if len(s.segments) == 1 {
		s.closeWriter()
	}
	if err := os.Remove(s.path(first.number)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("delete spool segment: %w", err)
	}
	s.segments = s.segments[1:]
	s.stats.Bytes -= first.size
	return nil
}
