package service

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
)

// ListenerOptions set up a Listener.
type ListenerOptions struct {
	NC   *nats.Conn
	Book *caps.Book
	// Every is how often workers are asked until one has told everything: 1
	// second.
	Every  time.Duration
	Logger *zap.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Listener keeps the book of an edge up with what Counters tell.
type Listener struct {
	opt     ListenerOptions
	heardMS atomic.Int64 // of the last Delta, or the start
	bad     atomic.Uint64
	// complete tells that a worker has told everything since the connection was
	// made.
	complete atomic.Bool
}

// NewListener makes a Listener. Call Run.
func NewListener(opt ListenerOptions) *Listener {
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	opt.Every = cmp.Or(opt.Every, tellEvery)
	l := &Listener{opt: opt}
	l.heardMS.Store(opt.Now().UnixMilli())
	return l
}

// Run listens until ctx ends. It asks for everything at first, and when the
// connection was lost. Call it once.
func (l *Listener) Run(ctx context.Context) error {
	inbox := l.opt.NC.NewInbox()
	for subject, take := range map[string]nats.MsgHandler{Deltas: l.take, inbox: l.takeAll} {
		sub, err := l.opt.NC.Subscribe(subject, take)
		if err != nil {
			return fmt.Errorf("listen to %s: %w", subject, err)
		}
		defer func() { _ = sub.Unsubscribe() }() // fails only where the connection is gone
	}
	tick := time.NewTicker(l.opt.Every)
	defer tick.Stop()
	var forgotten time.Time
	connections := l.opt.NC.Stats().Reconnects
	for {
		if n := l.opt.NC.Stats().Reconnects; n != connections {
			connections = n
			l.complete.Store(false)
		}
		if !l.complete.Load() {
			_ = l.opt.NC.PublishRequest(Exports, inbox, nil) // else it is asked again
		}
		if now := l.opt.Now(); now.Sub(forgotten) >= forgetEvery {
			forgotten = now
			l.opt.Book.Forget(now.UnixMilli())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// take merges what all are told.
func (l *Listener) take(msg *nats.Msg) { l.merge(msg) }

// takeAll merges an answer: its last part tells how far it goes.
func (l *Listener) takeAll(msg *nats.Msg) {
	if len(msg.Data) == 0 {
		return // nobody answers
	}
	if d := l.merge(msg); d != nil && d.AppliedMS != 0 {
		l.complete.Store(true)
	}
}

func (l *Listener) merge(msg *nats.Msg) *caps.Delta {
	d, err := caps.ReadDelta(msg.Data)
	if err != nil {
		if l.bad.Add(1) == 1 {
			l.opt.Logger.Warn("what a worker tells about caps cannot be read; others may follow", zap.Error(err))
		}
		return nil
	}
	l.opt.Book.Merge(d)
	l.heardMS.Store(l.opt.Now().UnixMilli())
	return d
}

// Complete tells whether a worker has told everything since the connection was
// made last.
func (l *Listener) Complete() bool { return l.complete.Load() }

// WriteMetrics writes how the Listener goes, in the Prometheus text format.
func (l *Listener) WriteMetrics(w io.Writer) {
	now := l.opt.Now().UnixMilli()
	complete := 0
	if l.complete.Load() {
		complete = 1
	}
	fmt.Fprintf(w, "clickgate_caps_delta_age_seconds %.3f\n", float64(max(0, now-l.heardMS.Load()))/1000)
	fmt.Fprintf(w, "clickgate_caps_book_well %d\n", complete)
	fmt.Fprintf(w, "clickgate_caps_bad_deltas_total %d\n", l.bad.Load())
}
