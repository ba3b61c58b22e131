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
	// LoggedMS is when that block was logged, in unix milliseconds.
	LoggedMS int64
	// SinceMS: nothing logged before it was read; 0 where all was.
	SinceMS int64
}

const positionVersion = 1

func (p *Position) encode() []byte {
	b := binary.BigEndian.AppendUint64([]byte{positionVersion}, p.Sequence)
	b = binary.BigEndian.AppendUint64(b, uint64(p.LoggedMS))
	b = binary.BigEndian.AppendUint64(b, uint64(p.SinceMS))
	return append(b, p.Log...)
}

func decodePosition(b []byte) (Position, error) {
	if len(b) < 25 || b[0] != positionVersion {
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

// Skip notes that there is nothing to read up to a place of the log, because it
// holds nothing of interest or has dropped it. A place of another log goes back
// to its beginning; what was read stays. Skip, Apply and Expire are called by
// one goroutine.
func (s *Store) Skip(to Position) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := *s.position.Load()
	to.LoggedMS = max(to.LoggedMS, now.LoggedMS)
	to.SinceMS = max(to.SinceMS, now.SinceMS)
	if to.Log == now.Log {
		to.Sequence = max(to.Sequence, now.Sequence)
	}
	if to == now {
		return nil
	}
	if err := s.db.Set(positionKey, to.encode(), pebble.Sync); err != nil {
		return fmt.Errorf("write position: %w", err)
	}
	s.position.Store(&to)
	s.CaughtUp(to.LoggedMS)
	return nil
}
