package store

import (
	"fmt"
	"time"

	"go.uber.org/zap"
)

// Status says what a follower serves and how its last attempt went: two facts,
// of which one does not follow from the other.
type Status struct {
	// Live is what the last successful ApplyFunc got; its Version is 0 before.
	Live Live
	// Attempt is the last version of the store that was to be applied.
	Attempt Attempt
	// Connected says that the store is being followed at this moment.
	Connected bool
	// StoreErr is why it is not, or why the last try to read it failed; nil
	// when it is followed.
	StoreErr error
	// DiskErr is why the last good config could not be read or applied at
	// start, or last be written.
	DiskErr error
}

// Live is the version that serves.
type Live struct {
	Version uint64
	Digest  string
	Source  Source
	// At is when it was applied.
	At time.Time
}

// Attempt is a try to make a version live.
type Attempt struct {
	Version uint64
	At      time.Time
	// Err is why the version was refused; nil when it was applied.
	Err error
}

// Status returns the state of this moment. It may be called at any time.
func (f *Follower) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.status
	// A connection that broke is noticed here first.
	s.Connected = s.Connected && f.b.js.Conn().IsConnected()
	return s
}

func (f *Follower) update(change func(*Status)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.status)
}

// connected notes whether the store is followed, and why not.
func (f *Follower) connected(err error) {
	was := f.Status()
	f.update(func(s *Status) { s.Connected, s.StoreErr = err == nil, err })
	switch {
	case err == nil && !was.Connected:
		f.log.Info("following the config store", zap.Uint64("version", f.m.head.Version))
	case err != nil && (was.Connected || was.StoreErr == nil):
		// Repetitions of a failure are for Status.
		f.log.Warn("the config store is out of reach; the last good config keeps serving", zap.Error(err))
	}
}

func (o offer) live() Live {
	return Live{Version: o.Version, Digest: o.Digest, Source: o.Source, At: time.Now()}
}

// attempted notes the outcome of an attempt.
func (f *Follower) attempted(o offer, err error) {
	f.update(func(s *Status) {
		s.Attempt = Attempt{Version: o.Version, At: time.Now(), Err: err}
		if err == nil {
			s.Live = o.live()
		}
	})
	if err != nil {
		f.log.Error("config refused; the last good one keeps serving",
			zap.Uint64("version", o.Version), zap.Error(err))
		return
	}
	f.log.Info("config applied", zap.Uint64("version", o.Version),
		zap.String("source", string(o.Source)), zap.Int("documents", o.Set.Len()))
}

// fellBack notes the outcome of applying the set on disk.
func (f *Follower) fellBack(o offer, err error) {
	if err != nil {
		f.log.Error("the last good config on disk was refused", zap.Uint64("version", o.Version), zap.Error(err))
		f.update(func(s *Status) { s.DiskErr = fmt.Errorf("last good version %d: %w", o.Version, err) })
		return
	}
	f.log.Warn("config applied from disk; it may be outdated", zap.Uint64("version", o.Version),
		zap.Time("committed", o.Time), zap.Int("documents", o.Set.Len()))
	f.update(func(s *Status) { s.Live = o.live() })
}

// saved notes whether the live version could be written to disk.
func (f *Follower) saved(err error) {
	f.update(func(s *Status) { s.DiskErr = err })
	if err != nil {
		f.log.Error("the live config cannot be kept on disk", zap.Error(err))
	}
}
