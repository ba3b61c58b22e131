package filters

import (
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// ledger is the traffic of publishers on offers: what conversion rates and
// shares of rejected conversions are made of. All filters of a group that
// measure alike share one, so that a click is counted once for all of them.
type ledger struct {
	book    *state.Ledger
	space   state.Key
	bySubID bool
}

func newLedger(env Env, bySubID bool) ledger {
	return ledger{env.State.Ledger, env.State.Namespace(env.Scope, "", "LEDGER", ""), bySubID}
}

func (l *ledger) key(c *click.Click) state.Key { return addSource(l.space, c, l.bySubID) }

// record counts a click that counts: one that reached the offer and so could
// convert, and a conversion whatever became of it. A click that was rejected is
// left out, or whoever is blocked for a low rate would never get out of it.
func (l *ledger) record(c *click.Click, v *click.Verdict) {
	switch c.Plane {
	case click.PlaneConversion:
		l.book.Conversion(l.key(c), c.TimeMS, v.Rejected())
	case click.PlaneClick:
		if !v.Blocked {
			l.book.Click(l.key(c), c.TimeMS)
		}
	}
}

// sum is the traffic of a click's source in the last hours.
func (l *ledger) sum(c *click.Click, hours int) state.Traffic {
	return l.book.Sum(l.key(c), c.TimeMS, hours)
}
