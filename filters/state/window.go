package state

// sum returns the counters of a cell over a window that ends with its newest
// hour. The hours before that one change no more, so their sum is kept.
func (s *spot) sum(i, hours int) (t sums) {
	c := &s.cells[i]
	if c.first == 0 {
		return t
	}
	for n, v := range s.before(i, uint64(window(hours))) {
		t[n] = v
	}
	g := s.pages.at(c.first)
	if g.number() != c.newest/pageHours {
		return t
	}
	for n, v := range g.hour(c.newest, s.shape.width) {
		t[n] += uint64(v)
	}
	return t
}

// pastOf returns the kept sums of a cell.
func (s *spot) pastOf(i int) []uint64 {
	n := s.shape.pastWords()
	return s.past[i*n : (i+1)*n]
}

// before returns the sums of a window without its newest hour. When more
// windows are asked for than are kept, the last place is computed each time.
func (s *spot) before(i int, hours uint64) []uint64 {
	all, step := s.pastOf(i), 1+s.shape.width
	for ; len(all) > step && all[0] != 0 && all[0] != hours; all = all[step:] {
	}
	kept := all[:step]
	if kept[0] != hours {
		kept[0] = hours
		s.addUp(i, uint32(hours), kept[1:])
	}
	return kept[1:]
}

// addUp computes what before keeps.
func (s *spot) addUp(i int, hours uint32, into []uint64) {
	clear(into)
	c := &s.cells[i]
	for p := c.first; p != 0; {
		g := s.pages.at(p)
		p = g.next()
		for hour := g.first(); hour < g.first()+pageHours; hour++ {
			if hour >= c.newest || hour+hours <= c.newest {
				continue
			}
			for n, v := range g.hour(hour, s.shape.width) {
				into[n] += uint64(v)
			}
		}
		if g.first()+hours <= c.newest {
			return // the pages that follow are older still
		}
	}
}
