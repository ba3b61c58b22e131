package store

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"go.uber.org/zap"
)

// damaged tells an error of the files themselves from one of the disk, the
// rights or another process, which moving files does not mend.
func damaged(err error) bool {
	return err != nil && (errors.Is(err, ErrDamaged) || pebble.IsCorruptionError(err) || errors.Is(err, os.ErrNotExist) ||
		strings.Contains(err.Error(), "object size mismatch")) // pebble has no name for it
}

// noteDamage remembers that files cannot be read.
func (s *Store) noteDamage(err error) {
	if damaged(err) {
		s.damage.CompareAndSwap(nil, &err)
	}
}

// check turns an error of pebble into one that says whether the store is
// damaged.
func (s *Store) check(doing string, err error) error {
	if err == nil {
		return nil
	}
	s.noteDamage(err)
	if damaged(err) {
		return fmt.Errorf("%s: %w: %w", doing, ErrDamaged, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// Damage is why the store should be rebuilt; nil where it should not. Damage is
// found when files are read, by questions or in the background.
func (s *Store) Damage() error {
	if err := s.damage.Load(); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, *err)
	}
	return nil
}

// Rebuild moves the store aside and begins an empty one, at the beginning of
// the log. Questions wait meanwhile. After an error the store is closed, and
// Rebuild may be tried again.
func (s *Store) Rebuild(cause error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		if err := errors.Join(s.blocks.Close(), s.db.Close()); err != nil {
			s.opt.Logger.Warn("close damaged click store", zap.Error(err))
		}
		s.db, s.blocks = nil, nil
	}
	if err := s.moveAside(cause); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return fmt.Errorf("open click store %s: %w", s.opt.Dir, err)
	}
	return nil
}

// moveAside makes room for a new store and keeps the old one for whoever wants
// to look into it.
func (s *Store) moveAside(cause error) error {
	aside := s.opt.Dir + ".damaged-" + s.opt.Now().UTC().Format("20060102T150405.000")
	if err := s.opt.FS.Rename(s.opt.Dir, aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("move damaged click store aside: %w", err)
	}
	s.counts.rebuilt.Add(1)
	s.opt.Logger.Error("the click store is damaged: it was moved aside and is made anew from the event log; clicks that have left the log are known to the old one only",
		zap.String("moved_to", aside), zap.Error(cause))
	return nil
}

// throttle lets one of many repeating messages pass.
type throttle struct {
	last    time.Time
	dropped uint64
}

// throttleEvery is how often the same message is logged.
const throttleEvery = 10 * time.Second

// pass tells whether to log now, and how many messages were dropped before.
func (t *throttle) pass(now time.Time) (dropped uint64, ok bool) {
	if now.Sub(t.last) < throttleEvery && !t.last.IsZero() {
		t.dropped++
		return 0, false
	}
	dropped, t.dropped, t.last = t.dropped, 0, now
	return dropped, true
}
