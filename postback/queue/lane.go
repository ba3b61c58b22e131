package queue

import (
	"bytes"
	"container/heap"
	"math"
)

// never is the due time of what does not wait.
const never = math.MaxInt64

// lane is the line of calls to one host. All of it belongs to Queue.mu.
type lane struct {
	host string
	jobs int // in the store, those under way too
	// cursor: no call before it waits. What was sent leaves tombstones behind,
	// and a search from the beginning would pass over all of them.
	cursor []byte
	// next is when the first call that waits is due, or earlier; never for none.
	next int64
	// flying are the keys of the calls under way, with when they were due.
	flying map[string]int64

	breaker
	heap  *laneHeap // the one it is in
	index int
}

// breaker leaves a host alone that fails again and again.
type breaker struct {
	failures  int   // in a row
	opened    int   // times in a row that it opened; 0 is closed
	openUntil int64 // unix milliseconds
}

// limit is how many calls may be under way: one for a host that is tried again.
func (b *breaker) limit(perHost int) int {
	if b.opened > 0 {
		return 1
	}
	return perHost
}

// succeed closes the breaker: the host answers.
func (b *breaker) succeed() { *b = breaker{} }

// fail counts a failure and opens the breaker after enough of them, or at once
// where the host was only being tried again. What was under way when it opened
// and fails later tells nothing new.
func (b *breaker) fail(s *Settings, now int64) {
	if now < b.openUntil {
		return
	}
	b.failures++
	if b.opened == 0 && b.failures < s.BreakAfter {
		return
	}
	pause := s.BreakFor
	for range b.opened {
		pause = min(2*pause, s.BreakMost)
	}
	b.opened++
	b.openUntil = now + pause.Milliseconds()
}

// oldest is when the oldest call of the lane was due.
func (l *lane) oldest() int64 {
	due := l.next
	for _, at := range l.flying {
		due = min(due, at)
	}
	return due
}

// join notes a call that waits at key.
func (l *lane) join(key []byte, due int64) {
	l.next = min(l.next, due)
	if l.cursor == nil || bytes.Compare(key, l.cursor) < 0 {
		l.cursor = key
	}
}

// lane returns the lane of a host, a new one if need be.
func (q *Queue) lane(host string) *lane {
	l := q.lanes[host]
	if l == nil {
		l = &lane{host: host, next: never, flying: map[string]int64{}, index: -1}
		q.lanes[host] = l
	}
	return l
}

// place puts a lane where it belongs after anything about it changed: among
// those that wait, among those that are ready, or nowhere, when it has nothing
// to do or enough.
func (q *Queue) place(l *lane, now int64) {
	if l.heap != nil {
		heap.Remove(l.heap, l.index)
	}
	switch {
	case l.jobs == 0 && l.next == never && l.breaker == (breaker{}):
		delete(q.lanes, l.host)
	case l.next == never || len(l.flying) >= l.limit(q.opt.Settings.PerHost):
	case l.wake() > now:
		heap.Push(&q.waiting, l)
	default:
		heap.Push(&q.ready, l)
	}
}

// wake is when the lane has something to do.
func (l *lane) wake() int64 { return max(l.next, l.openUntil) }

// laneHeap is a heap of lanes by when they have something to do. Of the ready
// ones those with little under way come first, so that slow hosts cannot take
// all there is.
type laneHeap struct {
	lanes []*lane
	fair  bool
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (h *laneHeap) Len() int { return len(h.lanes) }

// Less implements heap.Interface.
func (h *laneHeap) Less(i, j int) bool {
	a, b := h.lanes[i], h.lanes[j]
	if h.fair && len(a.flying) != len(b.flying) {
		return len(a.flying) < len(b.flying)
	}
	return a.wake() < b.wake()
}

// Swap implements heap.Interface.
func (h *laneHeap) Swap(i, j int) {
	h.lanes[i], h.lanes[j] = h.lanes[j], h.lanes[i]
	h.lanes[i].index, h.lanes[j].index = i, j
}

// Push implements heap.Interface.
func (h *laneHeap) Push(x any) {
	l := x.(*lane)
	l.heap, l.index = h, len(h.lanes)
	h.lanes = append(h.lanes, l)
}

// Pop implements heap.Interface.
func (h *laneHeap) Pop() any {
	last := len(h.lanes) - 1
	l := h.lanes[last]
	h.lanes = h.lanes[:last]
	l.heap, l.index = nil, -1
	return l
}
