package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The headers of atomic batches (NATS ADR-50), for which nats.go has no call.
const (
	batchIDHeader     = "Nats-Batch-Id"
	batchSeqHeader    = "Nats-Batch-Sequence"
	batchCommitHeader = "Nats-Batch-Commit"
)

// maxBatch is the server's default limit of messages in one batch.
const maxBatch = 1000

// answerTimeout bounds the wait for the server's answer to one batch.
const answerTimeout = 10 * time.Second

// errMoved says that nothing was written: the bucket ends elsewhere than the
// writer thought, or the server lost the beginning of the batch.
var errMoved = errors.New("the bucket was written to in the meantime")

// The server's refusals that a writer overcomes by looking again.
const (
	codeIncompleteBatch jetstream.ErrorCode = 10176
	codeTooManyBatches  jetstream.ErrorCode = 10210
)

// write is one key to set or, with deleted, to remove.
type write struct {
	key     string
	value   []byte
	deleted bool
	// fact goes with a document; its revision is the bucket's to give.
	fact fact
	// ttl lets the entry expire; 0 keeps it.
	ttl time.Duration
}

// publish appends writes behind the sequence last, all of them or none, and
// returns the sequence of the final one. errMoved means that none was written;
// any other error leaves open whether all or none were.
func (b bucket) publish(ctx context.Context, id string, last uint64, writes []write) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	nc := b.js.Conn()
	for i, w := range writes[:len(writes)-1] {
		if err := nc.PublishMsg(b.message(id, i, last, w)); err != nil {
			return 0, b.wrap("write to", err)
		}
	}
	end := len(writes) - 1
	m := b.message(id, end, last, writes[end])
	m.Header.Set(batchCommitHeader, "1")
	answer, err := nc.RequestMsgWithContext(ctx, m)
	if err != nil {
		return 0, b.wrap("write to", err)
	}
	return b.acknowledged(answer.Data)
}

func (b bucket) message(id string, i int, last uint64, w write) *nats.Msg {
	m := nats.NewMsg(b.writeSubject(w.key))
	m.Data = w.value
	m.Header.Set(batchIDHeader, id)
	m.Header.Set(batchSeqHeader, strconv.Itoa(i+1))
	if i == 0 {
		// The condition on the whole stream makes one writer out of all
		// nodes: nothing can come between what was read and what is written.
		m.Header.Set(jetstream.ExpectedLastSeqHeader, strconv.FormatUint(last, 10))
	}
	if w.deleted {
		m.Header.Set(opHeader, opDelete)
	}
	if w.fact.updated != 0 {
		w.fact.write(m.Header)
	}
	if w.ttl > 0 {
		m.Header.Set(jetstream.MsgTTLHeader, w.ttl.String())
	}
	return m
}

func (b bucket) acknowledged(data []byte) (uint64, error) {
	var ack struct {
		Seq   uint64              `json:"seq"`
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(data, &ack); err != nil {
		return 0, b.wrap("write to", fmt.Errorf("answer %q: %w", data, err))
	}
	if ack.Error == nil {
		return ack.Seq, nil
	}
	switch ack.Error.ErrorCode {
	case jetstream.JSErrCodeStreamWrongLastSequence, jetstream.JSErrCodeStreamWrongLastSequenceConstant,
		codeIncompleteBatch, codeTooManyBatches:
		return 0, fmt.Errorf("%w: %s", errMoved, ack.Error.Description)
	}
	return 0, b.wrap("write to", ack.Error)
}
