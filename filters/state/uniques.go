package state

// Uniques limits how many different members a space has within a window of
// hours, such as the sub ids of a publisher on an offer (D-30). It is exact as
// long as nothing is evicted.
//
// For each hour a space counts the members that came last in it, and a table
// knows that hour of each member. What is known of one space changes under the
// lock of its stripe.
type Uniques struct {
	spaces  hourly
	members *Table
}

// spaceBytes is the memory of spaces for each member. Most of them have few,
// and a space takes up to 240 bytes with a window of 24 hours.
const spaceBytes = 32

// NewUniques makes one for so many members of all spaces at one time.
func NewUniques(members int) *Uniques {
	return &Uniques{
		spaces:  newHourly(members*spaceBytes, shape{width: 1, weighty: 1, windows: 1}),
		members: NewTable(members),
	}
}

// Admit tells whether a member of a space may come at nowMS: because it came
// within the window before, or because fewer than most others did. A member
// that is admitted is noted if it counts. The window is rounded up to hours, 1
// to MaxLookbackHours: the current hour so far and those before it. One space
// always comes with the same window.
func (u *Uniques) Admit(space, member Key, nowMS, windowMS, most int64, counts bool) bool {
	hours := window(int(min((windowMS+hourMS-1)/hourMS, MaxLookbackHours)))
	s := u.spaces.lock(space)
	defer s.Unlock()
	now, others := hourAt(nowMS), uint64(0)
	i := s.find(now)
	if i >= 0 {
		now = s.cells[i].newest
		others = s.sum(i, int(hours))[0]
	}
	k := space.join(member.sum)
	last, known := u.lastSeen(k, now, hours)
	if !known && others >= uint64(max(most, 0)) {
		return false
	}
	if !counts || known && last == now && i >= 0 {
		return true
	}
	if i < 0 {
		i = s.open(now, hours)
	}
	if known {
		s.subtract(i, last)
	}
	s.add(i, 0)
	u.members.set(k, hourTick(now), hourTick(now+uint32(hours)))
	return true
}

// lastSeen returns the hour in which a member came last, if that lies within
// the window.
func (u *Uniques) lastSeen(k Key, now uint32, hours uint16) (last uint32, known bool) {
	left := u.members.left(k, hourTick(now)) / (hourMS / tickMS)
	if left <= 0 || left > int64(hours) {
		return 0, false
	}
	return now + uint32(left) - uint32(hours), true
}

// hourTick is the tick that an hour begins with.
func hourTick(hour uint32) tick { return tickAt(int64(hour) * hourMS) }

// subtract takes one back that add counted in an hour. When that is not known
// any more, there is nothing to take back.
func (s *spot) subtract(i int, hour uint32) {
	c := &s.cells[i]
	for p := c.first; p != 0; p = s.pages.at(p).next() {
		g := s.pages.at(p)
		if g.number() != hour/pageHours {
			continue
		}
		if n := &g.hour(hour, s.shape.width)[0]; *n > 0 {
			*n--
			c.events--
			clear(s.pastOf(i))
		}
		return
	}
}
