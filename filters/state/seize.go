package state

// lookedAt is how many keys are compared when one has to give way.
const lookedAt = 8

// seize returns a page when the pool is empty: one of the key with the fewest
// events of some in the stripe, all of whose pages become free. That may be the
// key that wants one.
func (s *spot) seize() uint32 {
	s.evictions++
	v := s.weakest()
	if v < 0 {
		return 0 // all the memory is with other stripes: this event is not counted
	}
	p := s.cells[v].first
	rest := s.pages.at(p).next()
	s.pages.at(p)[1] = 0
	s.cells[v].first = rest
	if rest != 0 {
		s.drop(v)
	} else {
		s.cells[v].events = 0
		clear(s.pastOf(v))
		s.used--
	}
	return p
}

// weakest returns the cell with the fewest events of the next ones from the
// key's first bucket on; -1 when there is none.
func (s *spot) weakest() int {
	least, seen := -1, 0
	for j := range s.cells {
		at := (s.a + j) % len(s.cells)
		c := &s.cells[at]
		if c.first == 0 {
			continue
		}
		if least < 0 || c.events < s.cells[least].events {
			least = at
		}
		if seen++; seen == lookedAt {
			break
		}
	}
	return least
}
