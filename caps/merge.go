package caps

// Part is what one incarnation added to a counter and took back from it, in
// millionths. Both only grow.
type Part struct {
	By       Incarnation
	Up, Down int64
}

// Counter is a counter as a Fold tells it.
type Counter struct {
	Key Key
	// EndMS is when the period has ended, SubID tells that the counter is that
	// of one sub id.
	EndMS int64
	SubID bool
	// Since is the position in the log at which the Fold began to count, after
	// which it read up what came before; 0 where it counted from the beginning.
	Since uint64
	// Total is the sum of everybody, in millionths. Parts are those that make
	// it up, but for incarnations that are known to be gone.
	Total int64
	Parts []Part
}

// stamp is how far somebody has read: positions of a later log are later.
type stamp struct {
	logMS    int64
	position uint64
}

func (s stamp) before(other stamp) bool {
	return s.logMS < other.logMS || s.logMS == other.logMS && s.position < other.position
}

// Delta is what a Fold tells the edges: counters that have changed, or all of
// them.
type Delta struct {
	// LogMS is when the event log was made, in unix milliseconds, Position the
	// last entry of it that is counted in.
	LogMS    int64
	Position uint64
	// AppliedMS is a time in unix milliseconds; all that was logged before is
	// counted in.
	AppliedMS int64
	Counters  []Counter
}

// Merge takes over what a Fold has read. Deltas may come twice, late or from
// several workers; one that is lost is made up for by the next one with the
// same counters, or with all of them. The book keeps nothing of d.
func (b *Book) Merge(d *Delta) {
	at := stamp{d.LogMS, d.Position}
	for i := range d.Counters {
		b.merge(&d.Counters[i], at)
	}
	for {
		was := b.appliedMS.Load()
		if was >= d.AppliedMS || b.appliedMS.CompareAndSwap(was, d.AppliedMS) {
			return
		}
	}
}

// AppliedMS is the time up to which everything logged by anybody is in the
// book, in unix milliseconds; 0 before the first Delta. A process that has just
// started is exact once this is after its start.
func (b *Book) AppliedMS() int64 { return b.appliedMS.Load() }

func (b *Book) merge(n *Counter, at stamp) {
	s := b.shard(n.Key.Owner)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counters[n.Key]
	if c == nil {
		if c = b.open(n.Key, n.EndMS, n.SubID); c == nil {
			return
		}
	}
	if at.before(c.at) {
		return
	}
	mine := n.part(b.self)
	// A Fold that read up the past counts otherwise than before, and nobody can
	// tell what of ours is among it: its word counts, and what is on its way
	// follows with the next Delta.
	if newLog := at.logMS > c.at.logMS && c.at.logMS != 0; newLog || n.Since > c.since {
		c.up, c.down, c.since = mine.Up, mine.Down, n.Since
	} else {
		c.up, c.down = max(c.up, mine.Up), max(c.down, mine.Down)
	}
	c.foldedUp, c.foldedDown = mine.Up, mine.Down
	c.others = plus(n.Total, plus(mine.Down, -mine.Up))
	c.at = at
}

// part returns what an incarnation did.
func (n *Counter) part(by Incarnation) Part {
	for _, p := range n.Parts {
		if p.By == by {
			return p
		}
	}
	return Part{By: by}
}
