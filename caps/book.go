package caps

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/clickgate/clickgate/internal/metrics"
)

// Incarnation is one run of a process, told from all others: what it counted
// ends with it.
type Incarnation uint64

const shardCount = 64

// DefaultSubIDs is how many sub ids of one offer or publisher are counted at a
// time, unless Options say otherwise.
const DefaultSubIDs = 100_000

// Options of a Book and a Fold.
type Options struct {
	// SubIDs is the most counters that one offer or publisher may have for sub
	// ids, since visitors choose those. A counter takes some 150 bytes. The
	// things of further sub ids are not counted by the caps that tell sub ids
	// apart, which is counted in Dropped; all other caps are not affected. Below
	// 1 is DefaultSubIDs.
	SubIDs int
}

func (o Options) subIDs() int {
	if o.SubIDs < 1 {
		return DefaultSubIDs
	}
	return o.SubIDs
}

var dropped = metrics.NewCounter(`clickgate_caps_sub_ids_dropped_total`)

// Book holds the counters of one process. It is safe for use by many
// goroutines.
type Book struct {
	self      Incarnation
	maxSubIDs int
	appliedMS atomic.Int64
	nowMS     atomic.Int64 // of the last Forget
	shards    [shardCount]shard
}

// shard holds all counters of some owners, so that the caps of an offer and a
// publisher are judged under two locks at the most.
type shard struct {
	mu       sync.Mutex
	counters map[Key]*counter
	subIDs   map[uint64]int // counters for sub ids by owner
	_        [64]byte       // the next lock is on another cache line
}

// counter is what is known about a sum, in millionths.
type counter struct {
	// up and down are what this incarnation added and took back. They are at
	// least foldedUp and foldedDown, what the Fold has read of it.
	up, down, foldedUp, foldedDown int64
	// others is what the Fold has read of everybody else.
	others int64
	// at is what the Fold had read by then, since what it counts from.
	at    stamp
	since uint64
	endMS int64
	subID bool
}

// NewBook makes the empty book of an incarnation.
func NewBook(self Incarnation, o Options) *Book {
	b := &Book{self: self, maxSubIDs: o.subIDs()}
	for i := range b.shards {
		b.shards[i].counters = map[Key]*counter{}
		b.shards[i].subIDs = map[uint64]int{}
	}
	return b
}

func (b *Book) shard(owner uint64) *shard { return &b.shards[owner%shardCount] }

// lock locks the shards of owners, always in one order.
func (b *Book) lock(pair [2]*owned) (first, second *shard) {
	for _, o := range pair {
		if o == nil {
			continue
		}
		if s := b.shard(o.hash); first == nil {
			first = s
		} else if s != first {
			second = s
		}
	}
	if second != nil && pair[1].hash%shardCount < pair[0].hash%shardCount {
		first, second = second, first
	}
	first.mu.Lock()
	if second != nil {
		second.mu.Lock()
	}
	return first, second
}

func unlock(first, second *shard) {
	if second != nil {
		second.mu.Unlock()
	}
	first.mu.Unlock()
}

// sum reads a counter whose shard is locked.
func (b *Book) sum(k Key) int64 {
	c := b.shard(k.Owner).counters[k]
	if c == nil {
		return 0
	}
	return plus(plus(c.up, -c.down), c.others)
}

// Value returns a counter as it stands, in millionths; 0 where nothing was
// counted.
func (b *Book) Value(k Key) int64 {
	s := b.shard(k.Owner)
	s.mu.Lock()
	defer s.mu.Unlock()
	return b.sum(k)
}

// Add counts what was recorded, whatever the caps say to it: what was not
// judged, and changes of conversions.
func (b *Book) Add(counts []Count) {
	for i := range counts {
		s := b.shard(counts[i].Key.Owner)
		s.mu.Lock()
		b.add(&counts[i])
		s.mu.Unlock()
	}
}

// add counts into a shard that is locked.
func (b *Book) add(n *Count) {
	c := b.shard(n.Key.Owner).counters[n.Key]
	if c == nil {
		if c = b.open(n.Key, n.endMS(), n.cap.eachSubID); c == nil {
			return
		}
	}
	if n.Amount > 0 {
		c.up = plus(c.up, n.Amount)
	} else {
		c.down = plus(c.down, -n.Amount)
	}
}

// open makes a counter in a shard that is locked; nil where it is too late for
// it, or there are too many.
func (b *Book) open(k Key, endMS int64, subID bool) *counter {
	s := b.shard(k.Owner)
	if isOver(endMS, b.nowMS.Load()) {
		return nil
	}
	if subID {
		if s.subIDs[k.Owner] >= b.maxSubIDs {
			dropped.Inc()
			return nil
		}
		s.subIDs[k.Owner]++
	}
	c := &counter{endMS: endMS, subID: subID}
	s.counters[k] = c
	return c
}

// Return gives back counts of Take or Add whose thing was not recorded after
// all. Where it is not known whether it was, keep them: a cap may then close
// one too early, and never too late.
func (b *Book) Return(counts []Count) {
	for i := range counts {
		n := &counts[i]
		s := b.shard(n.Key.Owner)
		s.mu.Lock()
		if c := s.counters[n.Key]; c == nil {
			// Dropped, or forgotten meanwhile.
		} else if n.Amount > 0 {
			c.up = max(c.up-n.Amount, c.foldedUp)
		} else {
			c.down = max(c.down+n.Amount, c.foldedDown)
		}
		s.mu.Unlock()
	}
}

// Forget drops the counters of periods that ended two days before nowMS (unix
// milliseconds) or earlier, and takes none of them any more. Run it every few
// minutes.
func (b *Book) Forget(nowMS int64) {
	b.nowMS.Store(nowMS)
	for i := range b.shards {
		s := &b.shards[i]
		s.mu.Lock()
		for k, c := range s.counters {
			if isOver(c.endMS, nowMS) {
				s.drop(k, c)
			}
		}
		s.mu.Unlock()
	}
}

func (s *shard) drop(k Key, c *counter) {
	delete(s.counters, k)
	if !c.subID {
		return
	}
	if s.subIDs[k.Owner]--; s.subIDs[k.Owner] == 0 {
		delete(s.subIDs, k.Owner)
	}
}

// Len is the number of counters.
func (b *Book) Len() (n int) {
	for i := range b.shards {
		s := &b.shards[i]
		s.mu.Lock()
		n += len(s.counters)
		s.mu.Unlock()
	}
	return n
}

// plus adds without running over.
func plus(a, b int64) int64 {
	sum := a + b
	switch {
	case a > 0 && b > 0 && sum < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && sum >= 0:
		return -math.MaxInt64
	}
	return sum
}
