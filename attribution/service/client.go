package service

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/clickgate/clickgate/attribution"
)

// DefaultDeadline is how long a Client waits where the context does not say: a
// visitor or an advertiser's server waits behind it.
const DefaultDeadline = 50 * time.Millisecond

// Client asks any worker. It is safe for concurrent use.
type Client struct{ nc *nats.Conn }

var _ attribution.Finder = (*Client)(nil)

// NewClient asks over nc, which it does not close.
func NewClient(nc *nats.Conn) *Client { return &Client{nc} }

// Find implements attribution.Finder. Without a deadline ctx gets
// DefaultDeadline.
func (c *Client) Find(ctx context.Context, q attribution.Query) (attribution.Answer, error) {
	if err := q.Validate(); err != nil {
		return attribution.Answer{}, err
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(DefaultDeadline)
		bounded, cancel := context.WithDeadline(ctx, deadline)
		defer cancel()
		ctx = bounded
	}
	data, err := encodeRequest(&q, time.Until(deadline))
	if err != nil {
		return attribution.Answer{}, fmt.Errorf("ask for click: %w", err)
	}
	msg, err := c.nc.RequestWithContext(ctx, Subject, data)
	if err != nil { // no workers, no connection, no answer in time
		return attribution.Answer{}, fmt.Errorf("%w: %w", attribution.ErrUnavailable, err)
	}
	return decodeReply(msg.Data)
}
