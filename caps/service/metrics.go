package service

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// stats are what metrics tell of a Counter.
type stats struct {
	read, counted, bad, gaps, incomplete, notices, unclaimed, unsent, unread atomic.Uint64

	// Messages about rows, which may come in any number. They are told by the
	// goroutine that counts.
	told   int
	minute int64
}

// toldPerMinute is how many messages about rows are logged in a minute.
const toldPerMinute = 60

// mayTell tells whether there is room for a message in this minute.
func (s *stats) mayTell(now time.Time) bool {
	if minute := now.Unix() / 60; minute != s.minute {
		s.minute, s.told = minute, 0
	}
	s.told++
	return s.told <= toldPerMinute
}

// Lag is how far the sums are behind the log, in time. While the log is away it
// grows.
func (c *Counter) Lag() time.Duration {
	return max(0, c.opt.Now().Sub(time.UnixMilli(c.clock.AppliedMS())))
}

// WriteMetrics writes how the Counter goes, in the Prometheus text format.
func (c *Counter) WriteMetrics(w io.Writer) {
	down := 0
	if c.log.Failed() {
		down = 1
	}
	s := &c.stats
	fmt.Fprintf(w, "clickgate_caps_read_rows_total %d\n", s.read.Load())
	fmt.Fprintf(w, "clickgate_caps_counted_rows_total %d\n", s.counted.Load())
	fmt.Fprintf(w, "clickgate_caps_bad_rows_total %d\n", s.bad.Load())
	fmt.Fprintf(w, "clickgate_caps_log_gaps_total %d\n", s.gaps.Load())
	fmt.Fprintf(w, "clickgate_caps_incomplete_total %d\n", s.incomplete.Load())
	fmt.Fprintf(w, "clickgate_caps_notices_total %d\n", s.notices.Load())
	fmt.Fprintf(w, "clickgate_caps_unclaimed_notices_total %d\n", s.unclaimed.Load())
	fmt.Fprintf(w, "clickgate_caps_unsent_deltas_total %d\n", s.unsent.Load())
	fmt.Fprintf(w, "clickgate_caps_read_up_failures_total %d\n", s.unread.Load())
	fmt.Fprintf(w, "clickgate_caps_lag_seconds %.3f\n", c.Lag().Seconds())
	fmt.Fprintf(w, "clickgate_caps_pending_blocks %d\n", c.log.Pending())
	fmt.Fprintf(w, "clickgate_caps_count_failures_total %d\n", c.log.Failures())
	fmt.Fprintf(w, "clickgate_caps_count_failed %d\n", down)
}
