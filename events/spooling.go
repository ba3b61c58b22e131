package events

import (
	"fmt"
	"time"

	"github.com/clickgate/clickgate/events/spool"
	"go.uber.org/zap"
)

// spoolEvery is the least time between two writes to the spool: each costs an
// fsync, and during an outage blocks may as well become full.
const spoolEvery = 100 * time.Millisecond

// needsSpool tells whether blocks in memory belong on disk, now or in a while.
func (l *Log) needsSpool() bool {
	if l.opt.Spool == nil {
		return false
	}
	waiting := len(l.queue)+len(l.failed)+l.openLines > 0 || l.replay.inMemory() && !l.replay.busy
	return l.crowded() || !l.well.Load() && waiting
}

// crowded tells whether waiting blocks take too much memory.
func (l *Log) crowded() bool {
	return len(l.queue) > 0 && l.stats.PendingBytes > int64(l.opt.MaxPendingBytes/2)
}

// spoolTime is when blocks go to disk, given that they do.
func (l *Log) spoolTime() time.Time {
	due := l.lastSpool.Add(spoolEvery)
	if after := l.outage.since.Add(l.opt.SpoolAfter); !l.crowded() && after.After(due) {
		return after
	}
	return due
}

// spoolDue moves waiting blocks to disk when the log has been away too long or
// memory gets short.
func (l *Log) spoolDue(t time.Time) {
	l.mu.Lock()
	if !l.needsSpool() || t.Before(l.spoolTime()) {
		l.mu.Unlock()
		return
	}
	if !l.well.Load() {
		l.sealAll()
	}
	waiting := l.takeWaiting()
	l.mu.Unlock()
	l.lastSpool = t
	if err := l.spool(waiting); err != nil {
		l.spoolRefused(waiting, err)
	}
}

// takeWaiting takes every sealed block that is not under way, oldest first.
func (l *Log) takeWaiting() []*block {
	var waiting []*block
	if l.replay.inMemory() && !l.replay.busy {
		waiting = append(waiting, l.replay.current)
		l.replay.current = nil
	}
	waiting = append(waiting, l.failed...)
	waiting = append(waiting, l.queue...)
	l.failed, l.queue = nil, l.queue[:0]
	return waiting
}

// spool writes blocks to disk. All or none of them are then out of memory.
func (l *Log) spool(blocks []*block) error {
	records := make([]spool.Record, len(blocks))
	l.mu.Lock()
	for i, b := range blocks {
		if !b.doubt {
			b.After = l.last
		}
		records[i] = b.record()
	}
	l.mu.Unlock()
	if err := l.opt.Spool.Append(records); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range blocks {
		l.stats.Spooled += uint64(b.Lines)
		b.release()
		l.safe(b)
		l.forget(b)
		b.spooled = true
	}
	l.replay.drained = false
	l.spoolFails = false
	l.noteSpool()
	return nil
}

// spoolRefused puts blocks back that the disk did not take.
func (l *Log) spoolRefused(blocks []*block, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.SpoolErrors++
	if !l.spoolFails {
		l.opt.Logger.Error("event spool takes no blocks", zap.Error(err))
	}
	l.spoolFails = true
	for _, b := range blocks {
		if b.doubt {
			l.failed = insert(l.failed, b)
		} else {
			l.queue = insert(l.queue, b)
		}
	}
}

// spoolRest moves everything that is left to disk; run has ended.
func (l *Log) spoolRest() error {
	l.mu.Lock()
	l.replay.busy = false
	l.sealAll()
	for _, b := range l.flight {
		b.doubt = true
		if b != l.replay.current {
			l.failed = insert(l.failed, b)
		}
	}
	l.flight = nil
	rest := l.takeWaiting()
	l.mu.Unlock()
	if len(rest) == 0 {
		return nil
	}
	err := fmt.Errorf("no spool")
	if l.opt.Spool != nil {
		err = l.spool(rest)
	}
	if err == nil {
		return nil
	}
	lines := 0
	for _, b := range rest {
		lines += b.Lines
	}
	l.mu.Lock()
	l.stats.Lost += uint64(lines)
	l.mu.Unlock()
	return fmt.Errorf("%w: %d lines: %w", ErrLost, lines, err)
}
