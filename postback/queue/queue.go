// Package queue keeps outgoing calls on disk until they are due, and lines
// them up by host, so that one that is slow or away delays nobody else.
//
// A call is taken in once for each key: keys that were seen, and the place in
// the event log, are written in one batch with the calls. So the log may be
// read again after a crash. A call that was taken and not finished is there
// again after a restart: each is sent at least once.
package queue

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/zap"
)

// Options set up a Queue.
type Options struct {
	// Dir is the folder of the queue; nothing else lives in it.
	Dir      string
	Settings Settings
	// FS is the file system; nil is the machine's.
	FS vfs.FS
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Logger is told of damage.
	Logger *zap.Logger
}

// Queue is safe for concurrent use, but for Add, which one goroutine calls at a
// time.
type Queue struct {
	opt Options
	db  *pebble.DB
	// life is held for reading by whoever uses db.
	life   sync.RWMutex
	closed bool

	mu      sync.Mutex
	lanes   map[string]*lane
	waiting laneHeap // by when they have something to do
	ready   laneHeap // those that have, by how much is under way
	flying  int
	stats   Stats
	// position is the place in the event log that calls were taken from.
	position uint64
	// wake gets a value when there may be something to take.
	wake chan struct{}
}

// Open opens the queue of a folder, or makes one. A damaged one is moved aside
// and its calls are lost with it: Position is 0 then.
func Open(opt Options) (*Queue, error) {
	if opt.FS == nil {
		opt.FS = vfs.Default
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	if err := opt.Settings.Validate(); err != nil {
		return nil, err
	}
	q, err := open(opt)
	if err != nil && isDamage(err) {
		if err := moveAside(opt, err); err != nil {
			return nil, err
		}
		q, err = open(opt)
	}
	if err != nil {
		return nil, fmt.Errorf("open postback queue %s: %w", opt.Dir, err)
	}
	return q, nil
}

func open(opt Options) (*Queue, error) {
	db, err := pebble.Open(opt.Dir, pebbleOptions(opt))
	if err != nil {
		return nil, err
	}
	q := &Queue{opt: opt, db: db, lanes: map[string]*lane{}, wake: make(chan struct{}, 1)}
	if err := q.load(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return q, nil
}

// errDamaged tells that what was read is not what was written.
var errDamaged = errors.New("the postback queue is damaged")

// isDamage tells an error of the files from one of the disk or the rights,
// which moving files does not mend.
func isDamage(err error) bool {
	return errors.Is(err, errDamaged) || pebble.IsCorruptionError(err) || errors.Is(err, os.ErrNotExist) ||
		strings.Contains(err.Error(), "object size mismatch") // pebble has no name for it
}

func moveAside(opt Options, cause error) error {
	aside := opt.Dir + ".damaged-" + opt.Now().UTC().Format("20060102T150405.000")
	if err := opt.FS.Rename(opt.Dir, aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("move damaged postback queue aside: %w", err)
	}
	opt.Logger.Error("the postback queue is damaged and was moved aside: calls that had not been sent are in it",
		zap.String("moved_to", aside), zap.Error(cause))
	return nil
}

// ErrClosed says that the queue was closed.
var ErrClosed = errors.New("the postback queue is closed")

// Close closes the queue. Calls under way are there again when it is opened.
func (q *Queue) Close() error {
	q.life.Lock()
	defer q.life.Unlock()
	if q.closed {
		return nil
	}
	q.closed = true
	return q.db.Close()
}

// enter lets the caller use the store until he leaves.
func (q *Queue) enter() (leave func(), err error) {
	q.life.RLock()
	if q.closed {
		q.life.RUnlock()
		return nil, ErrClosed
	}
	return q.life.RUnlock, nil
}

// Wake gets a value when there may be something to take that was not there
// before.
func (q *Queue) Wake() <-chan struct{} { return q.wake }

func (q *Queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Position is the sequence of the event log up to which calls were taken in; 0
// for a new queue.
func (q *Queue) Position() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.position
}

// Stats are what a queue holds and did.
type Stats struct {
	// Jobs are the calls that wait or are under way, Flying the latter.
	Jobs, Flying int64
	// Dead is the number of dead letters.
	Dead int64
	// Blocked is how many hosts are left alone for a while.
	Blocked int64
	// Late is how long the oldest call that is due has been due.
	Late time.Duration
	// Dropped counts calls of clicks and impressions that found the queue full,
	// GivenUp those that were due for too long, Forgotten dead letters that were
	// too old or too many, Broken records that could not be read.
	Dropped, GivenUp, Forgotten, Broken uint64
}

// Stats returns them as of now.
func (q *Queue) Stats() Stats {
	now := q.opt.Now().UnixMilli()
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.stats
	s.Flying = int64(q.flying)
	for _, l := range q.lanes {
		if l.openUntil > now {
			s.Blocked++
		}
		if due := l.oldest(); due < now {
			s.Late = max(s.Late, time.Duration(now-due)*time.Millisecond)
		}
	}
	return s
}
