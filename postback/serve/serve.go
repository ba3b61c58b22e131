// Package serve answers operators' questions about outgoing calls for one
// worker: tests of a document's call, and the calls that were given up.
// How questions come in is not its matter.
package serve

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/outgoing"
	"github.com/clickgate/clickgate/postback/queue"
	"github.com/clickgate/clickgate/postback/worker"
)

// Log finds events in the event log.
type Log interface {
	// Find returns the event of a tx_id; found is false where the log has none.
	Find(ctx context.Context, txID string) (row events.Row, found bool, err error)
	// Latest returns the newest event of some kinds that is wanted; found is
	// false where it came to none before ctx ended.
	Latest(ctx context.Context, kinds []events.Kind, wanted func(events.Row) bool) (row events.Row, found bool, err error)
}

// Options set up a Desk. All are required, but for Now.
type Options struct {
	Worker *worker.Worker
	Log    Log
	// Node is the worker's name.
	Node string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Desk answers for one worker. It is safe for concurrent use.
type Desk struct{ opt Options }

// New returns a desk.
func New(opt Options) *Desk {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Desk{opt}
}

// Answer answers a question, also one that makes no sense.
func (d *Desk) Answer(ctx context.Context, q outgoing.Question) outgoing.Answer {
	a := outgoing.Answer{Node: d.opt.Node}
	if err := d.answer(ctx, &q, &a); err != nil {
		return outgoing.Refused(d.opt.Node, err)
	}
	return a
}

func (d *Desk) answer(ctx context.Context, q *outgoing.Question, a *outgoing.Answer) (err error) {
	switch q.Task {
	case outgoing.TaskTest:
		a.Report, err = d.test(ctx, q.Test)
	case outgoing.TaskList:
		a.Letters, err = d.letters(q.Before, q.Limit)
	case outgoing.TaskShow:
		a.Letters, err = d.letter(q.Letter)
	case outgoing.TaskFire:
		err = known(d.opt.Worker.Refire(q.Letter))
	case outgoing.TaskFireAll:
		a.Fired, a.Next, err = d.fireAll(ctx, q.Before)
	case outgoing.TaskDiscard:
		err = known(d.opt.Worker.Discard(q.Letter))
	case outgoing.TaskStats:
		a.Stats = d.stats()
	default:
		err = fmt.Errorf("task %q is none that a worker knows: %w", q.Task, outgoing.ErrUnfit)
	}
	return err
}

// known puts the queue's no in the words of operators.
func known(err error) error {
	if errors.Is(err, queue.ErrNoLetter) {
		return outgoing.ErrNoLetter
	}
	return err
}

func (d *Desk) stats() *outgoing.Stats {
	s := d.opt.Worker.Stats()
	return &outgoing.Stats{
		Node: d.opt.Node, Waiting: s.Jobs - s.Flying, Flying: s.Flying, LateSeconds: s.Late.Seconds(), BlockedHosts: s.Blocked,
		DeadLetters: s.Dead, Dropped: s.Dropped, GivenUp: s.GivenUp, Forgotten: s.Forgotten,
	}
}
