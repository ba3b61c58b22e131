package filters

import (
	"fmt"

	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// wideFactor is how many limits of a /64 a /48 has, unless the settings say
// otherwise: enough for a house full of people or a small office, and far from
// the 65,536 identities that the owner of a /48 could make up.
const wideFactor = 64

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

// newWideLimit makes the limit of an IPv6 /48 beside that of a /64. most is the
// setting: unset is 64 times narrow's, and 0 is no limit.
func newWideLimit(narrow limit, most *int64) limit {
	wide := narrow
	wide.max = min(narrow.max*wideFactor, maxCount)
	if most != nil {
		wide.max = *most
	}
	wide.detail = fmt.Sprintf("more than %d of the /48 in %d s", wide.max, wide.windowMS/1000)
	return wide
}

// exceeded counts a click and tells whether it is one too many. A click that
// does not count is judged as if it did and leaves nothing behind.
func (l *limit) exceeded(k state.Key, c *click.Click) bool {
	if !c.Counts() {
		return l.seen(k, c) > l.max
	}
	return l.counts.Add(k, c.TimeMS, l.windowMS) > l.max
}

// seen is how many clicks the open window holds, this one included, if it is
// not counted.
func (l *limit) seen(k state.Key, c *click.Click) int64 { return l.counts.Peek(k, c.TimeMS) + 1 }

// explain adds the count of a key.
func (l *limit) explain(name string, k state.Key, c *click.Click, e *Explanation) {
	e.Count(name, l.seen(k, c), l.max, l.windowMS/1000)
}

// isNetwork tells whether a click comes from an address that is counted by its
// /64 and /48.
func isNetwork(c *click.Click) bool { return c.IP.Is6() && !c.IP.Is4In6() }
