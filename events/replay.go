package events

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events/spool"
)

// replay is the lane of old blocks: those that failed, then those of the
// spool. One is under way at a time, so that their order is kept and new
// blocks have the log to themselves.
type replay struct {
	current *block
	busy    bool // current is being sent or looked up
	// commit tells that current came from the spool and is stored; sequence
	// is then a sequence of the log at or behind it.
	commit   bool
	sequence uint64
	drained  bool      // the spool was empty or unreadable when run looked last
	again    time.Time // when to read an unreadable spool again
}

// finish notes that current is in the log.
func (r *replay) finish(sequence uint64) {
	r.commit, r.sequence = r.current.spooled, sequence
	r.current, r.busy = nil, false
}

// inMemory tells whether current would be lost with the process.
func (r *replay) inMemory() bool { return r.current != nil && !r.current.spooled }

// lookupTimeout bounds the question whether a block is in the log.
const lookupTimeout = 2 * time.Second

// replayNext sends or looks up the next old block if it is time to.
func (l *Log) replayNext(t time.Time) {
	l.commitReplayed()
	if l.wantsOld(t) {
		l.loadOld(t)
	}
	b := l.takeOld(t)
	if b == nil {
		return
	}
	if b.doubt {
		l.checks.Go(func() { l.lookUp(b) })
		return
	}
	l.publish(b)
}

// wantsOld tells whether the spool should be read for the next old block.
func (l *Log) wantsOld(t time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.replay.again.IsZero() && !t.Before(l.replay.again) {
		l.replay.drained, l.replay.again = false, time.Time{}
	}
	if l.opt.Spool == nil || l.closing {
		l.replay.drained = true
	}
	return !l.replay.drained && l.replay.current == nil && len(l.failed) == 0 && !l.waits(t)
}

// waits tells whether the log is away and the next attempt is not due.
func (l *Log) waits(t time.Time) bool { return l.outage.on && t.Before(l.outage.retry) }

// loadOld reads the oldest block of the spool. The disk is read without the
// lock, for visitors append meanwhile.
func (l *Log) loadOld(t time.Time) {
	record, ok, err := l.opt.Spool.Next()
	if err != nil {
		l.opt.Logger.Error("event spool cannot be read", zap.Error(err))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noteSpool()
	l.replay.drained = !ok
	if err != nil {
		l.replay.again = t.Add(lastRetry)
	}
	if !ok {
		return
	}
	l.replay.current = &block{
		done: make(chan struct{}), spooled: true, doubt: record.Uncertain,
		Message: Message{
			Kind: Kind(record.Kind % uint8(kindCount)), ID: record.ID, Lines: int(record.Lines), Data: record.Data,
			Born: time.UnixMilli(record.BornMS), After: record.After,
		},
	}
}

// takeOld returns the old block to deal with now and marks it busy.
func (l *Log) takeOld(t time.Time) *block {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.replay.busy || l.waits(t) {
		return nil
	}
	if l.replay.current == nil && len(l.failed) > 0 {
		l.replay.current, l.failed = l.failed[0], l.failed[1:]
	}
	b := l.replay.current
	if b == nil {
		return nil
	}
	l.replay.busy = true
	if !b.doubt {
		l.flight = append(l.flight, b)
	}
	return b
}

// lookUp asks whether a block arrived whose acknowledgement did not.
func (l *Log) lookUp(b *block) {
	ctx, cancel := context.WithTimeout(l.ctx, lookupTimeout)
	defer cancel()
	stored, err := l.pub.Stored(ctx, &b.Message)
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.nudge()
	l.replay.busy = false
	switch {
	case err != nil:
		l.stumble(err)
	case stored:
		l.acknowledge(b, b.After)
	default:
		b.doubt = false
	}
}

// commitReplayed takes a stored record out of the spool.
func (l *Log) commitReplayed() {
	l.mu.Lock()
	commit, sequence := l.replay.commit, l.replay.sequence
	l.replay.commit = false
	l.mu.Unlock()
	if !commit {
		return
	}
	if err := l.opt.Spool.Commit(sequence); err != nil {
		l.opt.Logger.Error("event spool", zap.Error(err))
	}
	l.mu.Lock()
	l.noteSpool()
	l.mu.Unlock()
}

func (l *Log) noteSpool() {
	s := l.opt.Spool.Stats()
	l.stats.SpoolBytes, l.stats.SpoolDamagedBytes = s.Bytes, s.DamagedBytes
}

func (b *block) record() spool.Record {
	return spool.Record{
		Kind: uint8(b.Kind), Uncertain: b.doubt, After: b.After, BornMS: b.Born.UnixMilli(),
		Lines: uint32(b.Lines), ID: b.ID, Data: b.Data,
	}
}
