package service

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// txID is the id of a conversion. It begins with its time in milliseconds.
type txID [16]byte

func parseTxID(row []byte) (id txID, err error) {
	text := row[len(rowStart):]
	if len(text) <= 2*len(id) || text[2*len(id)] != '"' {
		return id, fmt.Errorf("tx_id %.40q: must be %d hex digits", text, 2*len(id))
	}
	_, err = hex.Decode(id[:], text[:2*len(id)])
	return id, err
}

// version is the last version of a conversion that was counted: what of it a
// later one may change.
type version struct {
	// from is the place in the log of the first version that was counted, at
	// that of this one.
	from, at        uint64
	status          click.Status
	payout, revenue money.Amount
}

func versionOf(t *caps.Thing, from, at uint64) version {
	return version{from, at, t.Status, t.Payout, t.Revenue}
}

// before is what a conversion was in this version.
func (v *version) before(now *caps.Thing) *caps.Thing {
	t := *now
	t.Status, t.Payout, t.Revenue = v.status, v.payout, v.revenue
	return &t
}

const versionFormat = 1

func (v *version) appendTo(b []byte) []byte {
	b = binary.AppendUvarint(append(b, versionFormat), v.from)
	b = append(binary.AppendUvarint(b, v.at), byte(v.status))
	b = binary.AppendVarint(b, v.payout.Millionths())
	return binary.AppendVarint(b, v.revenue.Millionths())
}

var errVersion = errors.New("the version of a conversion is in no form that is known")

func readVersion(b []byte) (v version, err error) {
	if len(b) < 1 || b[0] != versionFormat {
		return v, errVersion
	}
	b = b[1:]
	uvarint := func() uint64 {
		n, size := binary.Uvarint(b)
		b = b[max(size, 0):]
		if size <= 0 {
			err = errVersion
		}
		return n
	}
	varint := func() int64 {
		n, size := binary.Varint(b)
		b = b[max(size, 0):]
		if size <= 0 {
			err = errVersion
		}
		return n
	}
	v.from, v.at = uvarint(), uvarint()
	status := uvarint()
	v.status = click.Status(status)
	v.payout, v.revenue = money.FromMillionths(varint()), money.FromMillionths(varint())
	if len(b) > 0 || status >= 1<<7 {
		err = errVersion
	}
	return v, err
}

// versions are those of all conversions that caps have counted. What was put is
// on disk with the next write.
type versions struct {
	// ofBlock are put by the block that is read now, and are forgotten when it
	// cannot be read to its end; unsaved by those that were.
	ofBlock, unsaved map[txID]version
}

func newVersions() versions {
	return versions{map[txID]version{}, map[txID]version{}}
}

func (s *versions) get(db pebble.Reader, id txID) (v version, found bool, err error) {
	if v, found = s.ofBlock[id]; found {
		return v, true, nil
	}
	if v, found = s.unsaved[id]; found {
		return v, true, nil
	}
	return loadVersion(db, inVersions, id)
}

func (s *versions) put(id txID, v version) { s.ofBlock[id] = v }

// keep takes what the block has put, drop does not.
func (s *versions) keep() {
	for id, v := range s.ofBlock {
		s.unsaved[id] = v
	}
	s.drop()
}

func (s *versions) drop() { clear(s.ofBlock) }

func (s *versions) write(b *pebble.Batch) error {
	var value []byte
	for id, v := range s.unsaved {
		value = v.appendTo(value[:0])
		if err := b.Set(versionKey(inVersions, id), value, nil); err != nil {
			return err
		}
	}
	return nil
}

func loadVersion(db pebble.Reader, place byte, id txID) (v version, found bool, err error) {
	value, closer, err := db.Get(versionKey(place, id))
	if errors.Is(err, pebble.ErrNotFound) {
		return v, false, nil
	}
	if err != nil {
		return v, false, err
	}
	v, err = readVersion(value)
	if err != nil {
		err = fmt.Errorf("%w: conversion %x: %w", errDamaged, id, err)
	}
	return v, err == nil, errors.Join(err, closer.Close())
}

func versionKey(place byte, id txID) []byte { return append([]byte{place}, id[:]...) }

// firstOf is the first key of conversions made at a time or later.
func firstOf(place byte, at time.Time) []byte {
	var id txID
	binary.BigEndian.PutUint64(id[:], uint64(at.UnixMilli())<<16)
	return versionKey(place, id)
}
