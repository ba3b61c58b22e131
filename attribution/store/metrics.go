package store

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/metrics"
)

var (
	findSeconds = metrics.NewHistogram("clickgate_attribution_find_seconds")
	found       = metrics.NewCounter(`clickgate_attribution_finds_total{result="found"}`)
	notFound    = metrics.NewCounter(`clickgate_attribution_finds_total{result="not_found"}`)
	findFailed  = metrics.NewCounter(`clickgate_attribution_finds_total{result="error"}`)
)

// tally is what one batch counts.
type tally struct {
	rows                 [int(events.Postback) + 1]uint64
	bad, blocks, skipped uint64
}

// counts are the counters of a store.
type counts struct {
	rows                          [int(events.Postback) + 1]atomic.Uint64
	bad, blocks, skipped, rebuilt atomic.Uint64
}

func (c *counts) add(t *tally) {
	for kind, n := range t.rows {
		c.rows[kind].Add(n)
	}
	c.bad.Add(t.bad)
	c.blocks.Add(t.blocks)
	c.skipped.Add(t.skipped)
}

func (c *counts) asked(took time.Duration, answer *attribution.Answer, err error) {
	findSeconds.Update(took)
	switch {
	case err != nil:
		findFailed.Inc()
	case answer.Row != nil:
		found.Inc()
	default:
		notFound.Inc()
	}
}

// WriteMetrics writes the counters in the Prometheus text format.
func (s *Store) WriteMetrics(w io.Writer) {
	for _, kind := range [...]events.Kind{events.Click, events.Impression, events.Conversion, events.Event} {
		fmt.Fprintf(w, "clickgate_attribution_rows_total{kind=%q} %d\n", kind, s.counts.rows[kind].Load())
	}
	fmt.Fprintf(w, "clickgate_attribution_bad_rows_total %d\n", s.counts.bad.Load())
	fmt.Fprintf(w, "clickgate_attribution_blocks_total %d\n", s.counts.blocks.Load())
	fmt.Fprintf(w, "clickgate_attribution_skipped_blocks_total %d\n", s.counts.skipped.Load())
	fmt.Fprintf(w, "clickgate_attribution_rebuilds_total %d\n", s.counts.rebuilt.Load())
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return
	}
	m := s.db.Metrics()
	fmt.Fprintf(w, "clickgate_attribution_disk_bytes %d\n", m.DiskSpaceUsage()+s.blocks.Metrics().DiskSpaceUsage())
	fmt.Fprintf(w, "clickgate_attribution_cache_bytes %d\n", m.BlockCache.Size)
	fmt.Fprintf(w, "clickgate_attribution_cache_hits_total %d\n", m.BlockCache.Hits)
	fmt.Fprintf(w, "clickgate_attribution_cache_misses_total %d\n", m.BlockCache.Misses)
}
