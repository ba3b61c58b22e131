package jetstream

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/clickgate/clickgate/events"
)

// The headers of atomic batches (NATS ADR-50), for which nats.go has no call.
const (
	batchIDHeader     = "Nats-Batch-Id"
	batchSeqHeader    = "Nats-Batch-Sequence"
	batchCommitHeader = "Nats-Batch-Commit"
)

// The server's refusals of a batch that a second attempt overcomes.
const (
	codeIncompleteBatch jetstream.ErrorCode = 10176
	codeTooManyBatches  jetstream.ErrorCode = 10210
)

// write publishes line under the first key and empty messages under the others,
// all or none. The error is errTaken where a key has a message, errBusy where
// the server is to be asked again.
func (c *Claims) write(ctx context.Context, claim *events.Claim, keys []string, line []byte) error {
	if ctx.Err() != nil { // a batch without its end would occupy the server for ten seconds
		return context.Cause(ctx)
	}
	last := len(keys) - 1
	if last == 0 {
		return c.request(ctx, claimMessage(claim, keys[0], line))
	}
	select {
	case c.batches <- struct{}{}:
		defer func() { <-c.batches }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	id := nuid.Next()
	for i, key := range keys {
		msg := claimMessage(claim, key, line)
		line = nil
		msg.Header[batchIDHeader] = []string{id}
		msg.Header[batchSeqHeader] = []string{strconv.Itoa(i + 1)}
		if i == last {
			msg.Header[batchCommitHeader] = []string{"1"}
			return c.request(ctx, msg)
		}
		if err := c.nc.PublishMsg(msg); err != nil {
			return fmt.Errorf("publish claim: %w", err)
		}
	}
	return nil
}

func claimMessage(claim *events.Claim, key string, line []byte) *nats.Msg {
	lines := "0"
	if len(line) > 0 {
		lines = "1"
	}
	return &nats.Msg{
		Subject: claimSubject(claim.Kind, key),
		Header: nats.Header{
			ClaimHeader:                         {ownMark(claim)},
			LinesHeader:                         {lines},
			jetstream.ExpectedLastSubjSeqHeader: {"0"},
		},
		Data: line,
	}
}

// request publishes the last message of a claim and reads the answer to it.
func (c *Claims) request(ctx context.Context, msg *nats.Msg) error {
	answer, err := c.nc.RequestMsgWithContext(ctx, msg)
	if err != nil {
		return fmt.Errorf("publish claim: %w", err)
	}
	var ack struct {
		Sequence uint64              `json:"seq"`
		Error    *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &ack); err != nil {
		return fmt.Errorf("read acknowledgement: %w", err)
	}
	switch {
	case ack.Error == nil && ack.Sequence == 0:
		return fmt.Errorf("acknowledgement %q without a sequence", answer.Data)
	case ack.Error == nil:
		return nil
	}
	switch ack.Error.ErrorCode {
	case jetstream.JSErrCodeStreamWrongLastSequence, jetstream.JSErrCodeStreamWrongLastSequenceConstant:
		return errTaken
	case codeIncompleteBatch, codeTooManyBatches:
		return fmt.Errorf("%w: %s", errBusy, ack.Error.Description)
	}
	return fmt.Errorf("publish claim: %w", ack.Error)
}
