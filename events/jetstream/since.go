package jetstream

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// LastBefore is the sequence of the last block that was logged before a time, 0
// for none. The server knows it, and tells where a consumer would begin.
//
// Consumers of several kinds that begin at a time must begin there: one that is
// given the time itself leaves out messages (nats-server 2.15.2,
// selectStartingSeqNo).
func LastBefore(ctx context.Context, stream jetstream.Stream, at time.Time) (uint64, error) {
	c, err := stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &at, AckPolicy: jetstream.AckNonePolicy,
		MemoryStorage: true, InactiveThreshold: 10 * time.Second,
	})
	if err != nil {
		return 0, err
	}
	info := c.CachedInfo()
	return info.Delivered.Stream, stream.DeleteConsumer(ctx, info.Name)
}
