package caps

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// reader reads what append functions wrote. After an error it reads zeros.
type reader struct {
	b   []byte
	err error
}

var errShort = errors.New("ends too early")

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.b = nil
}

// end is the first error, also of bytes that are left.
func (r *reader) end() error {
	if r.err == nil && len(r.b) > 0 {
		return fmt.Errorf("has %d bytes more than it should", len(r.b))
	}
	return r.err
}

func (r *reader) byte() byte {
	if len(r.b) < 1 {
		r.fail(errShort)
		return 0
	}
	v := r.b[0]
	r.b = r.b[1:]
	return v
}

func (r *reader) flag() bool {
	v := r.byte()
	if v > 1 {
		r.fail(fmt.Errorf("has a flag of %d, must be 0 or 1", v))
	}
	return v == 1
}

func appendFlag(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

func (r *reader) uint64() uint64 {
	if len(r.b) < 8 {
		r.fail(errShort)
		return 0
	}
	v := binary.BigEndian.Uint64(r.b)
	r.b = r.b[8:]
	return v
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail(errors.New("has no number where one should be"))
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail(errors.New("has no number where one should be"))
		return 0
	}
	r.b = r.b[n:]
	return v
}

// size reads how many things follow that take so many bytes each at least.
func (r *reader) size(bytes int) int {
	n := r.uvarint()
	if n > uint64(len(r.b)/bytes) {
		r.fail(errShort)
		return 0
	}
	return int(n)
}

// sum reads one of a Part, which is never below 0.
func (r *reader) sum() int64 {
	v := int64(r.uvarint())
	if v < 0 {
		r.fail(errors.New("has a sum beyond 64 bits"))
		return 0
	}
	return v
}

func appendParts(b []byte, parts []Part) []byte {
	b = binary.AppendUvarint(b, uint64(len(parts)))
	for _, p := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(p.By))
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(p.Up)), uint64(p.Down))
	}
	return b
}

func (r *reader) parts() []Part {
	n := r.size(8 + 2)
	if n == 0 {
		return nil
	}
	parts := make([]Part, n)
	for i := range parts {
		parts[i] = Part{Incarnation(r.uint64()), r.sum(), r.sum()}
	}
	return parts
}
