package caps

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/internal/money"
)

// Notice tells that a cap has filled up to a level for the first time in its
// period. Only the Fold raises notices: it alone sees everything, in one
// order, and knows over restarts what it has said.
type Notice struct {
	Cap *Cap
	// Percent is the level: that of the document, or 100 where the cap is full.
	Percent int
	// Sum is how far it has filled up.
	Sum money.Amount
	// Period is 2026-03-29 or 2026-03, empty for a cap that never begins anew.
	Period string
	// Publisher, Goal and SubID are the ones whose counter it is, empty where
	// the cap does not tell them apart. Publisher and Goal are numbers.
	Publisher, Goal, SubID string
}

// ID names a notice among all, in 32 hex digits: it is the same for whoever
// raises it, however the caps of a document are sorted.
func (n *Notice) ID() string {
	h := sha256.New()
	for _, part := range []any{n.Cap.owner, n.Cap.meter, n.Cap.limit, n.Percent, n.Period, n.Publisher, n.Goal, n.SubID} {
		text := fmt.Sprint(part)
		fmt.Fprintf(h, "%d:%s", len(text), text)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// notice raises what the caps of a counter have to say when its peak goes from
// before to t.peak. Past periods interest nobody.
func (f *Fold) notice(n *Count, thing *Thing, before int64, t *tally) {
	if t.endMS <= f.nowMS {
		return
	}
	for _, c := range n.cap.same {
		if c.notice == 0 {
			continue
		}
		if before < c.notice && c.notice <= t.peak && c.notice < c.limit {
			f.notices = append(f.notices, c.newNotice(thing, c.percent, t.peak))
		}
		if before < c.limit && c.limit <= t.peak {
			f.notices = append(f.notices, c.newNotice(thing, 100, t.peak))
		}
	}
}

func (c *Cap) newNotice(t *Thing, percent int, sum int64) Notice {
	n := Notice{
		Cap: c, Percent: percent, Sum: money.FromMillionths(sum),
		Period: c.period.name(c.period.number(t.TimeMS, c.zone)),
	}
	if c.publishers.scope == scopeEach || c.eachSubID {
		n.Publisher = strings.Clone(t.PublisherNumber)
	}
	if c.goals.scope == scopeEach {
		n.Goal = strings.Clone(t.goal())
	}
	if c.eachSubID {
		n.SubID = strings.Clone(t.SubID)
	}
	return n
}

// Notices returns the notices since the last call, in order. Raise them before
// the batch of Save is written, and one may come twice after a crash; after it,
// and one may be lost.
func (f *Fold) Notices() []Notice {
	f.mu.Lock()
	defer f.mu.Unlock()
	notices := f.notices
	f.notices = nil
	return notices
}
