// Package spool keeps blocks of events on disk while the log is away. It is a
// queue of records in segment files: appended in batches with one fsync each,
// read back in order, and deleted segment by segment once their records are
// stored elsewhere. A torn tail after a crash costs the torn record only.
package spool

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
)

// Record is one block.
type Record struct {
	// Kind is the block's kind of events, in the numbers of package events.
	Kind uint8
	// Uncertain tells that the block was sent before, or may have been, and
	// nobody knows whether it arrived. After is then a sequence of the log
	// from before the block was first sent.
	Uncertain bool
	After     uint64
	// BornMS is when the block's first line was written, in unix milliseconds.
	BornMS int64
	// Lines counts the events in Data.
	Lines uint32
	// ID is the block's message id, at most 65,535 bytes.
	ID   string
	Data []byte
}

// On disk a record is: length of the body (4 bytes), CRC-32C of the body (4),
// body. The body is: kind (1), flags (1), length of the id (2), lines (4),
// after (8), born (8), id, data. Numbers are little-endian.
const (
	frameSize  = 8
	headerSize = 24
	// maxBody bounds what a damaged length can make the reader allocate.
	maxBody = 16 << 20

	flagUncertain = 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errTooLarge = errors.New("record too large for the spool")

func appendRecord(dst []byte, r *Record) ([]byte, error) {
	if len(r.ID) > math.MaxUint16 || headerSize+len(r.ID)+len(r.Data) > maxBody {
		return dst, errTooLarge
	}
	start := len(dst)
	dst = append(dst, make([]byte, frameSize)...)
	var flags byte
	if r.Uncertain {
		flags = flagUncertain
	}
	dst = append(dst, r.Kind, flags)
	dst = binary.LittleEndian.AppendUint16(dst, uint16(len(r.ID)))
	dst = binary.LittleEndian.AppendUint32(dst, r.Lines)
	dst = binary.LittleEndian.AppendUint64(dst, r.After)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(r.BornMS))
	dst = append(append(dst, r.ID...), r.Data...)
	body := dst[start+frameSize:]
	binary.LittleEndian.PutUint32(dst[start:], uint32(len(body)))
	binary.LittleEndian.PutUint32(dst[start+4:], crc32.Checksum(body, castagnoli))
	return dst, nil
}

var errDamaged = errors.New("damaged record")

// parseBody reads a record from a body whose checksum was verified. Data is a
// view into body.
func parseBody(body []byte) (Record, error) {
	if len(body) < headerSize {
		return Record{}, errDamaged
	}
	idEnd := headerSize + int(binary.LittleEndian.Uint16(body[2:]))
	if idEnd > len(body) {
		return Record{}, errDamaged
	}
	return Record{
		Kind:      body[0],
		Uncertain: body[1]&flagUncertain != 0,
		Lines:     binary.LittleEndian.Uint32(body[4:]),
		After:     binary.LittleEndian.Uint64(body[8:]),
		BornMS:    int64(binary.LittleEndian.Uint64(body[16:])),
		ID:        string(body[headerSize:idEnd]),
		Data:      body[idEnd:],
	}, nil
}
