package store

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrReceiptExists says that a change with the same receipt was made before.
var ErrReceiptExists = errors.New("the change was made before")

// Receipt is a note that is written together with a change, both or neither,
// and kept for a while: by it a repeated request is known.
type Receipt struct {
	// Key is one token of a subject: letters, digits, '-' and '_'.
	Key   string
	Value []byte
	// TTL is how long it is kept, in whole seconds, at least one.
	TTL time.Duration
}

func (r Receipt) write() write {
	return write{key: receiptPrefix + r.Key, value: r.Value, ttl: max(r.TTL.Truncate(time.Second), time.Second)}
}

// Receipt returns the value of a receipt that has not expired.
func (s *Store) Receipt(ctx context.Context, key string) (value []byte, found bool, err error) {
	e, err := s.b.last(ctx, receiptPrefix+key)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, unavailable(err)
	}
	return e.value, true, nil
}

// unused reports ErrReceiptExists when a receipt is there already.
func (s *Store) unused(ctx context.Context, r *Receipt) error {
	if r == nil {
		return nil
	}
	_, found, err := s.Receipt(ctx, r.Key)
	if err == nil && found {
		return ErrReceiptExists
	}
	return err
}
