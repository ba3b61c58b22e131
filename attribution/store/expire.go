package store

import (
	"encoding/binary"
	"errors"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/events"
)

// Expire forgets what is older than the settings say. It costs the same however
// much that is: whole files go. Call it once an hour.
func (s *Store) Expire() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return errClosed
	}
	now := s.opt.Now().UnixMilli()
	before := func(n int) int64 { return now - days(n).Milliseconds() }
	set := s.opt.Settings
	old := before(set.ClickDays)
	first, orphan := idAt(1), idAt(old) // conversions without a click have the id zero
	batch := s.db.NewBatch()
	defer batch.Close()
	err := errors.Join(
		forget(batch, []byte{clickPrefix}, id{}, idAt(old)),
		forget(batch, []byte{impressionPrefix}, id{}, idAt(before(set.ImpressionDays))),
		forget(batch, []byte{conversionPrefix}, first, idAt(old)),
		forget(batch, conversionKey(id{}, id{})[:1+len(id{})], id{}, orphan),
		forget(batch, []byte{firstPrefix}, id{}, idAt(old)),
		forget(batch, []byte{latestPrefix}, id{}, idAt(old)),
		forget(batch, []byte{ownerPrefix}, id{}, idAt(old)),
		forget(batch, []byte{holdPrefix}, id{}, idAt(old)),
		forget(batch, []byte{duePrefix}, id{}, idAt(old)),
		batch.DeleteRange(periodKey(0), periodKey(periodOf(old)), nil),
		batch.DeleteRange(dayKey(0), dayKey(dayOf(before(set.MatchDays))), nil),
	)
	if err == nil {
		err = batch.Commit(pebble.NoSync)
	}
	return s.check("expire", errors.Join(err, s.expireBlocks(idAt(old), idAt(before(set.ImpressionDays)))))
}

// expireBlocks forgets the blocks that are older than two ids say.
func (s *Store) expireBlocks(clicks, impressions id) error {
	return errors.Join(
		s.blocks.DeleteRange(blockKey(events.Click, id{}), blockKey(events.Click, clicks), pebble.NoSync),
		s.blocks.DeleteRange(blockKey(events.Impression, id{}), blockKey(events.Impression, impressions), pebble.NoSync),
	)
}

// forget deletes the keys of a prefix from one id up to another.
func forget(batch *pebble.Batch, prefix []byte, from, to id) error {
	if string(from[:]) >= string(to[:]) {
		return nil
	}
	low := append(append([]byte{}, prefix...), from[:]...)
	return batch.DeleteRange(low, append(append([]byte{}, prefix...), to[:]...), nil)
}

func dayKey(day uint16) []byte { return binary.BigEndian.AppendUint16([]byte{matchPrefix}, day) }
