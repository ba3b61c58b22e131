// Package clickid makes and checks the click id: 32 lower-case hex digits,
// 128 bits. 48 bits of unix milliseconds, 16 bits of node, 16 bits of sequence
// and 48 bits of a keyed MAC over those 80. Ids sort by time, tell their age
// without a look-up, and a forged one is refused without a look-up.
package clickid

import (
	"errors"
	"sync/atomic"
	"time"
)

// Size is the length of an id in hex digits.
const Size = 32

// Info is what an id says about itself.
type Info struct {
	TimeMS int64 // unix milliseconds
	Node   uint16
	Seq    uint16
}

// What Parse refuses.
var (
	// ErrMalformed: the text is not 32 lower-case hex digits. Upper case is
	// refused, since one click must have one id only.
	ErrMalformed = errors.New("click id: not 32 lower-case hex digits")
	// ErrForged: the MAC fits neither key. Ids from before the last but one
	// rotation look the same.
	ErrForged = errors.New("click id: not one of ours, or older than the keys")
)

// Generator makes and checks ids. It is safe for concurrent use.
type Generator struct {
	node uint64
	macs atomic.Pointer[macs]
	// last is the last id's time and sequence in one word, ms<<16 | seq, so that
	// a full millisecond carries over into the next one by itself.
	last atomic.Uint64
}

// NewGenerator returns a generator of ids of one node. Nodes of one
// installation must have different numbers, or their ids may collide. An error
// means that keys has no current key.
func NewGenerator(node uint16, keys Keys) (*Generator, error) {
	g := &Generator{node: uint64(node)}
	if err := g.SetKeys(keys); err != nil {
		return nil, err
	}
	return g, nil
}

// SetKeys replaces the keys for all ids to come, made or checked. An error
// means that keys has no current key; the old keys stay.
func (g *Generator) SetKeys(keys Keys) error {
	m, err := newMACs(keys)
	if err != nil {
		return err
	}
	g.macs.Store(m)
	return nil
}

// Next writes a new id into dst. nowMS is the time of the click in unix
// milliseconds. Ids of one generator ascend and never repeat: if the clock goes
// back or a millisecond has more than 65,536 clicks, the id's time runs ahead
// of the clock. Only a clock that goes back across a restart could repeat an id.
// Next allocates nothing and takes no lock.
func (g *Generator) Next(nowMS int64, dst *[Size]byte) {
	stamp := g.nextStamp(uint64(max(nowMS, 0)) << 16)
	hi := stamp&^0xffff | g.node // 48 bits of time, 16 of node
	lo := stamp << 48            // 16 bits of sequence, 48 of MAC
	lo |= g.macs.Load().making(stamp>>16).sum(hi, lo)
	putHex(dst, hi, lo)
}

func (g *Generator) nextStamp(now uint64) uint64 {
	for {
		last := g.last.Load()
		next := max(now, last+1)
		if g.last.CompareAndSwap(last, next) {
			return next
		}
	}
}

// Parse checks an id and returns what it says. The error is ErrMalformed or
// ErrForged. How long it takes tells nothing about the right MAC.
func (g *Generator) Parse(id string) (Info, error) {
	hi, lo, ok := parseHex(id)
	if !ok {
		return Info{}, ErrMalformed
	}
	if !g.macs.Load().accept(hi, lo) {
		return Info{}, ErrForged
	}
	return Info{TimeMS: int64(hi >> 16), Node: uint16(hi), Seq: uint16(lo >> 48)}, nil
}

// Time is the time that an id names, whoever made it. The error is
// ErrMalformed.
func Time(id string) (time.Time, error) {
	hi, _, ok := parseHex(id)
	if !ok {
		return time.Time{}, ErrMalformed
	}
	return time.UnixMilli(int64(hi >> 16)), nil
}

const digits = "0123456789abcdef"

func putHex(dst *[Size]byte, hi, lo uint64) {
	for i := 15; i >= 0; i-- {
		dst[i], dst[i+16] = digits[hi&15], digits[lo&15]
		hi, lo = hi>>4, lo>>4
	}
}

func parseHex(id string) (hi, lo uint64, ok bool) {
	if len(id) != Size {
		return 0, 0, false
	}
	for i := range 16 {
		h, l := nibble(id[i]), nibble(id[i+16])
		if h|l > 15 {
			return 0, 0, false
		}
		hi, lo = hi<<4|uint64(h), lo<<4|uint64(l)
	}
	return hi, lo, true
}

// nibble is the value of a lower-case hex digit; more than 15 if it is none.
func nibble(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}
