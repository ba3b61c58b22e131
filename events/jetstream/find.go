package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// ErrNotFound tells that the log holds no event of an id.
var ErrNotFound = errors.New("there is no such event in the log; it may have left it by age")

// errFound ends the search.
var errFound = errors.New("found")

// Find returns the event of a tx_id that was made at a time: the first one
// logged under that id.
func Find(ctx context.Context, js jetstream.JetStream, txID string, at time.Time) (events.Row, error) {
	// The clocks of edge and server differ.
	since := at.Add(-clockSkew)
	conf := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &since}
	// A line begins with its tx_id, so that nothing has to be decoded.
	mark := []byte(`{"tx_id":"` + txID + `"`)
	var found events.Row
	err := eachBlock(ctx, js, conf, true, func(msg jetstream.Msg) error {
		start := bytes.Index(msg.Data(), mark)
		if start < 0 {
			return nil
		}
		kind, err := kindOf(msg.Subject())
		if err != nil {
			return err
		}
		line, _, _ := bytes.Cut(msg.Data()[start:], []byte("\n"))
		if found, err = events.DecodeRow(kind, bytes.Clone(line)); err != nil {
			return err
		}
		return errFound
	})
	switch {
	case errors.Is(err, errFound):
		return found, nil
	case err == nil && ctx.Err() != nil:
		return found, fmt.Errorf("search the log: %w", ctx.Err())
	case err == nil:
		return found, ErrNotFound
	}
	return found, err
}
