package device

import (
	"sync/atomic"
	"time"
)

// gate lets a few goroutines work at a time and a few more wait, briefly. Who
// finds the queue full, or waits in vain, is turned away: a flood of work may
// cost quality, but no visitor's time.
type gate struct {
	slots    chan struct{}
	queue    int32
	patience time.Duration
	waiting  atomic.Int32
}

func newGate(slots, queue int, patience time.Duration) *gate {
	return &gate{slots: make(chan struct{}, slots), queue: int32(queue), patience: patience}
}

// enter tells whether the caller may work; then it must call leave.
func (g *gate) enter() bool {
	select {
	case g.slots <- struct{}{}:
		return true
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.queue {
		return false
	}
	timer := time.NewTimer(g.patience)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return true
	case <-timer.C:
		return false
	}
}

func (g *gate) leave() { <-g.slots }
