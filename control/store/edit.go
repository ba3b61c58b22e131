package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/config"
)

// ErrUnavailable says that the bucket is out of reach.
var ErrUnavailable = errors.New("the config store is out of reach")

// unavailable marks an error of NATS as ErrUnavailable.
func unavailable(err error) error {
	if err == nil || errors.Is(err, ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// reach fails at once where there is no connection.
func (s *Store) reach() error {
	if nc := s.b.js.Conn(); !nc.IsConnected() {
		return fmt.Errorf("%w: the connection to NATS is %s", ErrUnavailable, nc.Status())
	}
	return nil
}

// Edit decides on a change of a version. It may be called again, with a newer
// version, when somebody else was faster. An error of it ends the edit.
type Edit func(Snapshot) (Change, error)

// Edit makes the change that edit decides on and returns the version that
// holds it; the loaded one when nothing changes. The documents as they would
// be are validated first: their mistakes are returned as config.Problems and
// nothing is written. ErrUnavailable says that NATS is away, ErrReceiptExists
// that the change's receipt is there already.
func (s *Store) Edit(ctx context.Context, checks config.Checks, edit Edit) (Snapshot, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	for attempt := 0; ; attempt++ {
		snap, err := s.edit(ctx, checks, edit)
		if !errors.Is(err, errMoved) || attempt >= attempts {
			return snap, err
		}
		// Another node was faster: it has its turn now.
		if err := pause(ctx, time.Duration(attempt)*time.Millisecond); err != nil {
			return Snapshot{}, err
		}
	}
}

// edit makes one attempt.
func (s *Store) edit(ctx context.Context, checks config.Checks, edit Edit) (Snapshot, error) {
	m, err := s.settled(ctx)
	if err != nil {
		return Snapshot{}, unavailable(err)
	}
	snap := m.snapshot()
	change, err := edit(snap)
	if err != nil {
		return snap, err
	}
	if len(change.Puts)+len(change.Deletes) == 0 && change.Receipt == nil {
		return snap, nil
	}
	next := m.set.With(change.Puts, change.Deletes)
	if problems := next.ValidateChange(m.set, change.keys(), checks); len(problems) > 0 {
		return snap, problems
	}
	if err := s.unused(ctx, change.Receipt); err != nil {
		return snap, err
	}
	after, err := s.commit(ctx, &m, change)
	if err != nil && !errors.Is(err, errMoved) {
		err = unavailable(err)
	}
	return after, err
}

// keys are the documents that a change names.
func (c Change) keys() []config.Key {
	keys := append([]config.Key(nil), c.Deletes...)
	for _, doc := range c.Puts {
		keys = append(keys, doc.Key())
	}
	return keys
}

// Version is the version that is live now; 0 when nothing was ever committed.
// It reads none of the documents.
func (s *Store) Version(ctx context.Context) (uint64, error) {
	e, err := s.b.last(ctx, headKey)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, unavailable(err)
	}
	head, _ := decodeHead(e)
	return head.Version, nil
}
