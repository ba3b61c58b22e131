package state

// A slot is one entry of a Table, packed into a word:
//
//	tag 32 bits | expiry 27 bits | more 1 bit | digit 4 bits
//
// The zero word is an empty slot; a tag is never zero. The tag stands for the
// key: in a table as full as planned, one of the slots that a key may use has
// its tag and is a stranger's once in 400 million look-ups of new keys. The expiry counts ticks of 1/8 second and wraps around
// after 194 days. Counts are numbers to the base of 16: when "more" is set,
// the next digit is in another slot, under a tag derived from the first and
// with the same expiry. So a count is exact however large it is, and nearly
// all keys need one slot.
type slot uint64

const (
	digitBits  = 4
	expiryBits = 27
	tagShift   = digitBits + 1 + expiryBits
	tagBits    = 64 - tagShift

	digitMask  = 1<<digitBits - 1
	more       = slot(1) << digitBits
	expiryMask = 1<<expiryBits - 1
	tagMask    = 1<<tagBits - 1

	// digits bounds a count at 2^32 - 1.
	digits = 8

	tickMS = 125
	// horizon is the furthest expiry that counts as ahead, in ticks: 97 days,
	// a week more than MaxWindow for clocks that step back.
	horizon = 1 << (expiryBits - 1)
	// maxTicks is MaxWindow.
	maxTicks = int64(MaxWindow / (tickMS * 1e6))
)

// tick is a time in 1/8 seconds, modulo the range of an expiry.
type tick uint64

// tickAt is the tick that a unix time in milliseconds falls into.
func tickAt(ms int64) tick { return tick(max(ms, 0)/tickMS) & expiryMask }

// ticks is a duration in ticks, rounded up and held within 1 and MaxWindow.
func ticks(ms int64) int64 { return min(max((ms-1)/tickMS+1, 1), maxTicks) }

// expiryAt is the first tick after a window that opens now. A window is never
// shorter than asked and at most 1/8 second longer.
func expiryAt(nowMS, windowMS int64) tick {
	windowMS = min(max(windowMS, 1), MaxWindow.Milliseconds())
	return tickAt(max(nowMS, 0) + windowMS + tickMS - 1)
}

// after is how many ticks t lies ahead of now; at or below 0 it is past.
func (t tick) after(now tick) int64 {
	ahead := int64((t - now) & expiryMask)
	if ahead > horizon {
		return ahead - (expiryMask + 1)
	}
	return ahead
}

// pack makes a slot with the count of digit.
func pack(tag uint64, expiry tick, digit uint64) slot {
	return slot(tag<<tagShift | uint64(expiry)<<(digitBits+1) | digit)
}

func (s slot) tag() uint64   { return uint64(s >> tagShift) }
func (s slot) expiry() tick  { return tick(s>>(digitBits+1)) & expiryMask }
func (s slot) digit() uint64 { return uint64(s & digitMask) }

// live tells whether s holds an entry that has not expired.
func (s slot) live(now tick) bool { return s != 0 && s.expiry().after(now) > 0 }

// withExpiry is s with another expiry.
func (s slot) withExpiry(t tick) slot {
	return s&^(expiryMask<<(digitBits+1)) | slot(t)<<(digitBits+1)
}

// tagOf is the tag of a key.
func tagOf(k Key) uint64 { return max(k.sum&tagMask, 1) }

// digitTag is the tag of a key's digit at a level; level 0 is the key's own.
func digitTag(tag uint64, level int) uint64 {
	return max((tag^uint64(level)*0x5bd1e95)&tagMask, 1)
}
