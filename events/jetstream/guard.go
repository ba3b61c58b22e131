package jetstream

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

// Guard watches the limits of the stream, so that nothing is dropped silently:
// it counts the blocks that went before every durable consumer had taken them,
// and says so in the log. Without a durable consumer every dropped block
// counts, for nobody has taken it, but then that is how a bounded log is meant
// to work and no line is logged. It also watches how full the claims are.
type Guard struct {
	js     jetstream.JetStream
	logger *zap.Logger

	mu     sync.Mutex
	state  guardState
	warned time.Time
	claims claimState
}

// guardState is what the last look saw. Sequences are those of the stream.
type guardState struct {
	looked  bool
	bytes   uint64
	limit   int64
	blocks  uint64
	untaken uint64 // blocks the slowest durable consumer has yet to take
	settled uint64 // everything up to here was taken by all, or is counted
	dropped uint64
	durable bool
}

// guardWarnEvery is how often the same warning is repeated.
const guardWarnEvery = time.Hour

// NewGuard makes a Guard. Call Run or Check.
func NewGuard(js jetstream.JetStream, logger *zap.Logger) *Guard {
	if logger == nil {
		logger = zap.NewNop()
	}
	return &Guard{js: js, logger: logger}
}

// Run checks every so often until ctx ends.
func (g *Guard) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := g.Check(ctx); err != nil && ctx.Err() == nil {
			g.logger.Debug("event stream", zap.Error(err)) // the log itself tells of outages
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Check looks once.
func (g *Guard) Check(ctx context.Context) error {
	stream, err := g.js.Stream(ctx, Stream)
	if err != nil {
		return fmt.Errorf("look at stream %s: %w", Stream, err)
	}
	info := stream.CachedInfo()
	if err := g.checkClaims(ctx, info); err != nil {
		return err
	}
	taken, durable, err := takenByAll(ctx, stream, info.State.LastSeq)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	lost := g.state.look(info, taken, durable)
	if lost > 0 && durable && time.Since(g.warned) > guardWarnEvery {
		g.warned = time.Now()
		g.logger.Warn("the limits of the event stream dropped blocks that a durable consumer had not taken",
			zap.Uint64("blocks", lost), zap.Uint64("blocks_since_start", g.state.dropped), zap.Int64("limit_bytes", g.state.limit))
	}
	return nil
}

// look takes a new state over and returns how many blocks were dropped untaken
// since the last one. What went before the first look is not known.
func (s *guardState) look(info *jetstream.StreamInfo, taken uint64, durable bool) (lost uint64) {
	gone := max(info.State.FirstSeq, 1) - 1
	if !s.looked {
		s.looked, s.settled = true, gone
	}
	s.settled = max(s.settled, taken)
	if gone > s.settled {
		lost = gone - s.settled
		s.settled = gone
	}
	s.dropped += lost
	s.durable = durable
	s.bytes, s.blocks, s.limit = info.State.Bytes, info.State.Msgs, info.Config.MaxBytes
	s.untaken = 0
	if durable {
		s.untaken = info.State.LastSeq - min(max(taken, gone), info.State.LastSeq)
	}
	return lost
}

// takenByAll is the last sequence every durable consumer has acknowledged.
func takenByAll(ctx context.Context, stream jetstream.Stream, last uint64) (taken uint64, durable bool, err error) {
	list := stream.ListConsumers(ctx)
	for c := range list.Info() {
		if c.Config.Durable == "" {
			continue
		}
		floor := c.AckFloor.Stream
		if c.NumPending == 0 && c.NumAckPending == 0 {
			floor = last // nothing of what it filters for is left
		}
		if !durable || floor < taken {
			taken = floor
		}
		durable = true
	}
	if err := list.Err(); err != nil {
		return 0, false, fmt.Errorf("list consumers of stream %s: %w", Stream, err)
	}
	return taken, durable, nil
}

// WriteMetrics writes what the last look saw in the Prometheus text format.
func (g *Guard) WriteMetrics(w io.Writer) {
	g.mu.Lock()
	s, claims := g.state, g.claims
	g.mu.Unlock()
	fmt.Fprintf(w, "clickgate_events_stream_bytes %d\n", s.bytes)
	fmt.Fprintf(w, "clickgate_events_stream_limit_bytes %d\n", s.limit)
	fmt.Fprintf(w, "clickgate_events_stream_blocks %d\n", s.blocks)
	fmt.Fprintf(w, "clickgate_events_stream_untaken_blocks %d\n", s.untaken)
	fmt.Fprintf(w, "clickgate_events_stream_dropped_untaken_blocks_total %d\n", s.dropped)
	claims.writeMetrics(w)
}
