package filters

import (
	"fmt"

	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// limit allows a number of clicks per key and window.
type limit struct {
	counts        *state.Table
	max, windowMS int64
	// detail says the limit in words, for event rows.
	detail string
}

func newLimit(counts *state.Table, most, windowSeconds int64) limit {
	return limit{
		counts: counts, max: most, windowMS: windowSeconds * 1000,
		detail: fmt.Sprintf("more than %d in %d s", most, windowSeconds),
	}
}

// exceeded counts a click and tells whether it is one too many. A click that
// does not count is judged as if it did and leaves nothing behind.
func (l *limit) exceeded(k state.Key, c *click.Click) bool {
	if !c.Counts() {
		return l.counts.Peek(k, c.TimeMS)+1 > l.max
	}
	return l.counts.Add(k, c.TimeMS, l.windowMS) > l.max
}
