package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Options bound a spool.
type Options struct {
	// SegmentBytes is the size after which a new segment begins; 0 is 64 MiB.
	SegmentBytes int64
	// MaxBytes is how much disk the spool may take; 0 is 8 GiB.
	MaxBytes int64
	// Room, unless nil, is asked before each Append, which fails with its error:
	// the disk is wanted for something else.
	Room func() error
}

// Sizes of a spool when Options leaves them open.
const (
	DefaultSegmentBytes = 64 << 20
	DefaultMaxBytes     = 8 << 30
)

// ErrFull is returned by Append when the spool has reached MaxBytes.
var ErrFull = errors.New("spool is full")

// Spool is a queue of records on disk. One goroutine at a time may use it.
type Spool struct {
	dir string
	opt Options

	segments []segment // oldest first; the last one may be open for writing
	writer   *os.File
	buf      []byte // encoded records of one Append

	reader reader
	cursor cursor
	stats  Stats
}

type segment struct {
	number uint64
	size   int64 // bytes of whole records known to be on disk
}

// Stats is what a spool holds and what it met.
type Stats struct {
	// Bytes is the size of the segment files on disk.
	Bytes int64
	// DamagedBytes counts bytes that could not be read back: torn tails of a
	// crash, or a failing disk.
	DamagedBytes int64
}

// Open opens the spool in dir and makes the folder if need be. Records of
// earlier runs that were not committed come back from Next.
func Open(dir string, opt Options) (*Spool, error) {
	if opt.SegmentBytes == 0 {
		opt.SegmentBytes = DefaultSegmentBytes
	}
	if opt.MaxBytes == 0 {
		opt.MaxBytes = DefaultMaxBytes
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make spool folder: %w", err)
	}
	s := &Spool{dir: dir, opt: opt}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("open spool %q: %w", dir, err)
	}
	return s, nil
}

func (s *Spool) load() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		number, ok := segmentNumber(e.Name())
		if !ok {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		s.segments = append(s.segments, segment{number, info.Size()})
		s.stats.Bytes += info.Size()
	}
	slices.SortFunc(s.segments, func(a, b segment) int {
		if a.number < b.number {
			return -1
		}
		return 1
	})
	if s.cursor, err = openCursor(filepath.Join(s.dir, "cursor")); err != nil {
		return err
	}
	return s.startReading()
}

const segmentSuffix = ".spool"

func segmentNumber(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(name, segmentSuffix)
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseUint(digits, 10, 64)
	return number, err == nil
}

func (s *Spool) path(number uint64) string {
	return filepath.Join(s.dir, fmt.Sprintf("%016d%s", number, segmentSuffix))
}

// Append writes records behind the ones that are there and returns when they
// are on disk. After an error none of them counts as written, though the first
// ones may come back when the process dies at once.
func (s *Spool) Append(records []Record) error {
	s.buf = s.buf[:0]
	var err error
	for i := range records {
		if s.buf, err = appendRecord(s.buf, &records[i]); err != nil {
			return fmt.Errorf("spool block %s: %w", records[i].ID, err)
		}
	}
	if s.stats.Bytes+int64(len(s.buf)) > s.opt.MaxBytes {
		return ErrFull
	}
	if s.opt.Room != nil {
		if err := s.opt.Room(); err != nil {
			return err
		}
	}
	if err := s.rotate(); err != nil {
		return fmt.Errorf("begin spool segment: %w", err)
	}
	if err := s.write(); err != nil {
		return fmt.Errorf("write spool: %w", err)
	}
	return nil
}

// rotate opens a new segment where none is being written or the last is full.
func (s *Spool) rotate() error {
	if s.writer != nil && s.segments[len(s.segments)-1].size < s.opt.SegmentBytes {
		return nil
	}
	s.closeWriter()
	next := s.cursor.segment + 1
	if n := len(s.segments); n > 0 {
		next = max(next, s.segments[n-1].number+1)
	}
	f, err := os.OpenFile(s.path(next), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	s.writer = f
	s.segments = append(s.segments, segment{number: next})
	return syncDir(s.dir)
}

// write appends buf to the last segment. A write that fails half-way is cut
// off; where that fails too, the segment is given up and the reader skips its
// torn tail.
func (s *Spool) write() error {
	last := &s.segments[len(s.segments)-1]
	_, err := s.writer.WriteAt(s.buf, last.size)
	if err == nil {
		err = s.writer.Sync()
	}
	if err != nil {
		if s.writer.Truncate(last.size) != nil {
			s.closeWriter()
		}
		return err
	}
	last.size += int64(len(s.buf))
	s.stats.Bytes += int64(len(s.buf))
	return nil
}

func (s *Spool) closeWriter() {
	if s.writer != nil {
		s.writer.Close()
		s.writer = nil
	}
}

// Stats returns what the spool holds.
func (s *Spool) Stats() Stats { return s.stats }

// Empty tells whether every record was committed.
func (s *Spool) Empty() bool { return len(s.segments) == 0 }

// Close closes the files. Records that were not committed stay on disk.
func (s *Spool) Close() error {
	s.closeWriter()
	s.reader.close()
	return s.cursor.file.Close()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
