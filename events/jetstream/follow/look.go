package follow

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// look asks the log whether there is more to read. Where there is not, the
// sink is up with the time before the question.
func (f *Follower) look(ctx context.Context, r *reader) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	before := time.Now()
	complete, err := f.complete(ctx, r.stream)
	if err != nil {
		return fmt.Errorf("look at the sources of the event log: %w", err)
	}
	f.hold(complete, before)
	log, err := r.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("look at the event log: %w", err)
	}
	info, err := r.consumer.Info(ctx)
	if err != nil {
		return fmt.Errorf("look at the event log: %w", err)
	}
	f.pending.Store(info.NumPending)
	// Deliveries on their way were not read yet.
	if info.NumPending > 0 || info.Delivered.Consumer != r.last || info.Delivered.Stream > f.Sink.Position().Sequence {
		return nil
	}
	f.Sink.CaughtUp(before.UnixMilli())
	f.read()
	return f.note(log)
}

// note writes down that nothing is left to read up to the end of the log, so
// that blocks of other kinds which leave it are not taken for a gap.
func (f *Follower) note(log *jetstream.StreamInfo) error {
	at := f.Sink.Position()
	if log.State.LastSeq <= at.Sequence || time.Since(f.noted) < noteEvery {
		return nil
	}
	f.noted = time.Now()
	at.Sequence, at.LoggedMS = log.State.LastSeq, log.State.LastTime.UnixMilli()
	return f.Sink.Move(at)
}

// complete tells whether the log has everything that its sources have: the
// claims of conversions are recorded in a stream of their own first.
func (f *Follower) complete(ctx context.Context, stream jetstream.Stream) (bool, error) {
	names := stream.CachedInfo().Config.Sources
	if len(names) == 0 {
		return true, nil
	}
	last := map[string]uint64{}
	for _, s := range names {
		source, err := f.JS.Stream(ctx, s.Name)
		if err != nil {
			return false, fmt.Errorf("stream %s: %w", s.Name, err)
		}
		last[s.Name] = source.CachedInfo().State.LastSeq
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return false, err
	}
	return hasAll(info.Sources, last), nil
}

// hasAll tells whether nothing up to the last numbers of the sources is missing.
// A source may be behind its number for good, where what it lacks was not meant
// for the log or has expired; then it must be alive, and know of nothing more.
func hasAll(sources []*jetstream.StreamSourceInfo, last map[string]uint64) bool {
	for _, s := range sources {
		alive := s.Error == nil && s.Active >= 0 && s.Active < time.Minute
		if s.Seq < last[s.Name] && (!alive || s.Lag > 0) {
			return false
		}
	}
	return true
}

// hold keeps the sink from claiming more than the log itself knows.
func (f *Follower) hold(complete bool, now time.Time) {
	if complete {
		f.sourced = now.UnixMilli()
		f.Sink.Hold(0)
		return
	}
	if f.sourced == 0 {
		f.sourced = max(1, f.Sink.Position().LoggedMS)
	}
	f.Sink.Hold(f.sourced)
}

// progress is what metrics tell of a Follower.
type progress struct {
	pending  atomic.Uint64
	failures atomic.Uint64
	down     atomic.Bool
}

func (p *progress) read() { p.down.Store(false) }

func (p *progress) failed() {
	p.failures.Add(1)
	p.down.Store(true)
}

// Pending is how many blocks the log had last that are still to be read.
func (p *progress) Pending() uint64 { return p.pending.Load() }

// Failures is how often reading has begun anew after an error.
func (p *progress) Failures() uint64 { return p.failures.Load() }

// Failed tells that nothing could be read since the last failure.
func (p *progress) Failed() bool { return p.down.Load() }

// Clock keeps the time up to which a sink is: the part of a Sink that CaughtUp
// and Hold are about. It is safe for concurrent use.
type Clock struct{ applied, ceiling atomic.Int64 }

// CaughtUp is that of Sink.
func (c *Clock) CaughtUp(ms int64) {
	for {
		now := c.applied.Load()
		if ms <= now || c.applied.CompareAndSwap(now, ms) {
			return
		}
	}
}

// Hold is that of Sink.
func (c *Clock) Hold(ms int64) { c.ceiling.Store(ms) }

// Restart forgets it all: the sink begins anew.
func (c *Clock) Restart() { c.applied.Store(0) }

// AppliedMS: all that was logged before this moment (unix milliseconds) has
// been applied.
func (c *Clock) AppliedMS() int64 {
	applied := c.applied.Load()
	if ceiling := c.ceiling.Load(); ceiling != 0 {
		return min(applied, ceiling)
	}
	return applied
}
