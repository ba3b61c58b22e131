package state

import "math"

// weigh adds up the events of a page and those that follow it.
func (s *spot) weigh(first uint32) (events uint64) {
	for i := first; i != 0; i = s.pages.at(i).next() {
		events += s.shape.events(s.pages.at(i))
	}
	return events
}

// events adds up what makes a key matter.
func (s shape) events(g page) (events uint64) {
	for hour := range uint32(pageHours) {
		for _, n := range g.hour(hour, s.width)[:s.weighty] {
			events += uint64(n)
		}
	}
	return events
}

// add counts an event in each of some counters, in the newest hour. At the end
// of its range an hour stands still as a whole: shares stay right.
func (s *spot) add(i int, counters ...int) {
	counts := s.current(i)
	if counts == nil {
		return
	}
	for _, n := range counters {
		if counts[n] == math.MaxUint32 {
			return
		}
	}
	for _, n := range counters {
		counts[n]++
		if n < s.shape.weighty {
			s.cells[i].events++
		}
	}
}

// current returns the counters of the newest hour, on a new page if need be;
// nil when there is no page to be had.
func (s *spot) current(i int) []uint32 {
	c := &s.cells[i]
	number := c.newest / pageHours
	if c.first == 0 || s.pages.at(c.first).number() != number {
		p := s.pages.take(number, c.first)
		if p == 0 {
			if p = s.seize(); p == 0 {
				return nil
			}
			s.pages.begin(p, number, c.first)
		}
		if c.first == 0 {
			s.used++
		}
		c.first = p
	}
	return s.pages.at(c.first).hour(c.newest, s.shape.width)
}
