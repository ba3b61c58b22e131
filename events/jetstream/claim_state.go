package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
)

// keyState is what is known of a key. It is free where it is neither taken nor
// pending.
type keyState struct {
	seq   uint64 // of its last message, 0 for none
	owner string // the mark of the claim that has or wants it
	// taken: the owner's row is recorded. pending: it is reserved for a row that
	// may still come, under rowKey and behind rowAfter; reserved at since.
	taken, pending bool
	rowKey         string
	rowAfter       uint64
	since          time.Time
}

// read finds out about a key.
func (c *Claims) read(ctx context.Context, kind events.Kind, key string) (s keyState, err error) {
	msg, err := c.lastMessage(ctx, kind, key)
	if err != nil || msg == nil {
		return s, err
	}
	s = keyState{seq: msg.Sequence, owner: msg.Header.Get(ClaimHeader), since: msg.Time}
	reserved := msg.Header.Get(rowHeader)
	switch {
	case s.owner == noOwner:
		return s, nil
	case reserved == "":
		s.taken = true
		return s, nil
	}
	if s.rowKey, s.rowAfter, err = readRow(reserved); err != nil {
		return s, fmt.Errorf("message %d of stream %s: %w", msg.Sequence, ClaimStream, err)
	}
	row, err := c.lastMessage(ctx, kind, s.rowKey)
	if err != nil {
		return s, err
	}
	switch {
	case row == nil:
		s.pending = s.rowAfter == 0
	case row.Header.Get(ClaimHeader) == s.owner && row.Header.Get(rowHeader) == "":
		s.taken = true
	default:
		s.pending = s.rowAfter == row.Sequence
	}
	return s, nil
}

// lastMessage returns the last message of a key, nil where there is none. It
// asks the leader: another copy of the stream may be behind.
func (c *Claims) lastMessage(ctx context.Context, kind events.Kind, key string) (*jetstream.RawStreamMsg, error) {
	stream, err := c.handle(ctx)
	if err != nil {
		return nil, err
	}
	msg, err := stream.GetLastMsgForSubject(ctx, claimSubject(kind, key))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look up key %s: %w", key, err)
	case msg.Header.Get(ClaimHeader) == "":
		return nil, fmt.Errorf("look up key %s: message %d of stream %s has no header %s", key, msg.Sequence, ClaimStream, ClaimHeader)
	}
	return msg, nil
}

func (c *Claims) handle(ctx context.Context) (jetstream.Stream, error) {
	if s := c.stream.Load(); s != nil {
		return *s, nil
	}
	s, err := c.js.Stream(ctx, ClaimStream)
	if err != nil {
		return nil, fmt.Errorf("look at stream %s: %w", ClaimStream, err)
	}
	c.stream.Store(&s)
	return s, nil
}

// publish stores a message and returns its sequence. The error is errMoved where
// its subject's last message is not the expected one.
func (c *Claims) publish(ctx context.Context, msg *nats.Msg) (uint64, error) {
	answer, err := c.nc.RequestMsgWithContext(ctx, msg)
	if err != nil {
		return 0, fmt.Errorf("publish claim: %w", err)
	}
	var ack struct {
		Sequence uint64              `json:"seq"`
		Error    *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &ack); err != nil {
		return 0, fmt.Errorf("read acknowledgement: %w", err)
	}
	switch {
	case ack.Error == nil && ack.Sequence == 0:
		return 0, fmt.Errorf("acknowledgement %q without a sequence", answer.Data)
	case ack.Error == nil:
		return ack.Sequence, nil
	}
	switch ack.Error.ErrorCode {
	case jetstream.JSErrCodeStreamWrongLastSequence, jetstream.JSErrCodeStreamWrongLastSequenceConstant:
		return 0, errMoved
	}
	return 0, fmt.Errorf("publish claim: %w", ack.Error)
}
