package service

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/events/jetstream/follow"
	"github.com/clickgate/clickgate/internal/pebblelog"
)

// What the folder holds, by the first byte of its keys.
const (
	inFold     = 'f' // and a key of caps.Fold
	inVersions = 'v' // and a txID -> its last version
	inPast     = 'w' // the same, of conversions that are being read up
	inRuns     = 'i' // and the name of an incarnation -> when it was seen first
	inPosition = 'p' // -> the place in the log
)

var (
	errDamaged = errors.New("the sums of the caps are damaged")
	errRun     = errors.New("when an incarnation was seen is in no form that is known")
	errClosed  = errors.New("the sums of the caps are closed")
)

// damaged tells an error of the files themselves from one of the disk, the
// rights or another process, which making them anew does not mend.
func damaged(err error) bool {
	return errors.Is(err, errDamaged) || err != nil && (pebble.IsCorruptionError(err) || errors.Is(err, os.ErrNotExist))
}

// memory is what a Counter knows: what is on disk, and what is to be.
type memory struct {
	fold     *caps.Fold
	position follow.Position
	saved    follow.Position
	versions versions
	runs     runs
}

// open opens the folder, and makes it anew where it cannot be read.
func (c *Counter) open() error {
	err := c.load()
	if damaged(err) {
		if err := c.moveAside(err); err != nil {
			return err
		}
		err = c.load()
	}
	if err != nil {
		return fmt.Errorf("open sums of caps %s: %w", c.opt.Dir, err)
	}
	return nil
}

func (c *Counter) load() error {
	db, err := pebble.Open(c.opt.Dir, &pebble.Options{
		FS: c.opt.FS, CacheSize: 8 << 20, MemTableSize: 8 << 20, FormatMajorVersion: pebble.FormatNewest,
		Logger: pebblelog.New(c.opt.Logger),
	})
	if err != nil {
		return err
	}
	m, err := c.loadMemory(db)
	if err != nil {
		return errors.Join(fmt.Errorf("%w: %w", errDamaged, err), db.Close())
	}
	c.db, c.memory = db, m
	return nil
}

func (c *Counter) loadMemory(db *pebble.DB) (m memory, err error) {
	m = memory{fold: caps.NewFold(c.opt.Caps), versions: newVersions(), runs: newRuns()}
	for place, each := range map[byte]func(key, value []byte) error{
		inFold:     m.fold.Load,
		inRuns:     func(key, value []byte) error { return m.runs.load(string(key), value) },
		inPosition: func(_, value []byte) (err error) { m.position, err = readPosition(value); return err },
	} {
		if err := eachIn(db, place, each); err != nil {
			return m, err
		}
	}
	if m.fold.Position() != m.position.Sequence {
		return m, fmt.Errorf("sums up to entry %d of the log, conversions up to %d", m.fold.Position(), m.position.Sequence)
	}
	m.saved = m.position
	return m, nil
}

// eachIn hands out a place of the folder, keys without their first byte.
func eachIn(db *pebble.DB, place byte, each func(key, value []byte) error) error {
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{place}, UpperBound: []byte{place + 1}})
	if err != nil {
		return err
	}
	for ok := it.First(); ok; ok = it.Next() {
		if err := each(it.Key()[1:], it.Value()); err != nil {
			return errors.Join(err, it.Close())
		}
	}
	return it.Close()
}

// save writes what has changed, all of it or nothing; what could not be written
// is written the next time.
func (c *Counter) save() error {
	b := c.db.NewBatch()
	defer b.Close()
	m := &c.memory
	put := func(place byte) func(key, value []byte) error {
		return func(key, value []byte) error { return b.Set(append([]byte{place}, key...), value, nil) }
	}
	err := errors.Join(
		m.fold.Save(put(inFold), func(key []byte) error { return b.Delete(append([]byte{inFold}, key...), nil) }),
		m.versions.write(b),
		m.runs.save(func(key, value []byte) error {
			if value == nil {
				return b.Delete(key, nil)
			}
			return b.Set(key, value, nil)
		}),
	)
	if err == nil && m.position != m.saved {
		err = b.Set([]byte{inPosition}, appendPosition(nil, m.position), nil)
	}
	if err == nil && !b.Empty() {
		err = b.Commit(pebble.Sync)
	}
	if err != nil {
		return fmt.Errorf("write sums of caps: %w", err)
	}
	m.fold.Saved()
	clear(m.versions.unsaved)
	clear(m.runs.unsaved)
	m.saved = m.position
	return nil
}

const positionFormat = 1

func appendPosition(b []byte, p follow.Position) []byte {
	b = binary.AppendUvarint(append(b, positionFormat), p.Sequence)
	b = binary.AppendVarint(binary.AppendVarint(b, p.LoggedMS), p.SinceMS)
	return append(b, p.Log...)
}

func readPosition(b []byte) (p follow.Position, err error) {
	r := bytes.NewReader(b)
	format, err := r.ReadByte()
	if err != nil || format != positionFormat {
		return p, errors.New("the place in the log is in no form that is known")
	}
	if p.Sequence, err = binary.ReadUvarint(r); err != nil {
		return p, err
	}
	if p.LoggedMS, err = binary.ReadVarint(r); err != nil {
		return p, err
	}
	if p.SinceMS, err = binary.ReadVarint(r); err != nil {
		return p, err
	}
	p.Log = string(b[len(b)-r.Len():])
	return p, nil
}

// moveAside makes room for a new folder, and keeps the old one for whoever wants
// to look into it.
func (c *Counter) moveAside(cause error) error {
	aside := c.opt.Dir + ".damaged-" + c.opt.Now().UTC().Format("20060102T150405.000")
	if err := os.Rename(c.opt.Dir, aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("move damaged sums of caps aside: %w", err)
	}
	c.opt.Logger.Error("the sums of the caps are damaged: they were moved aside and are made anew from the event log; what has left the log is missing",
		zap.String("moved_to", aside), zap.Error(cause))
	return nil
}

// expire removes versions of conversions that are too old to be changed.
func (c *Counter) expire(now time.Time) error {
	return c.db.DeleteRange([]byte{inVersions}, firstOf(inVersions, now.Add(-keepVersions)), pebble.NoSync)
}
