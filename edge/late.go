package edge

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
)

// Late finishes conversions that were received and could not be finished then:
// lines of kind Received, from the log. Blocks that are handed out again are
// taken up where they were left.
type Late struct {
	edge *Edge
	// patience is how long a conversion may wait for its click.
	patience time.Duration
	log      *zap.Logger

	mu sync.Mutex
	// finished are the conversions of blocks that are not done yet.
	finished map[string]bool
}

// NewLate returns a finisher on e. A click that is not known patience after its
// conversion was received never will be: the conversion ends as not found.
// Nobody waits longer than lines stay in the log.
func NewLate(e *Edge, patience time.Duration) *Late {
	return &Late{edge: e, patience: patience, log: e.Logger, finished: map[string]bool{}}
}

// lateWorkers is how many conversions of a block are finished at once.
const lateWorkers = 8

// sureAfter is how long after it was received a conversion may be refused for
// good. The node that received it may be ahead of this one, with a config that
// has the integration, the event or the sender.
const sureAfter = time.Minute

// Back-off of a block by how often it was tried.
const (
	firstPause = 200 * time.Millisecond
	lastPause  = 10 * time.Minute
)

// Finish finishes the conversions of a block, handed out for the n-th time from
// 1 on. It returns after which pause it wants the block again; 0 is never.
func (l *Late) Finish(ctx context.Context, block []byte, n int) (again time.Duration) {
	var todo []*events.Intake
	var all []string
	for line := range bytes.Lines(block) {
		in, err := events.DecodeIntake(line)
		if err != nil {
			l.log.Error("a received conversion cannot be read and is lost", zap.Error(err))
			continue
		}
		all = append(all, in.TxID)
		if !l.isFinished(in.TxID) {
			todo = append(todo, in)
		}
	}
	if l.finishAll(ctx, todo) {
		l.forget(all)
		return 0
	}
	return min(firstPause<<min(n-1, 16), lastPause)
}

// finishAll finishes conversions, several at once, and tells whether it has
// finished all.
func (l *Late) finishAll(ctx context.Context, todo []*events.Intake) bool {
	work := make(chan *events.Intake)
	var workers sync.WaitGroup
	for range min(lateWorkers, len(todo)) {
		workers.Go(func() {
			for in := range work {
				if l.finish(ctx, in) {
					l.note(in.TxID)
				}
			}
		})
	}
	for _, in := range todo {
		work <- in
	}
	close(work)
	workers.Wait()
	for _, in := range todo {
		if !l.isFinished(in.TxID) {
			return false
		}
	}
	return true
}

// finish tells whether nothing is left to do for a conversion.
func (l *Late) finish(ctx context.Context, in *events.Intake) bool {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	waited := l.edge.clock().Sub(time.UnixMilli(in.ReceivedMS))
	_, err := l.edge.Finish(ctx, in, waited > l.patience)
	var refused *Refused
	switch {
	case err == nil:
		return true
	case errors.As(err, &refused) && waited < min(sureAfter, l.patience):
		return false
	case errors.As(err, &refused):
		l.edge.counters.conversions.refuse(refused)
		l.log.Warn("a conversion that was received is refused", zap.String("tx_id", in.TxID), zap.String("integration", in.IntegrationID),
			zap.String("reason", refused.Reason), zap.String("detail", refused.Detail))
		return true
	}
	return false
}

func (l *Late) isFinished(txID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.finished[txID]
}

func (l *Late) note(txID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.finished[txID] = true
}

func (l *Late) forget(txIDs []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range txIDs {
		delete(l.finished, id)
	}
}

// clock is the time now.
func (e *Edge) clock() time.Time {
	if e.Now != nil {
		return e.Now()
	}
	return time.Now()
}
