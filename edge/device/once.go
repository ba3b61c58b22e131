package device

import (
	"hash/maphash"
	"sync/atomic"
)

// once tells user agents that come again from those that were never seen: an
// attacker's pass by the cache, which would spend more on keeping one than a
// parse costs. It forgets, and then a user agent is parsed once more.
type once struct{ marks [1 << 16]atomic.Uint32 }

// onceSeed makes the places of user agents unpredictable.
var onceSeed = maphash.MakeSeed()

// again tells whether ua was asked about before, and remembers it.
func (o *once) again(ua string) bool {
	h := maphash.String(onceSeed, ua)
	place, mark := &o.marks[h%uint64(len(o.marks))], uint32(h>>32)|1
	if place.Load() == mark {
		return true
	}
	place.Store(mark)
	return false
}
