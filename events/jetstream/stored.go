package jetstream

import (
	"context"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// lookupBatch is how many headers are read at a time.
	lookupBatch = 500
	// clockSkew is how much the clocks of edge and server may differ.
	clockSkew = time.Minute
)

// Stored implements events.Publisher. It reads the ids of the blocks on the
// subject since m.After, or since m was born where that is unknown: the
// server's own memory of ids ends with the duplicate window.
func (p *Publisher) Stored(ctx context.Context, m *events.Message) (bool, error) {
	conf := jetstream.ConsumerConfig{
		FilterSubject:     p.subjects[m.Kind],
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       m.After + 1,
		AckPolicy:         jetstream.AckNonePolicy,
		HeadersOnly:       true,
		MemoryStorage:     true,
		InactiveThreshold: 10 * time.Second,
	}
	if m.After == 0 {
		since := m.Born.Add(-clockSkew)
		conf.DeliverPolicy, conf.OptStartSeq, conf.OptStartTime = jetstream.DeliverByStartTimePolicy, 0, &since
	}
	consumer, err := p.js.CreateConsumer(ctx, Stream, conf)
	if err != nil {
		return false, fmt.Errorf("look up block %s: %w", m.ID, err)
	}
	name := consumer.CachedInfo().Name
	defer p.js.DeleteConsumer(ctx, Stream, name) // it would end by itself
	return hasID(consumer, m.ID)
}

// hasID reads the consumer to its end, for the id may stand anywhere.
func hasID(consumer jetstream.Consumer, id string) (bool, error) {
	for left := int(consumer.CachedInfo().NumPending); left > 0; {
		batch, err := consumer.Fetch(min(left, lookupBatch), jetstream.FetchMaxWait(time.Second))
		if err != nil {
			return false, fmt.Errorf("look up block %s: %w", id, err)
		}
		got := 0
		for msg := range batch.Messages() {
			got++
			if msg.Headers().Get(jetstream.MsgIDHeader) == id {
				return true, nil
			}
		}
		if got == 0 {
			return false, fmt.Errorf("look up block %s: %d blocks did not come: %w", id, left, batch.Error())
		}
		left -= got
	}
	return false, nil
}
