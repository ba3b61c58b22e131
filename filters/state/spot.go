package state

// spot is where a key of an hourly may be: two buckets of a stripe. Its
// methods need the stripe's lock, and cells go by their index in the stripe.
type spot struct {
	*hourly
	*hourStripe
	key  uint64
	a, b int // the first cells of the buckets
}

// sums are the counters of a window.
type sums [maxWidth]uint64

// lock returns the spot of a key, locked.
func (h *hourly) lock(k Key) spot {
	i, a, b := h.grid.locate(k)
	first := i * h.grid.buckets
	s := spot{hourly: h, hourStripe: &h.stripes[i], key: k.sum, a: int(a-first) * hourWays, b: int(b-first) * hourWays}
	s.Lock()
	return s
}

// find returns the cell of the key moved to an hour, or -1.
func (s *spot) find(hour uint32) int {
	i := s.lookUp()
	if i >= 0 {
		s.advance(i, hour)
	}
	return i
}

// lookUp returns the cell of the key as it is, or -1.
func (s *spot) lookUp() int {
	if s.cells == nil {
		return -1
	}
	for _, first := range [...]int{s.a, s.b} {
		for i, key := range s.keys[first : first+hourWays] {
			if key == s.key && s.cells[first+i].first != 0 {
				return first + i
			}
		}
	}
	return -1
}

// open is find, with a new cell when the key has none.
func (s *spot) open(hour uint32, window uint16) int {
	i := s.find(hour)
	if i < 0 {
		i = s.room(hour)
		s.keys[i], s.cells[i] = s.key, cell{newest: hour}
		clear(s.pastOf(i))
	}
	c := &s.cells[i]
	c.window = max(c.window, window)
	return i
}

// room returns an empty cell of the emptier bucket. A key that has left its
// window makes room, or else the one with the fewest events.
func (s *spot) room(hour uint32) int {
	if s.cells == nil {
		n := int(s.grid.buckets) * hourWays
		s.keys, s.cells, s.past = make([]uint64, n), make([]cell, n), make([]uint64, n*s.shape.pastWords())
	}
	a, freeA := s.vacant(s.a, hour)
	b, freeB := s.vacant(s.b, hour)
	switch {
	case freeA+freeB == 0:
		s.evictions++
		if s.cells[b].events < s.cells[a].events {
			a = b
		}
	case freeB > freeA:
		a = b
	}
	s.drop(a)
	return a
}

// vacant returns how many cells of a bucket hold nothing that counts at an
// hour, and one of them; when there are none, the one with the fewest events.
func (s *spot) vacant(first int, hour uint32) (cell, n int) {
	cell = first
	for i := first; i < first+hourWays; i++ {
		switch c := &s.cells[i]; {
		case c.first == 0 || c.over(hour):
			cell, n = i, n+1
		case n == 0 && c.events < s.cells[cell].events:
			cell = i
		}
	}
	return cell, n
}

// over tells whether the window has passed since the key came last, or the
// key is that far in the future because the clock leapt back. An hour back is
// none: events that overtake each other at the turn of an hour look like that.
func (c *cell) over(hour uint32) bool {
	w := uint32(c.window)
	return hour >= c.newest+w || c.newest >= hour+max(w, 2)
}

// advance moves a window to an hour. A clock that stepped back counts into the
// newest hour; one that leapt back by a window begins anew, or the key would
// be stuck in the future.
func (s *spot) advance(i int, hour uint32) {
	c := &s.cells[i]
	if hour == c.newest || hour < c.newest && !c.over(hour) {
		return
	}
	s.trim(i, hour)
	c.newest = hour
	clear(s.pastOf(i))
}

// trim gives back the pages that have left the window at an hour.
func (s *spot) trim(i int, hour uint32) {
	c := &s.cells[i]
	if c.over(hour) {
		s.drop(i)
		return
	}
	link := &c.first
	for *link != 0 && !s.pages.at(*link).left(hour, c.window) {
		link = &s.pages.at(*link)[1]
	}
	if *link == 0 {
		return
	}
	c.events -= s.weigh(*link)
	s.pages.give(*link)
	*link = 0
	if c.first == 0 {
		s.used--
	}
}

// drop empties a cell.
func (s *spot) drop(i int) {
	c := &s.cells[i]
	if c.first == 0 {
		return
	}
	s.pages.give(c.first)
	c.first, c.events = 0, 0
	clear(s.pastOf(i))
	s.used--
}
