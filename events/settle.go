package events

import (
	"slices"
	"time"

	"go.uber.org/zap"
)

// Waits between attempts while the log is away.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = time.Second
)

// outage is what is known about a log that does not take blocks.
type outage struct {
	on      bool      // the last block was refused or timed out
	retry   time.Time // when to try next
	backoff time.Duration
	since   time.Time // when the log became unwell, on or just late
}

// settle takes a block out of flight.
func (l *Log) settle(b *block, sequence uint64, err error) {
	l.mu.Lock()
	at := slices.Index(l.flight, b)
	if at < 0 { // Close has spooled it
		l.mu.Unlock()
		return
	}
	l.flight = slices.Delete(l.flight, at, at+1)
	wake := l.closing || !l.well.Load() || b == l.replay.current
	if err == nil {
		l.acknowledge(b, sequence)
	} else {
		l.fail(b, err)
	}
	wake = wake || l.outage.on || len(l.queue) > 0 || l.openLines > 0 && !l.pacing
	l.mu.Unlock()
	if wake {
		l.nudge()
	}
}

// acknowledge is called when the log has the block.
func (l *Log) acknowledge(b *block, sequence uint64) {
	l.last = max(l.last, sequence)
	l.stats.Acknowledged += uint64(b.Lines)
	l.stats.Blocks++
	b.acked.Store(true)
	b.release()
	l.safe(b)
	l.forget(b)
	if b == l.replay.current {
		l.replay.finish(l.last)
	}
	if l.outage.on {
		l.opt.Logger.Info("event log is back", zap.Duration("away", time.Since(l.outage.since)))
	}
	l.outage.on, l.outage.backoff = false, 0
	if !l.well.Load() && !l.late(time.Now()) {
		l.well.Store(true)
	}
}

// fail is called when a block was refused or its acknowledgement is overdue.
func (l *Log) fail(b *block, err error) {
	b.doubt = true
	b.release() // nobody knows when it is acknowledged, and visitors do not wait for that
	l.stats.Retries++
	if b == l.replay.current {
		l.replay.busy = false
	} else {
		l.failed = insert(l.failed, b)
	}
	l.stumble(err)
}

// stumble begins an outage or puts the next attempt off.
func (l *Log) stumble(err error) {
	t := time.Now()
	l.unwell(t)
	if !l.outage.on {
		l.opt.Logger.Warn("event log takes no blocks", zap.Error(err))
	}
	if l.outage.on && t.Before(l.outage.retry) {
		return // one of several sent together
	}
	l.outage.on = true
	l.outage.backoff = min(max(2*l.outage.backoff, firstRetry), lastRetry)
	l.outage.retry = t.Add(l.outage.backoff)
}

// watch looks for a block that is not acknowledged in time.
func (l *Log) watch(t time.Time) {
	if l.well.Load() && l.late(t) {
		l.unwell(t)
	}
}

// late tells whether a block has waited longer than visitors do.
func (l *Log) late(t time.Time) bool {
	born, any := l.oldest()
	return any && t.Sub(born) >= l.opt.AnswerWithin
}

// unwell lets all visitors go, those who wait now and those who come.
func (l *Log) unwell(t time.Time) {
	if l.well.Swap(false) {
		l.outage.since = t
	}
	l.releaseAll()
}

func (l *Log) releaseAll() {
	for _, b := range l.open {
		if b != nil {
			b.release()
		}
	}
	for _, b := range l.queue {
		b.release()
	}
	for _, b := range l.flight {
		b.release()
	}
}

// oldest is the birth of the oldest block on its first way to the log.
func (l *Log) oldest() (born time.Time, any bool) {
	consider := func(b *block) {
		if b != nil && (!any || b.Born.Before(born)) {
			born, any = b.Born, true
		}
	}
	for _, b := range l.flight {
		if b != l.replay.current {
			consider(b)
		}
	}
	if len(l.queue) > 0 {
		consider(l.queue[0])
	}
	for _, b := range l.open {
		consider(b)
	}
	return born, any
}
