// Package service brings the click store of a worker and the edges together
// over NATS: Feeder fills the store from the event log, Server answers
// questions from it, and Client asks them.
package service

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream/follow"
)

// FeederOptions set up a Feeder.
type FeederOptions struct {
	JS jetstream.JetStream
	// Node names the worker, and its consumer: one token of a subject. No two
	// workers share one.
	Node string
	// Store is filled by the Feeder alone.
	Store *store.Store
	// Room, unless nil, returns an error while the store is to take nothing, as
	// when the disk is nearly full. Then it falls behind the log.
	Room func() error
	// Logger is told of outages and of gaps in the log.
	Logger *zap.Logger
}

// ConsumerPrefix and the worker's name are the name of its consumer.
const ConsumerPrefix = "clickgate-store-"

// Feeder keeps a store up with the event log, through outages of the log and
// damage of the store: whatever fails, no block is left out and none counts
// twice.
type Feeder struct {
	log   *follow.Follower
	store *store.Store
}

// NewFeeder makes a Feeder. Call Run.
func NewFeeder(opt FeederOptions) *Feeder {
	return &Feeder{store: opt.Store, log: follow.New(follow.Options{
		JS: opt.JS, Sink: &sink{Store: opt.Store}, Durable: ConsumerPrefix + opt.Node, Description: "fills the click store of a worker",
		Kinds: []events.Kind{events.Click, events.Impression, events.Conversion, events.Event},
		Again: true, Room: opt.Room, Name: "the click store", Logger: opt.Logger,
	})}
}

// Run feeds the store until ctx ends. Call it once.
func (f *Feeder) Run(ctx context.Context) { f.log.Run(ctx) }

// sink is the store as a Follower sees it.
type sink struct {
	*store.Store
	expired time.Time
	blocks  []store.Block // room
}

const expireEvery = time.Hour

func (s *sink) Position() follow.Position { return follow.Position(s.Store.Position()) }

func (s *sink) Move(to follow.Position) error { return s.Store.Move(store.Position(to)) }

func (s *sink) Apply(blocks []follow.Block) error {
	for _, b := range blocks {
		s.blocks = append(s.blocks, store.Block(b))
	}
	err := s.Store.Apply(s.blocks)
	clear(s.blocks)
	s.blocks = s.blocks[:0]
	return err
}

// Check tells of damage, and removes what has expired.
func (s *sink) Check() error {
	if err := s.Damage(); err != nil || time.Since(s.expired) < expireEvery {
		return err
	}
	s.expired = time.Now()
	return s.Expire()
}

// Mend makes a damaged store anew.
func (s *sink) Mend() error {
	damage := s.Damage()
	if damage == nil {
		return nil
	}
	return s.Rebuild(damage)
}

// Lag is how far the store is behind the log, in time: what was logged longer
// ago has been read. While the log is away it grows.
func (f *Feeder) Lag() time.Duration {
	return max(0, time.Since(time.UnixMilli(f.store.AppliedMS())))
}

// WriteMetrics writes how the Feeder goes, in the Prometheus text format.
func (f *Feeder) WriteMetrics(w io.Writer) {
	down := 0
	if f.log.Failed() {
		down = 1
	}
	fmt.Fprintf(w, "clickgate_attribution_lag_seconds %.3f\n", f.Lag().Seconds())
	fmt.Fprintf(w, "clickgate_attribution_pending_blocks %d\n", f.log.Pending())
	fmt.Fprintf(w, "clickgate_attribution_feed_failures_total %d\n", f.log.Failures())
	fmt.Fprintf(w, "clickgate_attribution_feed_failed %d\n", down)
}
