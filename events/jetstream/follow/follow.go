// Package follow keeps something up with the event log: block by block and in
// order, by a durable consumer, so that the log knows what is still to be
// taken. Where to go on is the word of what is kept up: whatever the consumer
// has delivered, no block is left out and none is taken twice.
package follow

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
)

// Position is how far the log has been read.
type Position struct {
	// Log names the log, so that a new one under an old name is not taken for
	// it: sequences begin anew there.
	Log string
	// Sequence is that of the last block read.
	Sequence uint64
	// LoggedMS is when that block was logged, in unix milliseconds: whether the
	// log has the block still, or another under its number, is seen by it.
	LoggedMS int64
	// SinceMS: nothing logged before it was read; 0 where all was.
	SinceMS int64
}

// Block is one message of the event log: lines of a kind.
type Block struct {
	Kind     events.Kind
	Sequence uint64
	// LoggedMS is when it was logged, in unix milliseconds.
	LoggedMS int64
	Data     []byte
}

// Sink is what is kept up. One goroutine calls it.
type Sink interface {
	// Position is how far it is; the zero Position at its beginning.
	Position() Position
	// Move sets the place: beyond blocks that are of no interest or have left
	// the log, or to where another log is to be read.
	Move(Position) error
	// Apply takes blocks that follow each other and keeps nothing of them. When
	// it returns nil they need not come again. After an error reading begins
	// anew from Position.
	Apply([]Block) error
	// CaughtUp tells that all that was logged before a moment (unix
	// milliseconds) has been applied, Hold that the log itself may lack what was
	// recorded since a moment; 0 lifts it.
	CaughtUp(ms int64)
	Hold(ms int64)
	// Check is called every second at least; an error ends reading for a while.
	// Mend is called then, after any error.
	Check() error
	Mend() error
}

// Options set up a Follower.
type Options struct {
	JS   jetstream.JetStream
	Sink Sink
	// Durable names the consumer: one token of a subject, that no two Followers
	// share. Description is for people who list consumers.
	Durable, Description string
	// Kinds are those of the blocks that are read.
	Kinds []events.Kind
	// Again tells that blocks may be applied twice without harm: then another
	// log, or one that lost its end, is read from its beginning. Otherwise it is
	// read from the time on up to which the sink is.
	Again bool
	// Room, unless nil, returns an error while the sink is to take nothing.
	Room func() error
	// Name is what messages call the sink, "the click store".
	Name   string
	Logger *zap.Logger
}

// Follower reads the log into a Sink.
type Follower struct {
	Options
	progress
	sourced int64 // when the log had everything of its sources last
	noted   time.Time
}

// Times of a Follower.
const (
	lookEvery  = time.Second // how often an idle log is asked whether that is all
	noteEvery  = time.Minute // how often the place in an idle log is written down
	firstRetry = 100 * time.Millisecond
	lastRetry  = 5 * time.Second
)

// New makes a Follower. Call Run.
func New(opt Options) *Follower {
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	return &Follower{Options: opt}
}

// Run reads until ctx ends, through outages of the log and damage of the sink.
// Call it once.
func (f *Follower) Run(ctx context.Context) {
	wait := firstRetry
	for {
		start := time.Now()
		err := f.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(start) > time.Minute {
			wait = firstRetry
		}
		f.failed()
		if !errors.Is(err, errOrder) || wait > firstRetry {
			f.Logger.Warn("the event log is not read", zap.String("for", f.Name), zap.Error(err), zap.Duration("next_try_in", wait))
		}
		if err := f.Sink.Mend(); err != nil {
			f.Logger.Error("damage cannot be mended", zap.String("of", f.Name), zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, lastRetry)
	}
}

// follow reads the log from where the sink is, until something fails.
func (f *Follower) follow(ctx context.Context) error {
	r, err := f.attach(ctx)
	if err != nil {
		return err
	}
	for next := time.Now(); ; {
		if err := eventlog.AwaitRoom(ctx, f.Room); err != nil {
			return err
		}
		if now := time.Now(); !now.Before(next) {
			if err := f.look(ctx, r); err != nil {
				return err
			}
			next = now.Add(lookEvery)
		}
		if err := r.read(ctx); err != nil {
			return err
		}
		if err := f.Sink.Check(); err != nil {
			return err
		}
	}
}
