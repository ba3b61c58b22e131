// Package service brings the click store of a worker and the edges together
// over NATS: Feeder fills the store from the event log, Server answers
// questions from it, and Client asks them.
package service

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution/store"
)

// FeederOptions set up a Feeder.
type FeederOptions struct {
	JS jetstream.JetStream
	// Node names the worker, and its consumer: one token of a subject. No two
	// workers share one.
	Node string
	// Store is filled by the Feeder alone.
	Store *store.Store
	// Logger is told of outages and of gaps in the log.
	Logger *zap.Logger
}

// Feeder keeps a store up with the event log. It reads by a durable consumer,
// so that the log knows what is still to be taken, but where to go on is the
// store's word: whatever the consumer has delivered, no block is left out and
// none counts twice.
type Feeder struct {
	FeederOptions
	progress progress
	expired  time.Time
	sourced  int64 // when the log had everything of its sources last
	noted    time.Time
}

// Times of a Feeder.
const (
	lookEvery   = time.Second // how often an idle log is asked whether that is all
	expireEvery = time.Hour
	noteEvery   = time.Minute // how often the place in an idle log is written down
	firstRetry  = 100 * time.Millisecond
	lastRetry   = 5 * time.Second
)

// NewFeeder makes a Feeder. Call Run.
func NewFeeder(opt FeederOptions) *Feeder {
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	return &Feeder{FeederOptions: opt}
}

// Run feeds the store until ctx ends, through outages of the log and damage of
// the store. Call it once.
func (f *Feeder) Run(ctx context.Context) {
	wait := firstRetry
	for {
		start := time.Now()
		err := f.feed(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(start) > time.Minute {
			wait = firstRetry
		}
		f.progress.failed(err)
		if !errors.Is(err, errOrder) || wait > firstRetry {
			f.Logger.Warn("the click store is not fed", zap.Error(err), zap.Duration("next_try_in", wait))
		}
		if err := f.mend(); err != nil {
			f.Logger.Error("the click store cannot be made anew", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, lastRetry)
	}
}

// mend makes a damaged store anew.
func (f *Feeder) mend() error {
	if damage := f.Store.Damage(); damage != nil {
		return f.Store.Rebuild(damage)
	}
	return nil
}

// feed reads the log from where the store is, until something fails.
func (f *Feeder) feed(ctx context.Context) error {
	r, err := f.attach(ctx)
	if err != nil {
		return err
	}
	for next := time.Now(); ; {
		if now := time.Now(); !now.Before(next) {
			if err := f.look(ctx, r); err != nil {
				return err
			}
			next = now.Add(lookEvery)
		}
		if err := r.read(ctx); err != nil {
			return err
		}
		if err := errors.Join(f.Store.Damage(), f.expire()); err != nil {
			return err
		}
	}
}

func (f *Feeder) expire() error {
	if time.Since(f.expired) < expireEvery {
		return nil
	}
	f.expired = time.Now()
	return f.Store.Expire()
}
