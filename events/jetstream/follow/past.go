package follow

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
)

// patience is how long the server may keep a reader of the past waiting.
const patience = 30 * time.Second

// Past yields the blocks of some kinds that were logged since a time, up to a
// sequence, in their order, beside whoever follows the log. The zero time is
// the log's beginning. After an error it yields nothing more.
func Past(ctx context.Context, js jetstream.JetStream, kinds []events.Kind, since time.Time, last uint64) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		if err := past(ctx, js, kinds, since, last, yield); err != nil {
			yield(Block{}, fmt.Errorf("read the past of the event log: %w", err))
		}
	}
}

func past(ctx context.Context, js jetstream.JetStream, kinds []events.Kind, since time.Time, last uint64, yield func(Block, error) bool) error {
	stream, err := js.Stream(ctx, eventlog.Stream)
	if err != nil {
		return err
	}
	conf := jetstream.OrderedConsumerConfig{FilterSubjects: subjects(kinds), DeliverPolicy: jetstream.DeliverAllPolicy}
	if !since.IsZero() {
		gone, err := eventlog.LastBefore(ctx, stream, since)
		if err != nil {
			return err
		}
		conf.DeliverPolicy, conf.OptStartSeq = jetstream.DeliverByStartSequencePolicy, gone+1
	}
	consumer, err := stream.OrderedConsumer(ctx, conf)
	if err != nil {
		return err
	}
	info, err := consumer.Info(ctx)
	if err != nil || info.NumPending == 0 {
		return err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return err
	}
	defer messages.Stop()
	for {
		b, left, err := next(ctx, messages)
		if err != nil {
			return err
		}
		if b.Sequence > last || !yield(b, nil) || b.Sequence == last || left == 0 {
			return nil
		}
	}
}

// next is the next block, and how many are left behind it.
func next(ctx context.Context, messages jetstream.MessagesContext) (b Block, left uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	msg, err := messages.Next(jetstream.NextContext(ctx))
	if err != nil {
		return b, 0, err
	}
	meta, err := msg.Metadata()
	if err != nil {
		return b, 0, err
	}
	b, err = newBlock(msg, meta)
	return b, meta.NumPending, err
}
