package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Position is how far the log has been read.
type Position struct {
	// Log names the log, so that a new one under an old name is not taken for
	// it: sequences begin anew there.
	Log string
	// Sequence is that of the last block read.
	Sequence uint64
	// LoggedMS is when that block was logged, in unix milliseconds: whether the
	// log has the block still, or another under its number, is seen by it.
	LoggedMS int64
	// SinceMS: nothing logged before it was read; 0 where all was.
	SinceMS int64
}

// positionVersion is the form of the whole store, for there is a position in
// every store that has anything. In form 1 conversions were in no index.
const (
	positionVersion  = 2
	withoutIndexes   = 1
	shortestPosition = 25
)

func (p *Position) encode() []byte {
	b := binary.BigEndian.AppendUint64([]byte{positionVersion}, p.Sequence)
	b = binary.BigEndian.AppendUint64(b, uint64(p.LoggedMS))
	b = binary.BigEndian.AppendUint64(b, uint64(p.SinceMS))
	return append(b, p.Log...)
}

func decodePosition(b []byte) (Position, error) {
	if len(b) < shortestPosition || b[0] != positionVersion {
		return Position{}, errors.New("the position is in no form that is known")
	}
	return Position{
		Sequence: binary.BigEndian.Uint64(b[1:]),
		LoggedMS: int64(binary.BigEndian.Uint64(b[9:])),
		SinceMS:  int64(binary.BigEndian.Uint64(b[17:])),
		Log:      string(b[25:]),
	}, nil
}

// readPosition returns the zero Position for a new store.
func readPosition(db *pebble.DB) (Position, error) {
	value, closer, err := db.Get(positionKey)
	if errors.Is(err, pebble.ErrNotFound) {
		return Position{}, nil
	}
	if err != nil {
		return Position{}, fmt.Errorf("read position: %w", err)
	}
	defer closer.Close()
	return decodePosition(value)
}

// Position returns how far the log has been read and is on disk.
func (s *Store) Position() Position { return *s.position.Load() }

// Move sets the place from which the log is read on: beyond what is of no
// interest or has left the log, or back, where the log is not the one that was
// read. What was read stays, and is read again without harm. Move, Apply,
// Expire and Rebuild are called by one goroutine.
func (s *Store) Move(to Position) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return errClosed
	}
	if to == *s.position.Load() {
		return nil
	}
	if err := s.db.Set(positionKey, to.encode(), pebble.Sync); err != nil {
		return s.check("write position", err)
	}
	s.position.Store(&to)
	return nil
}
