package state

// bucketSlots fill a cache line.
const bucketSlots = 8

type bucket [bucketSlots]slot

// Table counts events per key in fixed windows: the first event of a key opens
// a window, those within it are counted, the first one after it opens a new
// one. Counts are exact as long as nothing is evicted; Stats tells.
//
// A key has a place in two buckets of eight slots and takes the emptier one.
// When both are full, the live entry that expires first gives way. Times are
// unix milliseconds and come from the caller; a clock that steps back makes
// windows last that much longer.
type Table struct {
	grid    grid
	buckets []bucket
	stripes []stripe
}

// NewTable makes a table for so many keys at one time.
func NewTable(keys int) *Table {
	g := newGrid(max(keys, 1), bucketSlots)
	return &Table{
		grid:    g,
		buckets: make([]bucket, g.stripes*g.buckets),
		stripes: make([]stripe, g.stripes),
	}
}

// Add counts an event of k at nowMS and returns how many there were in its
// window, this one included. When none is open, it opens one of windowMS, at
// most MaxWindow.
func (t *Table) Add(k Key, nowMS, windowMS int64) int64 {
	p := t.place(k)
	now := tickAt(nowMS)
	p.Lock()
	defer p.Unlock()
	s := p.find(p.tag, now)
	if s == nil {
		p.put(p.room(now, 0), pack(p.tag, expiryAt(nowMS, windowMS), 1))
		return 1
	}
	p.increment(s, now)
	return p.count(s, now)
}

// Peek returns how many events of k were counted in the window that is open at
// nowMS; 0 when none is.
func (t *Table) Peek(k Key, nowMS int64) int64 {
	p := t.place(k)
	now := tickAt(nowMS)
	p.Lock()
	defer p.Unlock()
	s := p.find(p.tag, now)
	if s == nil {
		return 0
	}
	return p.count(s, now)
}

// Extend prolongs the window of k that is open at nowMS by extraMS, up to
// MaxWindow from now. Without an open window it does nothing.
func (t *Table) Extend(k Key, nowMS, extraMS int64) {
	p := t.place(k)
	now := tickAt(nowMS)
	p.Lock()
	defer p.Unlock()
	s := p.find(p.tag, now)
	if s == nil {
		return
	}
	old := s.expiry()
	left := old.after(now)
	longer := max(left, min(left+ticks(extraMS), maxTicks))
	p.setExpiry(s, now, (now+tick(longer))&expiryMask)
}

// left returns how many ticks an entry of k has left; 0 when there is none.
func (t *Table) left(k Key, now tick) int64 {
	p := t.place(k)
	p.Lock()
	defer p.Unlock()
	if s := p.find(p.tag, now); s != nil {
		return s.expiry().after(now)
	}
	return 0
}

// set enters k, or moves its expiry.
func (t *Table) set(k Key, now, expiry tick) {
	p := t.place(k)
	p.Lock()
	defer p.Unlock()
	s := p.find(p.tag, now)
	if s == nil {
		s = p.room(now, 0)
	}
	p.put(s, pack(p.tag, expiry, 1))
}

// Sweep clears the entries that have expired at nowMS.
func (t *Table) Sweep(nowMS int64) {
	now := tickAt(nowMS)
	for i := range t.stripes {
		first := uint64(i) * t.grid.buckets
		t.stripes[i].sweep(t.buckets[first:first+t.grid.buckets], now)
	}
}

func (s *stripe) sweep(buckets []bucket, now tick) {
	s.Lock()
	defer s.Unlock()
	if s.used == 0 {
		return
	}
	for i := range buckets {
		for j, e := range buckets[i] {
			if e != 0 && !e.live(now) {
				buckets[i][j] = 0
				s.used--
			}
		}
	}
}

// Stats returns the table's figures.
func (t *Table) Stats() Stats { return total(t.stripes, len(t.buckets)*bucketSlots) }

func (t *Table) place(k Key) place {
	i, a, b := t.grid.locate(k)
	return place{&t.stripes[i], &t.buckets[a], &t.buckets[b], tagOf(k)}
}
