// Package worker fires outgoing calls: it reads events, asks which calls they
// demand, keeps those on disk until they are due, sends them, and tries again
// what failed.
package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/postback/guard"
	"github.com/clickgate/clickgate/postback/match"
	"github.com/clickgate/clickgate/postback/queue"
)

// Log takes the row of an attempt: one line of JSON with its line feed, of the
// kind events.Postback. The line may be kept. It is called from many goroutines
// and should not block for long; a row that it cannot take is its own to count.
type Log interface{ Log(line []byte) }

// Options set up a Worker.
type Options struct {
	// Dir is the folder of the queue; nothing else lives in it.
	Dir      string
	Settings Settings
	// Log takes the rows of attempts (A20).
	Log Log
	// Node and Region stand in those rows; empty ones are left out.
	Node, Region string
	Logger       *zap.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// FS is the file system of the queue; nil is the machine's.
	FS vfs.FS
}

// Worker is safe for concurrent use, but for Apply, which one goroutine calls
// at a time.
type Worker struct {
	opt    Options
	queue  *queue.Queue
	client *guard.Client
	rules  atomic.Pointer[match.Rules]
	counts *counts
	told   told

	// compile keeps two configs from being compiled at once.
	compile sync.Mutex
}

// New opens the queue. Until SetConfig nothing can be applied; calls that wait
// are sent by Run.
func New(opt Options) (*Worker, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	if err := opt.Settings.Validate(); err != nil {
		return nil, fmt.Errorf("postbacks: %w", err)
	}
	client, err := guard.New(opt.Settings.Calls)
	if err != nil {
		return nil, fmt.Errorf("postbacks: %w", err)
	}
	q, err := queue.Open(queue.Options{Dir: opt.Dir, Settings: opt.Settings.Queue, FS: opt.FS, Now: opt.Now, Logger: opt.Logger})
	if err != nil {
		return nil, err
	}
	w := &Worker{opt: opt, queue: q, client: client, counts: newCounts()}
	w.told.every = tellEvery
	return w, nil
}

// SetConfig takes over a config. Documents whose calls cannot be made are told
// to the log, once for each that is new, and left out.
func (w *Worker) SetConfig(set *config.Set) {
	w.compile.Lock()
	defer w.compile.Unlock()
	before := w.rules.Load()
	rules := match.Compile(set, before)
	known := map[config.Key]string{}
	if before != nil {
		for _, p := range before.Problems() {
			known[p.Key] = p.Err.Error()
		}
	}
	for _, p := range rules.Problems() {
		if known[p.Key] != p.Err.Error() {
			w.opt.Logger.Error("postbacks of a document cannot be made", zap.Stringer("document", p.Key), zap.Error(p.Err))
		}
	}
	w.rules.Store(rules)
}

// Position is the sequence of the event log up to which events were applied; 0
// for a worker that begins, or whose queue was lost.
func (w *Worker) Position() uint64 { return w.queue.Position() }

// Close closes the queue. Run must have ended.
func (w *Worker) Close() error {
	w.client.Close()
	return w.queue.Close()
}

// expireEvery is how often what was kept long enough is removed.
const expireEvery = time.Hour

// drainTime is how long calls that are under way may take when Run ends.
const drainTime = 5 * time.Second

// Run sends what is due until ctx ends, then lets the calls that are under way
// end, if they do so soon; others are sent again after a restart. An error means
// that the disk failed.
func (w *Worker) Run(ctx context.Context) error {
	calls, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var group sync.WaitGroup
	err := w.run(ctx, calls, &group)
	timer := time.AfterFunc(drainTime, cancel)
	group.Wait()
	timer.Stop()
	cancel()
	return err
}

func (w *Worker) run(ctx, calls context.Context, group *sync.WaitGroup) error {
	expire := time.NewTicker(expireEvery)
	defer expire.Stop()
	failed := make(chan error, 1)
	for ctx.Err() == nil {
		job, wait, err := w.queue.Take()
		if err != nil {
			return err
		}
		if job == nil {
			err = w.pause(ctx, wait, expire.C, failed)
		} else {
			group.Go(func() { report(failed, w.fire(calls, job)) })
			err = w.glance(expire.C, failed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// report passes the first error on.
func report(failed chan<- error, err error) {
	if err == nil {
		return
	}
	select {
	case failed <- err:
	default:
	}
}

// pause waits until there may be something to do.
func (w *Worker) pause(ctx context.Context, wait time.Duration, expire <-chan time.Time, failed <-chan error) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-w.queue.Wake():
	case <-timer.C:
	case err := <-failed:
		return err
	case <-expire:
		return w.queue.Expire()
	}
	return nil
}

// glance looks after the rest while there is always something to send.
func (w *Worker) glance(expire <-chan time.Time, failed <-chan error) error {
	select {
	case err := <-failed:
		return err
	case <-expire:
		return w.queue.Expire()
	default:
		return nil
	}
}

// errNoConfig says that events came before a config.
var errNoConfig = errors.New("postbacks: no config has been taken over yet")
