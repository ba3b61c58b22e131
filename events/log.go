package events

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clickgate/clickgate/events/spool"
	"go.uber.org/zap"
)

// Options set up a Log. Zero values mean the defaults named here.
type Options struct {
	// Node names the edge node in block ids.
	Node string
	// Fast lets Ticket.Wait return at once.
	Fast bool
	// Pace is the least time between two blocks while few lines wait: the
	// price of a block is the same whatever it holds. A first line after a
	// quiet time goes out at once, and so does a block of 64 lines. 2 ms: what
	// a visitor waits then is little beside his way to us, and blocks are
	// large enough for their price not to matter.
	Pace time.Duration
	// AnswerWithin is how long Ticket.Wait waits at most: 20 ms.
	AnswerWithin time.Duration
	// BlockBytes is the size of a full block: 64 KiB.
	BlockBytes int
	// MaxInFlight is how many blocks are sent ahead of acknowledgements: 16.
	MaxInFlight int
	// MaxPendingBytes bounds the lines held in memory: 64 MiB. From half of it
	// on, blocks move to the spool; lines beyond it are lost and counted.
	MaxPendingBytes int
	// SpoolAfter is how long the log may be unwell before blocks move to the
	// spool: 1 s.
	SpoolAfter time.Duration
	// Spool keeps blocks while the log is away, and across restarts. The Log
	// uses it alone and closes it. Without one, what memory cannot hold and
	// what is left at Close is lost and counted.
	Spool *spool.Spool
	// Logger is told when the log goes away, comes back and loses lines.
	Logger *zap.Logger
}

// Defaults of Options.
const (
	DefaultPace            = 2 * time.Millisecond
	DefaultAnswerWithin    = 20 * time.Millisecond
	DefaultBlockBytes      = 64 << 10
	DefaultMaxInFlight     = 16
	DefaultMaxPendingBytes = 64 << 20
	DefaultSpoolAfter      = time.Second
)

// maxLine bounds one line: a block must fit into one message of the log.
const maxLine = 512 << 10

// Log packs lines into blocks and brings every block to the durable log: at
// once when it is well, otherwise from memory or the spool as soon as it is
// back, each block under one id. Nothing a visitor waits for ever waits for a
// disk or a network but Ticket.Wait, and that not for long.
//
// After an outage new blocks do not queue up behind the old ones, which are
// sent beside them in their own order. So the order of a kind's blocks in the
// log is the order of time except across an outage.
type Log struct {
	pub      Publisher
	opt      Options
	idPrefix string
	wake     chan struct{}
	quit     chan struct{} // closed when Close stops waiting
	stopped  chan struct{} // closed when run has ended
	well     atomic.Bool   // blocks are acknowledged in time
	checks   sync.WaitGroup
	ctx      context.Context // of checks
	cancel   context.CancelFunc

	mu        sync.Mutex
	open      [kindCount]*block
	openLines int
	number    uint64
	queue     []*block // sealed and never sent
	flight    []*block // sent and not settled
	failed    []*block // sent and refused, or nobody knows
	replay    replay
	outage    outage
	free      [][]byte
	stats     Stats
	last      uint64 // highest sequence acknowledged
	lastSend  time.Time
	pacing    bool // run wakes by itself when the pace allows the next block
	closing   bool // Close was called
	closed    bool // run takes no more lines

	lastSpool  time.Time // of run alone
	spoolFails bool
}

// New starts a Log. Close it.
func New(pub Publisher, opt Options) *Log {
	opt.fill()
	start := strconv.FormatInt(time.Now().UnixNano(), 36)
	ctx, cancel := context.WithCancel(context.Background())
	l := &Log{
		pub: pub, opt: opt, ctx: ctx, cancel: cancel,
		idPrefix: opt.Node + "." + start + ".",
		wake:     make(chan struct{}, 1),
		quit:     make(chan struct{}),
		stopped:  make(chan struct{}),
	}
	l.well.Store(true)
	go l.run()
	return l
}

func (o *Options) fill() {
	o.Pace = cmp.Or(o.Pace, DefaultPace)
	o.AnswerWithin = cmp.Or(o.AnswerWithin, DefaultAnswerWithin)
	o.BlockBytes = cmp.Or(o.BlockBytes, DefaultBlockBytes)
	o.MaxInFlight = cmp.Or(o.MaxInFlight, DefaultMaxInFlight)
	o.MaxPendingBytes = cmp.Or(o.MaxPendingBytes, DefaultMaxPendingBytes)
	o.SpoolAfter = cmp.Or(o.SpoolAfter, DefaultSpoolAfter)
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
}

// Append copies one line, which ends in a line feed, into the block of its
// kind. It never waits for the log. Any goroutine may call it.
func (l *Log) Append(kind Kind, line []byte) Ticket {
	l.mu.Lock()
	sealed := len(l.queue)
	b := l.place(kind, len(line))
	if b == nil {
		l.stats.Lost++
		l.mu.Unlock()
		return Ticket{}
	}
	b.Data = append(b.Data, line...)
	b.Lines++
	l.openLines++
	l.stats.Appended++
	l.stats.PendingLines++
	l.stats.PendingBytes += int64(len(line))
	if l.opt.Fast {
		l.risk(b)
	}
	wake := l.openLines == 1 && !l.pacing || l.openLines == enough || len(l.queue) > sealed
	l.mu.Unlock()
	if wake {
		l.nudge()
	}
	return Ticket{l, b}
}

// nudge makes run look at the state again.
func (l *Log) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// ErrLost is wrapped by the error of Close when lines were lost in closing.
var ErrLost = errors.New("events lost")

// Close sends what is left and waits for its acknowledgement until ctx ends;
// then the rest goes to the spool. It returns an error when there was none or
// it refused. Lines appended afterwards are lost. Call it once.
func (l *Log) Close(ctx context.Context) error {
	l.mu.Lock()
	l.closing = true
	l.mu.Unlock()
	l.nudge()
	select {
	case <-l.stopped:
	case <-ctx.Done():
	}
	close(l.quit)
	<-l.stopped
	l.cancel()
	l.checks.Wait()
	err := l.spoolRest()
	if l.opt.Spool != nil {
		err = errors.Join(err, l.opt.Spool.Close())
	}
	if err != nil {
		return fmt.Errorf("close event log: %w", err)
	}
	return nil
}
