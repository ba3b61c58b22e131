package main

import (
	"context"
	"errors"
	"time"

	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/postback/serve"
)

// answerPostbacks answers questions about outgoing calls, where this node makes
// them. Where NATS is away nobody can ask.
func (n *node) answerPostbacks(background context.Context) {
	if n.postbacks == nil {
		return
	}
	desk := serve.New(serve.Options{Worker: n.postbacks, Log: logSearch{n.js}, Node: n.name})
	n.tasks.Go(func() {
		for background.Err() == nil {
			if err := fleet.AnswerPostbacks(background, n.js.Conn(), n.name, desk.Answer); err == nil {
				return
			}
			select {
			case <-background.Done():
			case <-time.After(2 * time.Second):
			}
		}
	})
}

// logSearch finds events in the event log.
type logSearch struct{ js natsjs.JetStream }

// Find implements serve.Log.
func (l logSearch) Find(ctx context.Context, txID string) (events.Row, bool, error) {
	at, err := clickid.Time(txID)
	if err != nil {
		return events.Row{}, false, nil // no event of ours has such an id
	}
	row, err := jetstream.Find(ctx, l.js, txID, at)
	if errors.Is(err, jetstream.ErrNotFound) {
		return row, false, nil
	}
	return row, err == nil, err
}

// Latest implements serve.Log.
func (l logSearch) Latest(ctx context.Context, kinds []events.Kind, wanted func(events.Row) bool) (events.Row, bool, error) {
	row, err := jetstream.Latest(ctx, l.js, kinds, wanted)
	if errors.Is(err, jetstream.ErrNotFound) || err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return row, false, nil
	}
	return row, err == nil, err
}
