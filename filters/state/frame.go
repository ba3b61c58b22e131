package state

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A snapshot is a line of text that names the format, then frames: length (32
// bits), a byte that says what it is, content, checksum (32 bits). A checksum
// is that of all frames so far, so none can be lost, doubled or moved. All
// numbers are little-endian.

// frameKind says what a frame holds.
type frameKind byte

const (
	frameHeader frameKind = 'H'
	frameEnd    frameKind = 'E'
)

// maxFrame bounds the content of a frame: a stripe of a table for five thousand
// million keys.
const maxFrame = 64 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// frameWriter writes frames. A frame is begun, appended to buf and ended. The
// first error stays.
type frameWriter struct {
	w   io.Writer
	buf []byte
	sum uint32
	err error
}

func (f *frameWriter) begin(kind frameKind) {
	f.buf = append(f.buf[:0], 0, 0, 0, 0, byte(kind))
}

func (f *frameWriter) end() {
	content := f.buf[4:]
	binary.LittleEndian.PutUint32(f.buf, uint32(len(content)))
	f.sum = crc32.Update(f.sum, castagnoli, content)
	f.buf = binary.LittleEndian.AppendUint32(f.buf, f.sum)
	if f.err == nil {
		_, f.err = f.w.Write(f.buf)
	}
}

// frameReader reads frames. What it returns is valid until the next call.
type frameReader struct {
	r    io.Reader
	buf  bytes.Buffer
	sum  uint32
	read int // frames so far
}

// next returns the next frame, its checksum found right. It allocates no more
// than what the reader holds, whatever a length claims.
func (f *frameReader) next() (frameKind, decoder, error) {
	var word [4]byte
	if _, err := io.ReadFull(f.r, word[:]); err != nil {
		return 0, decoder{}, f.torn(err)
	}
	n := binary.LittleEndian.Uint32(word[:])
	if n < 1 || n > maxFrame {
		return 0, decoder{}, fmt.Errorf("frame %d is damaged: it claims %d bytes, of 1 to %d", f.read, n, maxFrame)
	}
	f.buf.Reset()
	if _, err := io.CopyN(&f.buf, f.r, int64(n)); err != nil {
		return 0, decoder{}, f.torn(err)
	}
	if _, err := io.ReadFull(f.r, word[:]); err != nil {
		return 0, decoder{}, f.torn(err)
	}
	f.sum = crc32.Update(f.sum, castagnoli, f.buf.Bytes())
	if f.sum != binary.LittleEndian.Uint32(word[:]) {
		return 0, decoder{}, fmt.Errorf("frame %d is damaged: its checksum is wrong", f.read)
	}
	f.read++
	b := f.buf.Bytes()
	return frameKind(b[0]), decoder{b: b[1:]}, nil
}

// torn says that the content ends too early, or what else befell the reader.
func (f *frameReader) torn(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("it ends within frame %d: %w", f.read, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("read frame %d: %w", f.read, err)
}

// decoder takes values off a frame. After the first that is not there, all are
// zero and bad is set.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) u8() byte {
	if len(d.b) < 1 {
		d.bad = true
		return 0
	}
	v := d.b[0]
	d.b = d.b[1:]
	return v
}

func (d *decoder) u64() uint64 {
	if len(d.b) < 8 {
		d.b, d.bad = nil, true
		return 0
	}
	v := binary.LittleEndian.Uint64(d.b)
	d.b = d.b[8:]
	return v
}

// upTo takes a number of variable length within 0 and most.
func (d *decoder) upTo(most uint64) uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 || v > most {
		d.b, d.bad = nil, true
		return 0
	}
	d.b = d.b[n:]
	return v
}

// done tells whether all was there and nothing is left.
func (d *decoder) done() bool { return !d.bad && len(d.b) == 0 }
