package state

import "math"

// cells reads cells of an hourly.
func (l *loader) cells(h *hourly, d *decoder) bool {
	for len(d.b) > 0 {
		if !l.cell(h, d) {
			return false
		}
	}
	return !d.bad
}

// cell reads one and enters it, unless its window has passed.
func (l *loader) cell(h *hourly, d *decoder) bool {
	key, c := d.u64(), cell{newest: uint32(d.upTo(uint64(maxHour))), window: uint16(d.upTo(MaxLookbackHours))}
	pages := make([]uint32, d.upTo(uint64(pagesFor(MaxLookbackHours)))*uint64(h.pages.stride()))
	for rest := pages; len(rest) > 0; rest = rest[h.pages.stride():] {
		rest[0] = uint32(d.upTo(uint64(maxHour / pageHours)))
		for i := range rest[pageHead:h.pages.stride()] {
			rest[pageHead+i] = uint32(d.upTo(math.MaxUint32))
		}
	}
	if d.bad || c.window == 0 || len(pages) == 0 || !descending(c.newest/pageHours, pages, h.pages.stride()) {
		return false
	}
	if now := hourAt(l.nowMS); !c.over(now) {
		h.restore(key, c, pages, now)
	}
	return true
}

// descending tells whether the numbers of pages begin at most at newest and
// fall.
func descending(newest uint32, pages []uint32, stride int) bool {
	for most := int64(newest); len(pages) > 0; pages = pages[stride:] {
		if int64(pages[0]) > most {
			return false
		}
		most = int64(pages[0]) - 1
	}
	return true
}

// restore enters the cell of a key with its pages, the newest first, at an hour.
func (h *hourly) restore(key uint64, c cell, pages []uint32, hour uint32) {
	s := h.lock(Key{sum: key})
	defer s.Unlock()
	if i := s.lookUp(); i >= 0 {
		s.drop(i)
	}
	i := s.open(hour, c.window)
	stride := h.pages.stride()
	for at := len(pages) - stride; at >= 0; at -= stride {
		saved := page(pages[at : at+stride])
		s.cells[i].newest = saved.first()
		if s.current(i) != nil {
			copy(s.pages.at(s.cells[i].first)[pageHead:], saved[pageHead:])
			s.cells[i].events += s.shape.events(saved)
		}
	}
	s.cells[i].newest = c.newest
	s.trim(i, hour)
}
