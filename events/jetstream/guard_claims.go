package jetstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

// claimState is what the last look at the claims saw.
type claimState struct {
	bytes  uint64
	limit  int64
	lag    uint64 // blocks that the log has yet to take over
	warned time.Time
}

// nearlyFull is the part of their limit from which claims are reported: a full
// stream takes no conversions, which wait for it.
const nearlyFull = 0.9

// checkClaims looks at the claims once. log is the stream that sources them.
func (g *Guard) checkClaims(ctx context.Context, log *jetstream.StreamInfo) error {
	stream, err := g.js.Stream(ctx, ClaimStream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil // a log from before there were claims
	}
	if err != nil {
		return fmt.Errorf("look at stream %s: %w", ClaimStream, err)
	}
	info := stream.CachedInfo()
	g.mu.Lock()
	defer g.mu.Unlock()
	s := &g.claims
	s.bytes, s.limit, s.lag = info.State.Bytes, info.Config.MaxBytes, 0
	for _, source := range log.Sources {
		if source.Name == ClaimStream {
			s.lag = source.Lag
		}
	}
	if float64(s.bytes) >= nearlyFull*float64(s.limit) && time.Since(s.warned) > guardWarnEvery {
		s.warned = time.Now()
		g.logger.Warn("the stream of claims is nearly full: conversions wait when it is; raise its limit or shorten its window",
			zap.Uint64("bytes", s.bytes), zap.Int64("limit_bytes", s.limit), zap.Duration("window", info.Config.MaxAge))
	}
	return nil
}

func (s *claimState) writeMetrics(w io.Writer) {
	fmt.Fprintf(w, "clickgate_events_claims_bytes %d\n", s.bytes)
	fmt.Fprintf(w, "clickgate_events_claims_limit_bytes %d\n", s.limit)
	fmt.Fprintf(w, "clickgate_events_claims_untaken_blocks %d\n", s.lag)
}
