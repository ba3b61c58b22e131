package service

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/attribution/store"
)

// look asks the log whether there is more to read. Where there is not, the
// store is up with the time before the question.
func (f *Feeder) look(ctx context.Context, r *reader) error {
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
	f.progress.pending.Store(info.NumPending)
	// Deliveries on their way were not read yet.
	if info.NumPending > 0 || info.Delivered.Consumer != r.last || info.Delivered.Stream > f.Store.Position().Sequence {
		return nil
	}
	f.Store.CaughtUp(before.UnixMilli())
	f.progress.read(f.Store)
	return f.note(log)
}

// note writes down that nothing is left to read up to the end of the log, so
// that blocks of other kinds which leave it are not taken for a gap.
func (f *Feeder) note(log *jetstream.StreamInfo) error {
	at := f.Store.Position()
	if log.State.LastSeq <= at.Sequence || time.Since(f.noted) < noteEvery {
		return nil
	}
	f.noted = time.Now()
	at.Sequence, at.LoggedMS = log.State.LastSeq, log.State.LastTime.UnixMilli()
	return f.Store.Move(at)
}

// complete tells whether the log has everything that its sources have: the
// claims of conversions are recorded in a stream of their own first.
func (f *Feeder) complete(ctx context.Context, stream jetstream.Stream) (bool, error) {
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

// hold keeps the store from claiming more than the log itself knows.
func (f *Feeder) hold(complete bool, now time.Time) {
	if complete {
		f.sourced = now.UnixMilli()
		f.Store.Hold(0)
		return
	}
	if f.sourced == 0 {
		f.sourced = max(1, f.Store.Position().LoggedMS)
	}
	f.Store.Hold(f.sourced)
}

// progress is what metrics tell of a Feeder.
type progress struct {
	pending  atomic.Uint64
	failures atomic.Uint64
	applied  atomic.Int64
	sequence atomic.Uint64
	down     atomic.Bool
}

func (p *progress) read(s *store.Store) {
	p.applied.Store(s.AppliedMS())
	p.sequence.Store(s.Position().Sequence)
	p.down.Store(false)
}

func (p *progress) failed(error) {
	p.failures.Add(1)
	p.down.Store(true)
}

// Lag is how far the store is behind the log, in time: what was logged longer
// ago has been read. While the log is away it grows.
func (f *Feeder) Lag() time.Duration {
	return max(0, time.Since(time.UnixMilli(f.Store.AppliedMS())))
}

// WriteMetrics writes how the Feeder goes, in the Prometheus text format.
func (f *Feeder) WriteMetrics(w io.Writer) {
	down := 0
	if f.progress.down.Load() {
		down = 1
	}
	fmt.Fprintf(w, "clickgate_attribution_lag_seconds %.3f\n", f.Lag().Seconds())
	fmt.Fprintf(w, "clickgate_attribution_pending_blocks %d\n", f.progress.pending.Load())
	fmt.Fprintf(w, "clickgate_attribution_feed_failures_total %d\n", f.progress.failures.Load())
	fmt.Fprintf(w, "clickgate_attribution_feed_failed %d\n", down)
}
