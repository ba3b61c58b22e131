package spool

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
)

// cursor is where reading stands: the segment, the offset in it of the first
// record that was not committed, and a sequence of the log from before that
// record can have been sent. It is written in place after each commit, without
// fsync: an old cursor costs a second look at the log and nothing more.
type cursor struct {
	segment uint64
	offset  int64
	after   uint64

	file *os.File
}

const cursorSize = 28

// openCursor reads the cursor. A missing or damaged one is the start.
func openCursor(path string) (cursor, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return cursor{}, fmt.Errorf("open cursor: %w", err)
	}
	c := cursor{file: f}
	var b [cursorSize]byte
	if _, err := f.ReadAt(b[:], 0); err != nil {
		return c, nil
	}
	if crc32.Checksum(b[:24], castagnoli) != binary.LittleEndian.Uint32(b[24:]) {
		return c, nil
	}
	c.segment = binary.LittleEndian.Uint64(b[0:])
	c.offset = int64(binary.LittleEndian.Uint64(b[8:]))
	c.after = binary.LittleEndian.Uint64(b[16:])
	return c, nil
}

func (c *cursor) save() error {
	var b [cursorSize]byte
	binary.LittleEndian.PutUint64(b[0:], c.segment)
	binary.LittleEndian.PutUint64(b[8:], uint64(c.offset))
	binary.LittleEndian.PutUint64(b[16:], c.after)
	binary.LittleEndian.PutUint32(b[24:], crc32.Checksum(b[:24], castagnoli))
	_, err := c.file.WriteAt(b[:], 0)
	return err
}
