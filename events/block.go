package events

import (
	"cmp"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// block is a Message and those who wait for it. All but acked and done belong
// to Log.mu. A block is not used twice; only its Data is.
type block struct {
	Message
	number   uint64 // in the order of sealing
	done     chan struct{}
	released bool // done is closed
	acked    atomic.Bool
	early    int  // lines whose visitor was answered before acknowledgement
	doubt    bool // sent, and nobody knows whether it arrived
	spooled  bool // came from the spool or went there
}

// release wakes everybody who waits for the block.
func (b *block) release() {
	if !b.released {
		b.released = true
		close(b.done)
	}
}

// Ticket stands for one appended line. The zero Ticket is a line that was lost.
type Ticket struct {
	log   *Log
	block *block
}

// Wait blocks until the line is acknowledged and returns true, or returns
// false: after Options.AnswerWithin, at once when the log is known to be
// unwell, and always at once in fast mode. Call it at most once.
func (t Ticket) Wait() bool {
	if t.block == nil || t.log.opt.Fast {
		return false
	}
	if t.log.well.Load() {
		<-t.block.done
	}
	return t.block.acked.Load() || t.log.answerEarly(t.block)
}

// answerEarly counts a visitor who is not waiting any longer; true when the
// acknowledgement came at the last moment.
func (l *Log) answerEarly(b *block) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b.acked.Load() {
		return true
	}
	l.stats.AnsweredBeforeAck++
	l.risk(b)
	return false
}

// risk notes that a line's visitor was answered while only memory has it.
func (l *Log) risk(b *block) {
	if !b.spooled {
		b.early++
		l.stats.AtRisk++
	}
}

// safe takes the block out of the count of lines at risk.
func (l *Log) safe(b *block) {
	l.stats.AtRisk -= int64(b.early)
	b.early = 0
}

// place returns the open block of a kind with room for a line of size bytes;
// nil when memory is used up or the log is closed.
func (l *Log) place(kind Kind, size int) *block {
	if l.closed || size > maxLine || l.stats.PendingBytes+int64(size) > int64(l.opt.MaxPendingBytes) {
		return nil
	}
	b := l.open[kind]
	if b != nil && len(b.Data)+size > l.opt.BlockBytes {
		l.seal(kind)
		b = nil
	}
	if b == nil {
		b = &block{done: make(chan struct{}), released: !l.well.Load()}
		b.Kind, b.Born, b.Data = kind, time.Now(), l.buffer()
		if b.released {
			close(b.done)
		}
		l.open[kind] = b
	}
	return b
}

// seal gives the open block of a kind its number and puts it in the queue.
func (l *Log) seal(kind Kind) {
	b := l.open[kind]
	l.open[kind] = nil
	l.openLines -= b.Lines
	l.number++
	b.number = l.number
	b.ID = l.idPrefix + strconv.FormatUint(b.number, 36)
	l.queue = append(l.queue, b)
}

func (l *Log) sealAll() {
	for kind, b := range l.open {
		if b != nil {
			l.seal(Kind(kind))
		}
	}
}

// maxFree bounds the buffers kept for later blocks.
const maxFree = 32

func (l *Log) buffer() []byte {
	if n := len(l.free); n > 0 {
		buf := l.free[n-1]
		l.free = l.free[:n-1]
		return buf
	}
	return make([]byte, 0, l.opt.BlockBytes)
}

// forget takes a block out of memory: it is acknowledged or on disk.
func (l *Log) forget(b *block) {
	if !b.spooled {
		l.stats.PendingBytes -= int64(len(b.Data))
		l.stats.PendingLines -= int64(b.Lines)
		if cap(b.Data) == l.opt.BlockBytes && len(l.free) < maxFree {
			l.free = append(l.free, b.Data[:0])
		}
	}
	b.Data = nil
}

// insert puts b into blocks, which are in the order of their numbers.
func insert(blocks []*block, b *block) []*block {
	at, _ := slices.BinarySearchFunc(blocks, b, func(x, y *block) int { return cmp.Compare(x.number, y.number) })
	return slices.Insert(blocks, at, b)
}
