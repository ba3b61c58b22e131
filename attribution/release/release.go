// Package release ends holds: conversions whose hold period is over are approved
// . Every worker looks for them in its own click store; of several
// that find one the first releases it.
package release

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/amend"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

const (
	// Every is how often a Releaser looks for what is due.
	Every = time.Minute
	// atOnce bounds what one look releases. The rest is due a minute later.
	atOnce = 10_000
	// hands is how many are released at a time.
	hands = 8
	// roundTime bounds a look, so that the next one is not late.
	roundTime = 50 * time.Second
)

// Holds knows what is on hold. attribution/store implements it.
type Holds interface {
	// DueHolds lists conversions that are due by a moment, at most limit.
	DueHolds(nowMS int64, limit int) ([]attribution.Prior, error)
}

// Options set up a Releaser.
type Options struct {
	Holds   Holds
	Amender *amend.Amender
	// Now is the clock; nil is the system's.
	Now    func() time.Time
	Logger *zap.Logger
}

// Releaser releases conversions.
type Releaser struct {
	Options
	released, failed atomic.Uint64
}

// New makes a Releaser. Call Run.
func New(opt Options) *Releaser {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	return &Releaser{Options: opt}
}

// Run releases what is due once a minute until ctx ends.
func (r *Releaser) Run(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		if n, err := r.Release(ctx); err != nil && ctx.Err() == nil {
			level := zap.WarnLevel
			if errors.Is(err, attribution.ErrUnavailable) {
				level = zap.DebugLevel // a store that has just begun to read; who feeds it tells of worse
			}
			r.Logger.Log(level, "conversions on hold are not released; they are tried again", zap.Int("released", n), zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Release approves what is due now and returns how many it approved. An error
// leaves the others on hold for the next time, except those whose rows cannot
// be changed, which keep no other from it.
func (r *Releaser) Release(ctx context.Context) (int, error) {
	now := r.Now()
	due, err := r.Holds.DueHolds(now.UnixMilli(), atOnce)
	if err != nil {
		r.failed.Add(1)
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	round := round{Releaser: r, now: now, queue: make(chan attribution.Prior, len(due)), stop: cancel}
	for _, prior := range due {
		round.queue <- prior
	}
	close(round.queue)
	var all sync.WaitGroup
	for range min(hands, len(due)) {
		all.Go(func() { round.work(ctx) })
	}
	all.Wait()
	r.released.Add(uint64(round.done.Load()))
	return int(round.done.Load()), errors.Join(round.errs...)
}

// round is one look.
type round struct {
	*Releaser
	now   time.Time
	queue chan attribution.Prior
	stop  context.CancelFunc
	done  atomic.Int64

	mu   sync.Mutex
	errs []error
}

func (r *round) work(ctx context.Context) {
	for prior := range r.queue {
		if ctx.Err() != nil {
			return
		}
		if err := r.release(ctx, &prior); err != nil {
			r.note(fmt.Errorf("release conversion %s: %w", prior.TxID, err))
		}
	}
}

// note keeps the first errors. What is wrong with a row is its own matter; after
// anything else the round is over.
func (r *round) note(err error) {
	r.failed.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.errs) < hands {
		r.errs = append(r.errs, err)
	}
	if !errors.Is(err, amend.ErrRow) {
		r.stop()
	}
}

// release approves a conversion, unless something has become of it since.
func (r *round) release(ctx context.Context, prior *attribution.Prior) error {
	result, err := r.Amender.Amend(ctx, amend.Change{
		ConversionID: prior.TxID, Hash: prior.Hash, Fits: r.due,
		To: events.Change{Status: click.Approved, By: "hold"},
	})
	r.done.Add(int64(result.Count(amend.Changed)))
	return err
}

// due tells whether a row is on hold no longer than until now.
func (r *round) due(row events.Row) bool {
	status, err := click.ParseStatus(row.Text("status"))
	if err != nil || status != click.Hold {
		return false
	}
	until, err := time.Parse(time.RFC3339Nano, row.Text("hold_until"))
	return err == nil && !until.After(r.now)
}

// WriteMetrics writes the counters in the Prometheus text format.
func (r *Releaser) WriteMetrics(w io.Writer) {
	fmt.Fprintf(w, "clickgate_attribution_released_total %d\n", r.released.Load())
	fmt.Fprintf(w, "clickgate_attribution_release_failures_total %d\n", r.failed.Load())
}
