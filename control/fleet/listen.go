package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// desk is where a node listens for questions of one sort.
type desk struct {
	// subject is for any node of the group; a node's name behind it asks that
	// one.
	subject, group string
	// slots is how many questions are answered at a time; others wait.
	slots int
	// patience bounds one.
	patience time.Duration
}

// listen answers questions until ctx ends. answer is called from many
// goroutines.
func (d desk) listen(ctx context.Context, nc *nats.Conn, node string, answer func(ctx context.Context, question []byte) []byte) error {
	slots := make(chan struct{}, d.slots)
	take := func(msg *nats.Msg) {
		go func() {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			defer func() { <-slots }()
			ctx, cancel := context.WithTimeout(ctx, d.patience)
			defer cancel()
			_ = msg.Respond(answer(ctx, msg.Data)) // who asked has gone
		}()
	}
	any, err := nc.QueueSubscribe(d.subject, d.group, take)
	if err != nil {
		return fmt.Errorf("listen for questions: %w", err)
	}
	own, err := nc.Subscribe(d.subject+"."+node, take)
	if err != nil {
		return errors.Join(fmt.Errorf("listen for questions: %w", err), any.Unsubscribe())
	}
	<-ctx.Done()
	_, _ = any.Unsubscribe(), own.Unsubscribe() // the connection may be gone
	return nil
}
