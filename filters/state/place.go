package state

// place is where a key may be: two buckets under one lock. Its methods need
// the lock.
type place struct {
	*stripe
	a, b *bucket
	tag  uint64
}

// find returns the live slot with a tag, or nil.
func (p *place) find(tag uint64, now tick) *slot {
	if s := p.a.find(tag, now); s != nil {
		return s
	}
	return p.b.find(tag, now)
}

func (b *bucket) find(tag uint64, now tick) *slot {
	for i := range b {
		if s := &b[i]; s.tag() == tag && s.live(now) {
			return s
		}
	}
	return nil
}

// put writes a slot and keeps the number of used ones.
func (p *place) put(s *slot, v slot) {
	if *s == 0 {
		p.used++
	}
	*s = v
}

// room returns a slot for the digit at a level: a free one of the emptier
// bucket, or else the one that expires first. It spares the lower digits.
func (p *place) room(now tick, level int) *slot {
	a, freeA := p.a.free(now)
	b, freeB := p.b.free(now)
	if freeA+freeB == 0 {
		p.evictions++
		return p.victim(now, level)
	}
	if freeA >= freeB {
		return a
	}
	return b
}

// free returns a slot without a live entry and how many there are.
func (b *bucket) free(now tick) (first *slot, n int) {
	for i := range b {
		if b[i].live(now) {
			continue
		}
		if n++; first == nil {
			first = &b[i]
		}
	}
	return first, n
}

// victim returns the slot that expires first and holds no digit below a level.
func (p *place) victim(now tick, level int) *slot {
	var first *slot
	for _, b := range [...]*bucket{p.a, p.b} {
		for i := range b {
			s := &b[i]
			if (first == nil || s.expiry().after(now) < first.expiry().after(now)) && !p.ownDigit(s, level) {
				first = s
			}
		}
	}
	return first
}

// ownDigit tells whether s holds a digit below a level.
func (p *place) ownDigit(s *slot, level int) bool {
	for l := range level {
		if s.tag() == digitTag(p.tag, l) {
			return true
		}
	}
	return false
}

// increment adds one to the number that begins in s.
func (p *place) increment(s *slot, now tick) {
	for level := 1; s.digit() == digitMask; level++ {
		if level == digits {
			return // at its end; the lower digits have been cleared by now
		}
		*s = *s&^digitMask | more
		s = p.nextDigit(s, level, now)
	}
	*s++
}

// nextDigit returns the slot of the digit at a level, made when it is missing.
// A digit with another expiry than the number's is a left-over of an evicted
// one and starts at zero.
func (p *place) nextDigit(lower *slot, level int, now tick) *slot {
	tag, expiry := digitTag(p.tag, level), lower.expiry()
	s := p.find(tag, now)
	if s != nil && s.expiry() == expiry {
		return s
	}
	if s == nil {
		s = p.room(now, level)
	}
	p.put(s, pack(tag, expiry, 0))
	return s
}

// count reads the number that begins in s. A digit that was evicted counts
// nothing.
func (p *place) count(s *slot, now tick) int64 {
	n := int64(s.digit())
	for level := 1; *s&more != 0; level++ {
		if s = p.find(digitTag(p.tag, level), now); s == nil {
			break
		}
		n += int64(s.digit()) << (level * digitBits)
	}
	return n
}

// setExpiry moves the expiry of all digits of the number that begins in s.
func (p *place) setExpiry(s *slot, now, expiry tick) {
	for level := 1; s != nil; level++ {
		next := *s&more != 0
		*s = s.withExpiry(expiry)
		if !next {
			return
		}
		s = p.find(digitTag(p.tag, level), now)
	}
}
