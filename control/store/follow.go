package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/clickgate/clickgate/config"
)

const (
	// askTimeout bounds one try to reach the store; whoever follows tries
	// again.
	askTimeout = 5 * time.Second
	// checkEvery is how often a follower of a silent bucket asks whether it
	// is still the same one; longer than it takes to miss heartbeats.
	checkEvery = 5 * time.Second
	// settleTime bounds how long versions that follow each other closely are
	// held back to apply the last of them alone.
	settleTime = 200 * time.Millisecond
	// The pauses between tries.
	firstPause = 50 * time.Millisecond
	maxPause   = 3 * time.Second
)

// errOther says that the bucket is not the one that was read.
var errOther = errors.New("the bucket was made again")

// forever calls session until ctx ends, with growing pauses after sessions
// that failed at once. A connection that comes back ends a session, which may
// wait for a server that has forgotten it, and a pause.
func (b bucket) forever(ctx context.Context, session func(context.Context) error, failed func(error)) {
	changes := b.js.Conn().StatusChanged(nats.CONNECTED)
	defer b.js.Conn().RemoveStatusListener(changes)
	delay := firstPause
	for ctx.Err() == nil {
		started := time.Now()
		err := untilChange(ctx, changes, session)
		if ctx.Err() != nil {
			return
		}
		failed(err)
		if errors.Is(err, errReconnected) || time.Since(started) > askTimeout+maxPause {
			delay = firstPause
		}
		timer := time.NewTimer(delay)
		select {
		case <-timer.C:
			delay = min(2*delay, maxPause)
		case _, open := <-changes:
			if delay = firstPause; !open {
				// The connection was closed for good.
				changes = nil
			}
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// errReconnected ends a session whose server may have been another one.
var errReconnected = errors.New("the connection came back")

// untilChange runs a session that ends when the connection comes back.
func untilChange(ctx context.Context, changes <-chan nats.Status, session func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		select {
		case <-changes:
			cancel(errReconnected)
		case <-ctx.Done():
		}
	})
	err := session(ctx)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	cancel(nil)
	watch.Wait()
	return err
}

// follow hands every entry behind a position to take, until something fails.
func (b bucket) follow(ctx context.Context, at *position, take func(entry) error, keys ...string) error {
	c, err := b.after(ctx, at.seq, keys...)
	if err != nil {
		return err
	}
	defer c.close()
	for {
		wait, cancel := context.WithTimeout(ctx, checkEvery)
		e, err := c.next(wait)
		cancel()
		switch {
		case err == nil:
			err = take(e)
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
			err = b.unchanged(ctx, *at)
		}
		if err != nil {
			return err
		}
	}
}

// unchanged reports whether the bucket still ends at a position.
func (b bucket) unchanged(ctx context.Context, at position) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if !b.js.Conn().IsConnected() {
		return nats.ErrDisconnected
	}
	end, err := b.end(ctx)
	if err != nil {
		return err
	}
	switch {
	case !end.created.Equal(at.created) || end.seq < at.seq:
		return b.wrap("follow", errOther)
	case end.seq > at.seq:
		return b.wrap("follow", errGap)
	}
	return nil
}

// read keeps f.m at the end of the bucket and offers every version.
func (f *Follower) read(ctx context.Context) {
	f.b.forever(ctx, f.session, f.connected)
}

func (f *Follower) session(ctx context.Context) error {
	if err := f.catchUp(ctx); err != nil {
		return err
	}
	f.connected(nil)
	pass := &passage{since: time.Now()}
	return f.b.follow(ctx, &f.m.at, func(e entry) error { return f.take(e, pass) })
}

// catchUp brings f.m to the end of the bucket and offers its version.
func (f *Follower) catchUp(ctx context.Context) error {
	if !f.b.js.Conn().IsConnected() {
		return nats.ErrDisconnected
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	before := f.m
	m, changed, err := f.b.catchUp(ctx, f.m)
	f.m = m
	f.note(changed, m != before)
	if err != nil {
		return err
	}
	f.offer(m.verify())
	return nil
}

// passage is the state of a follower between two offers.
type passage struct {
	// due says that a version was committed and not yet offered.
	due   bool
	since time.Time
}

// take reads one entry and offers the version it may complete, at once unless
// more entries are waiting: then a little later, with what follows.
func (f *Follower) take(e entry, pass *passage) error {
	if changed, committed := f.m.take(e); committed {
		f.note(changed, false)
		pass.due = true
	}
	if !pass.due || e.more > 0 && time.Since(pass.since) < settleTime {
		return nil
	}
	pass.due, pass.since = false, time.Now()
	return f.check()
}

// check offers the version of f.m if it is what its head speaks of. Where it
// is not, the session ends and the bucket is read from scratch.
func (f *Follower) check() error {
	err := f.m.verify()
	if errors.Is(err, errDigest) {
		f.m = nil
		return err
	}
	f.offer(err)
	return nil
}

// note adds to what the next offer says has changed.
func (f *Follower) note(changed []config.Key, all bool) {
	f.rebuilt = f.rebuilt || all
	f.changed = append(f.changed, changed...)
}

// offer gives the version of f.m to the applying side, together with why it
// must not be applied.
func (f *Follower) offer(refused error) {
	if f.m.head.Version == 0 {
		// A bucket without a version is one that was just made: no reason
		// to take the documents away from an edge.
		return
	}
	changed := append([]config.Key{}, f.changed...)
	if f.rebuilt {
		changed = nil
	}
	f.changed, f.rebuilt = nil, false
	o := newOffer(f.m, SourceStore, changed)
	if refused != nil {
		o.refused = fmt.Errorf("stored config: %w", refused)
	} else {
		copied := f.m.copy()
		f.shared.Store(&copied)
	}
	f.inbox.put(o)
}
