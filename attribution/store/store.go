// Package store keeps clicks, impressions and conversions on disk, in pebble,
// so that a conversion finds its click among hundreds of millions. It is filled
// from the event log, block by block; the place in the log is written in one
// batch with what the blocks held, so after a crash it goes on exactly where
// the data ends. A store that is damaged is moved aside and made anew from the
// log, which goes back a week and not the store's year: keep copies of the
// folder, or more workers than one.
package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution"
)

// Options set up a Store.
type Options struct {
	// Dir is the folder of the store; nothing else lives in it.
	Dir string
	// Settings bound memory and time; the zero value means Default.
	Settings Settings
	// Match tells whether clicks of an integration are to be found without
	// their id. It is asked when a click is stored. Nil is none.
	Match func(integrationID string) bool
	// MatchAny tells whether Match may be true of any integration, so that lines
	// need not be taken apart where it is not. Nil does not know.
	MatchAny func() bool
	// Now is the clock by which things expire; time.Now where it is nil.
	Now func() time.Time
	// FS is the file system; nil is the machine's.
	FS vfs.FS
	// Logger is told of lines that cannot be read and of damage.
	Logger *zap.Logger
}

// Store is a click store. One goroutine fills it; any number may ask. It is the
// only one on its folder: a second process is refused.
type Store struct {
	opt      Options
	position atomic.Pointer[Position]
	applied  atomic.Int64
	ceiling  atomic.Int64 // of applied; 0 is none
	damage   atomic.Pointer[error]
	counts   counts
	badLines throttle

	mu     sync.RWMutex // held for writing while db is replaced
	db     *pebble.DB   // all but the blocks
	blocks *pebble.DB
	// lasts are the last ids of the blocks of lanes, as far as they are known.
	// The one who fills the store has them.
	lasts map[lane]id
}

var _ attribution.Finder = (*Store)(nil)

// ErrDamaged tells that the files of the store cannot be read. Rebuild helps.
var ErrDamaged = errors.New("the click store is damaged")

// Open opens the store of a folder, or makes one. A damaged one is moved aside.
func Open(opt Options) (*Store, error) {
	if opt.Settings == (Settings{}) {
		opt.Settings = Default()
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.FS == nil {
		opt.FS = vfs.Default
	}
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	if err := opt.Settings.Validate(); err != nil {
		return nil, fmt.Errorf("click store: %w", err)
	}
	s := &Store{opt: opt}
	err := s.open()
	if damaged(err) {
		if err := s.moveAside(err); err != nil {
			return nil, err
		}
		err = s.open()
	}
	if err != nil {
		return nil, fmt.Errorf("open click store %s: %w", opt.Dir, err)
	}
	return s, nil
}

// open opens what is in the folder.
func (s *Store) open() error {
	cache := pebble.NewCache(s.opt.Settings.CacheBytes)
	defer cache.Unref()
	db, err := pebble.Open(s.opt.FS.PathJoin(s.opt.Dir, "index"), s.options(cache))
	if err != nil {
		return err
	}
	if err := s.upgrade(db); err != nil {
		return errors.Join(err, db.Close())
	}
	position, err := readPosition(db)
	if err != nil {
		return errors.Join(fmt.Errorf("%w: %w", ErrDamaged, err), db.Close())
	}
	blocks, err := pebble.Open(s.opt.FS.PathJoin(s.opt.Dir, "blocks"), s.options(cache))
	if err != nil {
		return errors.Join(err, db.Close())
	}
	s.db, s.blocks = db, blocks
	s.lasts = map[lane]id{}
	s.damage.Store(nil)
	s.position.Store(&position)
	s.applied.Store(position.LoggedMS)
	return nil
}

// CaughtUp notes that everything logged before a moment has been read, which
// the blocks themselves tell only while new ones come.
func (s *Store) CaughtUp(ms int64) {
	for {
		now := s.applied.Load()
		if ms <= now || s.applied.CompareAndSwap(now, ms) {
			return
		}
	}
}

// Hold keeps answers from claiming to know what was logged after a moment,
// because something logged since may not have come yet; 0 lifts it.
func (s *Store) Hold(ms int64) { s.ceiling.Store(ms) }

// AppliedMS: everything logged before this moment has been read.
func (s *Store) AppliedMS() int64 {
	applied := s.applied.Load()
	if ceiling := s.ceiling.Load(); ceiling != 0 {
		return min(applied, ceiling)
	}
	return applied
}

// Close closes the store. What was applied is on disk already.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	err := errors.Join(s.blocks.Close(), s.db.Close())
	s.db, s.blocks = nil, nil
	return err
}
