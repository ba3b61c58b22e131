// Package disk keeps the process from filling the disk that it lives on. Who
// writes much asks first: what can be made again stops writing first, then the
// event log, and what waits for the log last. Small things, such as the live
// config, are written as long as they can be.
package disk

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// Use is what wants to be written.
type Use int

// Uses, in the order in which they stop.
const (
	// Derived is what is made from the event log and can wait for it: the click
	// store, sums of caps, postbacks to come.
	Derived Use = iota
	// Log is the event log of an embedded server.
	Log
	// Spool is what waits for the event log.
	Spool
	uses
)

var names = [uses]string{"derived data", "event log", "spool"}

// shares are what must be free for each use, as parts of the reserve.
var shares = [uses]int64{1, 2, 8}

// ErrFull is wrapped by what For returns.
var ErrFull = errors.New("the disk is nearly full")

const (
	// DefaultReserve is what a disk keeps free: 512 MiB, but at most a
	// twentieth of it.
	DefaultReserve = 512 << 20
	mostOfDisk     = 20
	// lookEvery is how old an answer may be. What can be written meanwhile is
	// far less than the reserve.
	lookEvery = 200 * time.Millisecond
)

// Room is the room on the disk of a folder. Any goroutine may ask.
type Room struct {
	dir    string
	now    func() time.Time
	logger *zap.Logger

	lookedNS atomic.Int64
	free     atomic.Int64
	reserve  int64
	refused  [uses]atomic.Bool // for the log
}

// NewRoom looks at the disk of a folder that exists.
func NewRoom(dir string, logger *zap.Logger) (*Room, error) {
	free, size, err := stat(dir)
	if err != nil {
		return nil, fmt.Errorf("look at the disk of %q: %w", dir, err)
	}
	r := &Room{dir: dir, now: time.Now, logger: logger, reserve: min(DefaultReserve, size/mostOfDisk)}
	r.free.Store(free)
	r.lookedNS.Store(r.now().UnixNano())
	return r, nil
}

func stat(dir string) (free, size int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
}

// For returns an error that wraps ErrFull when too little is free for a use. It
// costs a system call five times a second. The first refusal of a use and its
// end are logged.
func (r *Room) For(u Use) error {
	r.look()
	free, need := r.free.Load(), r.reserve/shares[u]
	full := free < need
	if r.refused[u].Swap(full) != full {
		r.tell(u, full, free, need)
	}
	if full {
		return fmt.Errorf("%w: %d MiB are free in %q, the %s stops at %d", ErrFull, free>>20, r.dir, names[u], need>>20)
	}
	return nil
}

// look asks for what is free when nobody did of late. A disk that cannot be
// asked keeps its last answer: who writes to it hears from it.
func (r *Room) look() {
	now, last := r.now().UnixNano(), r.lookedNS.Load()
	if now-last < int64(lookEvery) || !r.lookedNS.CompareAndSwap(last, now) {
		return
	}
	if free, _, err := stat(r.dir); err == nil {
		r.free.Store(free)
	}
}

func (r *Room) tell(u Use, full bool, free, need int64) {
	fields := []zap.Field{zap.String("use", names[u]), zap.Int64("free_bytes", free), zap.Int64("needs_bytes", need), zap.String("dir", r.dir)}
	if full {
		r.logger.Error("the disk is nearly full; nothing more is written", fields...)
		return
	}
	r.logger.Warn("the disk has room again", fields...)
}

// WriteMetrics writes what is free, and what is kept free, as Prometheus text.
func (r *Room) WriteMetrics(w io.Writer) {
	r.look()
	fmt.Fprintf(w, "# TYPE clickgate_disk_free_bytes gauge\nclickgate_disk_free_bytes %d\n", r.free.Load())
	fmt.Fprintf(w, "# TYPE clickgate_disk_reserve_bytes gauge\nclickgate_disk_reserve_bytes %d\n", r.reserve)
}
