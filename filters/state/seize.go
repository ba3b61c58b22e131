package state

// lookedAt is how many keys are compared when one has to give way.
const lookedAt = 8

// seize returns a page for the cell i when the pool is empty: one of the key
// with the fewest events of some others in the stripe, all of whose pages
// become free.
func (s *spot) seize(i int) uint32 {
	s.evictions++
	v := s.weakest(i)
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
		s.used--
	}
	return p
}

// weakest returns the cell with the fewest events of the next ones after the
// key's first bucket, other than i; -1 when there is none.
func (s *spot) weakest(i int) int {
	least, seen := -1, 0
	for j := range s.cells {
		at := (s.a + j) % len(s.cells)
		c := &s.cells[at]
		if at == i || c.first == 0 {
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
