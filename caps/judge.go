package caps

import "github.com/clickgate/clickgate/internal/click"

// Verdict is what the caps say to a thing. The zero Verdict lets it pass.
type Verdict struct {
	// Cap is the one that taking the thing would exceed, or that is full for
	// what a click could become: the first one that diverts clicks, else the
	// first one. Nil lets it pass.
	Cap *Cap
	// Divert tells that a click must go to the fallback (is_redirect_overcap).
	// A click that is over a cap and not diverted passes and earns nothing. A
	// conversion or event becomes PendingCap (R-56, D-19).
	Divert bool
}

// Over tells whether a cap says no.
func (v Verdict) Over() bool { return v.Cap != nil }

// Over tells what the caps say to a thing as the book stands. It counts
// nothing: of two things at the same time both may pass where there is room for
// one. Take does both in one step.
//
// A thing that would not count, such as a rejected conversion, is never over.
func (r *Rules) Over(b *Book, t *Thing) Verdict {
	pair := r.of(t)
	if pair == [2]*owned{} {
		return Verdict{}
	}
	first, second := b.lock(pair)
	v := judge(b, pair, t)
	unlock(first, second)
	return v
}

// Take judges the thing and, where it is not over a cap, counts it in the same
// step; the counts are appended to dst. Whoever cannot record the thing after
// all gives them back with Book.Return. A thing that is over a cap is not
// counted: if it passes all the same, count what it has become with Counters
// and Book.Add.
func (r *Rules) Take(b *Book, t *Thing, dst []Count) ([]Count, Verdict) {
	pair := r.of(t)
	if pair == [2]*owned{} {
		return dst, Verdict{}
	}
	start := len(dst)
	dst = appendCounts(dst, pair, t, false)
	first, second := b.lock(pair)
	v := judge(b, pair, t)
	if v.Over() {
		dst = dst[:start]
	}
	for i := range dst[start:] {
		b.add(&dst[start+i])
	}
	unlock(first, second)
	return dst, v
}

// judge reads counters whose shards are locked.
func judge(b *Book, pair [2]*owned, t *Thing) (v Verdict) {
	for _, o := range pair {
		if o == nil {
			continue
		}
		for _, c := range o.caps {
			if !c.isOver(b, t) {
				continue
			}
			if c.diverts && t.Plane == click.PlaneClick {
				return Verdict{Cap: c, Divert: true}
			}
			if v.Cap == nil {
				v.Cap = c
			}
		}
	}
	return v
}

func (c *Cap) isOver(b *Book, t *Thing) bool {
	if n := c.amount(t); n > 0 && c.exceeds(b.sum(c.key(t, t.goal())), n) {
		return true
	}
	return c.divertsFor(t) && c.isFull(b, t)
}
