package events

import (
	"context"
	"time"
)

// keepPoll is how often Keep looks at a log that is unwell.
const keepPoll = 10 * time.Millisecond

// Keep blocks until the line is safe, acknowledged by the log or on the disk of
// the spool, and returns true; or returns false when ctx ends. It is for lines
// whose sender comes again unless he is told that they were kept.
func (t Ticket) Keep(ctx context.Context) bool {
	if t.block == nil {
		return false
	}
	done := t.block.done
	for !t.safe() {
		select {
		case <-done:
			done = nil // it was acknowledged, or is not going to be soon
		case <-time.After(keepPoll):
		case <-ctx.Done():
			return t.safe()
		}
	}
	return true
}

func (t Ticket) safe() bool {
	if t.block.acked.Load() {
		return true
	}
	t.log.mu.Lock()
	defer t.log.mu.Unlock()
	return t.block.spooled
}
