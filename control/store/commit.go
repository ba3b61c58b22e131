package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nuid"

	"github.com/clickgate/clickgate/config"
)

// ErrConflict says that the base of a commit is not the live version: read
// again, decide again, commit again.
var ErrConflict = errors.New("the configuration changed since it was read")

// Change is a change set.
type Change struct {
	// Puts are documents to create or to replace.
	Puts []config.Document
	// Deletes are keys to remove; absent ones are left out. A key that is
	// also put is put, and what is put twice is put as it comes last.
	Deletes []config.Key
	// Author and Comment are kept with the version.
	Author, Comment string
	// Receipt, where there is one, is written with the change.
	Receipt *Receipt
}

// How a writer deals with others.
const (
	// defaultPatience is far more than the time between two batches.
	defaultPatience = 2 * time.Second
	// glance is how often it looks meanwhile.
	glance = 50 * time.Millisecond
	// attempts bounds how often a commit is tried while entries that are no
	// version keep arriving.
	attempts = 20
)

// Commit makes change on top of the version base and returns the new version.
// It is all or nothing, on every node and edge. It returns ErrConflict when
// base is not the live version, and base itself when the change changes
// nothing. It does not validate: base guarantees that the documents are those
// that the caller has seen. After an error other than ErrConflict the change
// may have been made; the same call again then answers ErrConflict.
func (s *Store) Commit(ctx context.Context, base uint64, change Change) (uint64, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	for attempt := 0; ; attempt++ {
		m, err := s.settled(ctx)
		if err != nil {
			return 0, err
		}
		if m.head.Version != base {
			return 0, fmt.Errorf("%w: version %d was read, %d is live", ErrConflict, base, m.head.Version)
		}
		if err := s.unused(ctx, change.Receipt); err != nil {
			return 0, err
		}
		after, err := s.commit(ctx, &m, change)
		if errors.Is(err, errMoved) && attempt < attempts {
			continue
		}
		return after.Version, err
	}
}

// settled waits until no other writer is in the middle of a change set, or
// has stopped there, and returns a mirror of its own.
func (s *Store) settled(ctx context.Context) (m mirror, err error) {
	var end uint64
	for since := time.Now(); ; {
		ready := false
		err = s.look(ctx, func(now *mirror) {
			if now.at.seq != end {
				end, since = now.at.seq, time.Now()
			}
			if ready = len(now.pending) == 0 || time.Since(since) >= s.patience; ready {
				m = now.copy()
			}
		})
		if ready || err != nil {
			return m, err
		}
		if err := pause(ctx, glance); err != nil {
			return m, err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// commit makes one attempt behind what m knows and returns the version after
// it.
func (s *Store) commit(ctx context.Context, m *mirror, change Change) (Snapshot, error) {
	d, err := s.difference(m, change)
	if err != nil {
		return Snapshot{}, err
	}
	if len(d.writes) == 0 {
		return m.snapshot(), s.writeReceipt(ctx, m, change.Receipt)
	}
	next := *m
	next.set = m.set.With(d.puts, d.deletes)
	next.head = d.head(m, next.set, change)
	writes, err := m.repaired(d.writes, next.set)
	if err != nil {
		return Snapshot{}, err
	}
	if change.Receipt != nil {
		writes = append(writes, change.Receipt.write())
	}
	end, err := s.write(ctx, m.at.seq, writes, next.head)
	if err != nil {
		return s.doubtful(ctx, next.head, err)
	}
	next.head.Revision = end
	next.facts = m.facts.with(m.known(writes))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m != nil && s.m.at.created.Equal(m.at.created) {
		s.m.adopt(next.head, next.set, next.facts, end)
	}
	return next.snapshot(), nil
}

// writeReceipt writes a receipt of a change that changed nothing.
func (s *Store) writeReceipt(ctx context.Context, m *mirror, r *Receipt) error {
	if r == nil {
		return nil
	}
	_, err := s.b.publish(ctx, nuid.Next(), m.at.seq, []write{r.write()})
	return err
}

// difference is what a change changes.
type difference struct {
	puts    []config.Document
	deletes []config.Key
	writes  map[string]write
}

// known are the facts of the documents that a change wrote behind what m knows,
// those among them that an abandoned one had written already.
func (m *mirror) known(writes []write) map[config.Key]fact {
	known := make(map[config.Key]fact, len(writes))
	note := func(key string, f fact, deleted bool) {
		if deleted {
			f = fact{}
		}
		if id, ok := documentKey(key); ok {
			known[id] = f
		}
	}
	for key, e := range m.pending {
		note(key, e.fact, e.deleted)
	}
	for i, w := range writes {
		w.fact.revision = m.at.seq + uint64(i) + 1
		note(w.key, w.fact, w.deleted)
	}
	return known
}

func (s *Store) difference(m *mirror, change Change) (difference, error) {
	d := difference{writes: map[string]write{}}
	set, now := m.set, time.Now().UnixMilli()
	put := map[config.Key]bool{}
	for _, doc := range slices.Backward(change.Puts) {
		if put[doc.Key()] {
			continue
		}
		put[doc.Key()] = true
		value, err := s.encode(doc)
		if err != nil {
			return d, err
		}
		if !same(set, doc.Key(), value) {
			key := entryKey(doc.Key())
			f := fact{created: now, updated: now, author: change.Author}
			if was := m.facts.get(doc.Key()); was.revision != 0 {
				f.created = was.created
			}
			d.writes[key] = write{key: key, value: value, fact: f}
			d.puts = append(d.puts, doc)
		}
	}
	for _, key := range change.Deletes {
		if _, ok := set.Get(key); ok && !put[key] {
			d.writes[entryKey(key)] = write{key: entryKey(key), deleted: true}
			d.deletes = append(d.deletes, key)
		}
	}
	return d, nil
}

func (s *Store) encode(doc config.Document) ([]byte, error) {
	value, err := config.Encode(doc)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", doc.Key(), err)
	}
	if limit := s.b.js.Conn().MaxPayload(); int64(len(value)+headerRoom) > limit {
		return nil, fmt.Errorf("%s has %d bytes, NATS takes messages of %d", doc.Key(), len(value), limit)
	}
	return value, nil
}

// headerRoom is kept free for the headers of a batch.
const headerRoom = 512

func same(set *config.Set, key config.Key, value []byte) bool {
	old, ok := set.Get(key)
	if !ok {
		return false
	}
	was, err := config.Encode(old)
	return err == nil && bytes.Equal(was, value)
}

func (d difference) head(m *mirror, next *config.Set, change Change) Head {
	keys := make([]string, 0, len(d.writes))
	for key := range d.writes {
		keys = append(keys, strings.Replace(key, ".", "/", 1))
	}
	slices.Sort(keys)
	return Head{
		Version:  m.head.Version + 1,
		Previous: m.head.Version,
		ID:       nuid.Next(),
		Digest:   next.Digest(),
		Count:    next.Len(),
		Author:   change.Author,
		Comment:  change.Comment,
		Time:     time.Now().UTC(),
		Numbers:  raised(m.numbers(), d.puts),
		Changed:  len(keys),
		Keys:     keys[:min(len(keys), maxListed)],
	}
}

// repaired turns the writes against the live version into writes against the
// end of the bucket: what an abandoned change set already wrote is left out if
// it is wanted, and taken back if it is not.
func (m *mirror) repaired(wanted map[string]write, next *config.Set) ([]write, error) {
	writes := maps.Clone(wanted)
	for key, pending := range m.pending {
		w, ok := writes[key]
		if !ok {
			var err error
			if w, err = restore(key, next); err != nil {
				return nil, err
			}
			id, _ := documentKey(key)
			w.fact = m.facts.get(id)
		}
		writes[key] = w
		if w.deleted == pending.deleted && bytes.Equal(w.value, pending.value) {
			delete(writes, key)
		}
	}
	return slices.SortedFunc(maps.Values(writes), func(a, b write) int {
		return strings.Compare(a.key, b.key)
	}), nil
}

// restore is the write that gives a key the value it has in set.
func restore(key string, set *config.Set) (write, error) {
	id, _ := documentKey(key)
	doc, ok := set.Get(id)
	if !ok {
		return write{key: key, deleted: true}, nil
	}
	value, err := config.Encode(doc)
	if err != nil {
		return write{}, fmt.Errorf("encode %s: %w", id, err)
	}
	return write{key: key, value: value}, nil
}

// write publishes a change set behind the sequence end, in as many batches as
// it takes, and returns the sequence of its head.
func (s *Store) write(ctx context.Context, end uint64, writes []write, head Head) (uint64, error) {
	value, err := json.Marshal(head)
	if err != nil {
		return 0, err
	}
	writes = append(writes, write{key: logKey(head.Version), value: value}, write{key: headKey, value: value})
	for i := 0; len(writes) > 0; i++ {
		// The record and the head stay in one batch.
		n := min(len(writes), maxBatch)
		if len(writes) == n+1 {
			n--
		}
		if end, err = s.b.publish(ctx, fmt.Sprintf("%s-%d", head.ID, i), end, writes[:n]); err != nil {
			return 0, err
		}
		writes = writes[n:]
	}
	return end, nil
}

// doubtful settles what became of an attempt that ended with err: its answer
// may have been lost on the way back.
func (s *Store) doubtful(ctx context.Context, head Head, err error) (Snapshot, error) {
	if errors.Is(err, errMoved) {
		return Snapshot{}, err
	}
	// The caller's time may be what ran out.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
	defer cancel()
	e, lookErr := s.b.last(ctx, logKey(head.Version))
	if lookErr != nil {
		return Snapshot{}, err
	}
	if found, ok := decodeHead(e); !ok || found.ID != head.ID {
		return Snapshot{}, err
	}
	snap, lookErr := s.Load(ctx)
	if lookErr != nil {
		return Snapshot{Version: head.Version}, nil
	}
	return snap, nil
}
