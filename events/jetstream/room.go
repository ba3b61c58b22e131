package jetstream

import (
	"context"
	"time"
)

// roomEvery is how often a reader asks again for room.
const roomEvery = time.Second

// AwaitRoom waits while room returns an error, as when the disk is wanted for
// something else; who asks for room tells of it. Nil is always room. The error
// is that of ctx.
func AwaitRoom(ctx context.Context, room func() error) error {
	if room == nil || room() == nil {
		return nil
	}
	tick := time.NewTicker(roomEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if room() == nil {
				return nil
			}
		}
	}
}
