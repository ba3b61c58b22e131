package service

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events/jetstream/follow"
)

// Options set up a Counter.
type Options struct {
	NC *nats.Conn
	JS jetstream.JetStream
	// Node names the worker, and its consumer: one token of a subject. No two
	// workers share one.
	Node string
	// Dir is the folder of the sums; nothing else lives in it.
	Dir string
	// Every is how often the edges are told what has changed: 1 second.
	Every time.Duration
	// Notice is called when a cap has filled up to a level, after it was
	// logged. It must not block, nor call the Counter. Of all workers one does
	// it, once; more than once only where workers cannot agree on it, or one
	// ends while it does. Nil is nobody.
	Notice func(caps.Notice)
	// Replicas is the number of copies of the bucket Notices in a cluster: 1.
	Replicas int
	// FS is the file system; nil is the machine's.
	FS vfs.FS
	// Room, unless nil, returns an error while nothing is to be counted, as when
	// the disk is nearly full. Then sums fall behind the log.
	Room func() error
	// Caps bound the counters.
	Caps   caps.Options
	Logger *zap.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Counter counts the event log for all edges. It is safe for concurrent use.
type Counter struct {
	opt   Options
	log   *follow.Follower
	clock follow.Clock
	// ready is closed by the first SetConfig, wake has a token when something
	// may have to be read up.
	ready chan struct{}
	once  sync.Once
	wake  chan struct{}
	stats stats
	desk  *desk

	mu sync.Mutex
	db *pebble.DB // nil when closed
	// damage is why the sums are to be made anew, nil where they are well.
	damage error
	memory
	rules   *caps.Rules
	set     *config.Set
	lines   *lineReader
	rows    []caps.Row // room
	expired time.Time  // when versions were removed last
}

// New opens the sums of a folder, or begins them. Damaged ones are moved aside.
// Call SetConfig and Run.
func New(opt Options) (*Counter, error) {
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.FS == nil {
		opt.FS = vfs.Default
	}
	opt.Every = cmp.Or(opt.Every, tellEvery)
	c := &Counter{opt: opt, ready: make(chan struct{}), wake: make(chan struct{}, 1)}
	c.desk = newDesk(&c.opt, &c.stats)
	if err := c.open(); err != nil {
		return nil, err
	}
	c.fold.Forget(opt.Now().UnixMilli())
	c.clock.CaughtUp(c.position.LoggedMS)
	c.log = follow.New(follow.Options{
		JS: opt.JS, Sink: (*sink)(c), Durable: ConsumerPrefix + opt.Node, Description: "counts for the caps",
		Kinds: kinds, Room: opt.Room, Name: "the caps", Logger: opt.Logger,
	})
	return c, nil
}

// SetConfig takes over the caps of a config. Those that are new are read up
// from the log meanwhile. An error names the caps that cannot be compiled; then
// nothing changes.
func (c *Counter) SetConfig(set *config.Set) error {
	rules, err := caps.Compile(set)
	if err != nil {
		return fmt.Errorf("caps: %w", err)
	}
	c.mu.Lock()
	c.rules, c.set = rules, set
	c.lines = newLineReader(set, rules.Concern)
	c.fold.SetRules(rules)
	c.mu.Unlock()
	c.once.Do(func() { close(c.ready) })
	c.wakeUp()
	return nil
}

func (c *Counter) wakeUp() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run counts and tells until ctx ends, through outages of the log. It begins
// with the first SetConfig. Call it once.
func (c *Counter) Run(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-c.ready:
	}
	sub, err := c.opt.NC.QueueSubscribe(Exports, Group, c.export)
	if err != nil {
		return fmt.Errorf("serve %s: %w", Exports, err)
	}
	var work sync.WaitGroup
	work.Go(func() { c.log.Run(ctx) })
	work.Go(func() { c.readUp(ctx) })
	work.Go(func() { c.tell(ctx) })
	work.Wait()
	_ = sub.Unsubscribe() // fails only where the connection is gone
	return nil
}

// Close closes the sums. Run must have ended.
func (c *Counter) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return nil
	}
	err := c.db.Close()
	c.db = nil
	return err
}
