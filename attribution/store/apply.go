package store

import (
	"bytes"
	"errors"
	"fmt"
	"maps"

	"github.com/cockroachdb/pebble/v2"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// Block is one message of the event log.
type Block struct {
	Kind     events.Kind
	Sequence uint64
	// LoggedMS is when it was logged, in unix milliseconds.
	LoggedMS int64
	// Data are its lines. Apply keeps nothing of it.
	Data []byte
}

// Apply stores what blocks hold and how far they go, all of it or nothing: when
// it returns nil they are on disk. Blocks come in the order of the log; those
// that were applied before are skipped. A line that cannot be read is counted,
// logged and left out, so that it stops nothing.
func (s *Store) Apply(blocks []Block) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return errClosed
	}
	w := writer{store: s, batch: s.db.NewBatch(), blocks: s.blocks.NewBatch(), position: *s.position.Load(), lasts: maps.Clone(s.lasts)}
	defer w.batch.Close()
	defer w.blocks.Close()
	for i := range blocks {
		if blocks[i].Sequence <= w.position.Sequence {
			w.counts.skipped++
			continue
		}
		if err := w.block(&blocks[i]); err != nil {
			return s.check("fill click store", err)
		}
	}
	if w.position == *s.position.Load() {
		s.counts.add(&w.counts)
		return nil
	}
	err := w.commit()
	if err != nil {
		return s.check("fill click store", err)
	}
	s.counts.add(&w.counts)
	s.lasts = w.lasts
	s.position.Store(&w.position)
	s.CaughtUp(w.position.LoggedMS)
	return nil
}

// commit writes the blocks and then how far they go: what is lost in between is
// applied again, and stored where it was.
func (w *writer) commit() error {
	if err := w.batch.Set(positionKey, w.position.encode(), nil); err != nil {
		return err
	}
	if !w.blocks.Empty() {
		if err := w.blocks.Commit(pebble.Sync); err != nil {
			return err
		}
	}
	return w.batch.Commit(pebble.Sync)
}

// writer gathers what goes to disk together.
type writer struct {
	store    *Store
	batch    *pebble.Batch
	blocks   *pebble.Batch
	position Position
	counts   tally
	// fresh are the keys written by this batch that are read again; nil for one
	// that it deleted.
	fresh map[string][]byte
	// versions are the conversions that this batch stores.
	versions map[id]version
	// lasts are the last ids of the blocks of lanes.
	lasts map[lane]id
	buf   []byte
}

func (w *writer) block(b *Block) error {
	if b.Kind == events.Click || b.Kind == events.Impression {
		if err := w.clicks(b); err != nil {
			return err
		}
		return w.end(b)
	}
	for line := range bytes.Lines(b.Data) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		if len(line) == 0 {
			continue
		}
		if err := w.line(b, line); err != nil {
			return err
		}
	}
	return w.end(b)
}

// end notes that a block is done.
func (w *writer) end(b *Block) error {
	w.position.Sequence = b.Sequence
	w.position.LoggedMS = b.LoggedMS
	w.counts.blocks++
	return nil
}

// line stores one line. An error is of the disk.
func (w *writer) line(b *Block, line []byte) error {
	if b.Kind != events.Conversion && b.Kind != events.Event {
		return nil // of no interest here
	}
	l, err := parseConversion(line)
	if err != nil {
		w.refuse(b, err)
		return nil
	}
	return w.conversion(b.Kind, &l, line)
}

func (w *writer) refuse(b *Block, err error) {
	w.counts.bad++
	s := w.store
	if dropped, ok := s.badLines.pass(s.opt.Now()); ok {
		s.opt.Logger.Warn("a line of the event log cannot be read and is left out", zap.Stringer("kind", b.Kind),
			zap.Uint64("sequence", b.Sequence), zap.Uint64("more_since_last_message", dropped), zap.Error(err))
	}
}

// index makes a click findable by what else is known of it.
func (w *writer) index(l *clickLine) error {
	for _, e := range l.evidence() {
		if e.empty() {
			continue
		}
		if err := w.batch.Set(matchKey(dayOf(l.id.timeMS()), e.hash(l.integrationID), l.id), nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// conversion stores the latest version of a conversion, that it holds its dedupe
// keys, and when it is to be released.
func (w *writer) conversion(kind events.Kind, l *conversionLine, line []byte) error {
	w.counts.rows[kind]++
	taken, err := w.replace(l, appendPrior(nil, kind, l, line))
	if err != nil || !taken {
		return err
	}
	err = w.due(l)
	for _, key := range l.Keys {
		err = errors.Join(err, w.hold(key, l.own))
	}
	return err
}

// hold notes the conversion of a key. The newest holds it, in whatever order
// versions of conversions come.
func (w *writer) hold(key string, own id) error {
	k := dedupeKey(periodOf(own.timeMS()), key)
	holder, found, err := w.get(k)
	if err != nil || found && bytes.Compare(holder, own[:]) >= 0 {
		return err
	}
	return w.set(k, own[:])
}

// get reads a key, also where this batch wrote it. All values that are read
// are ids.
func (w *writer) get(key []byte) (value []byte, found bool, err error) {
	if value, found = w.fresh[string(key)]; found {
		return value, value != nil, nil
	}
	stored, closer, err := w.store.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer closer.Close()
	if len(stored) != len(id{}) {
		return nil, false, fmt.Errorf("%w: the value of key %x is no id", ErrDamaged, key)
	}
	return bytes.Clone(stored), true, nil
}

func (w *writer) set(key, value []byte) error {
	if w.fresh == nil {
		w.fresh = map[string][]byte{}
	}
	w.fresh[string(key)] = bytes.Clone(value)
	return w.batch.Set(key, value, nil)
}

// remove deletes a key that get reads. It was read or set before.
func (w *writer) remove(key []byte) error {
	if w.fresh == nil {
		w.fresh = map[string][]byte{}
	}
	w.fresh[string(key)] = nil
	return w.batch.Delete(key, nil)
}

var errClosed = fmt.Errorf("the click store is closed: %w", attribution.ErrUnavailable)
