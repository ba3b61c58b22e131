package queue

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"

	"github.com/clickgate/clickgate/internal/pebblelog"
)

// load counts what the store holds. Only keys are read.
func (q *Queue) load() error {
	q.ready.fair = true
	if err := q.loadPosition(); err != nil {
		return err
	}
	if err := q.loadJobs(); err != nil {
		return err
	}
	return q.each([]byte{deadPrefix}, func([]byte) error { q.stats.Dead++; return nil })
}

func (q *Queue) loadPosition() error {
	data, closer, err := q.db.Get(positionKey)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer closer.Close()
	if len(data) != 8 {
		return fmt.Errorf("%w: the place in the log has %d bytes", errDamaged, len(data))
	}
	q.position = binary.BigEndian.Uint64(data)
	return nil
}

func (q *Queue) loadJobs() error {
	err := q.each([]byte{jobPrefix}, func(key []byte) error {
		host, due, ok := splitJob(key)
		if !ok {
			return fmt.Errorf("%w: call at %q", errDamaged, key)
		}
		l := q.lane(host)
		l.jobs++
		q.stats.Jobs++
		if due < l.next {
			l.join(bytes.Clone(key), due)
		}
		return nil
	})
	now := q.opt.Now().UnixMilli()
	for _, l := range q.lanes {
		q.place(l, now)
	}
	return err
}

// each calls visit for the keys with a prefix.
func (q *Queue) each(prefix []byte, visit func(key []byte) error) error {
	it, err := q.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return err
	}
	defer it.Close()
	for it.First(); it.Valid(); it.Next() {
		if err := visit(it.Key()); err != nil {
			return err
		}
	}
	return it.Error()
}

func pebbleOptions(opt Options) *pebble.Options {
	o := &pebble.Options{
		FS:                 opt.FS,
		CacheSize:          opt.Settings.CacheBytes,
		FormatMajorVersion: pebble.FormatNewest,
		MemTableSize:       8 << 20,
		MaxOpenFiles:       512,
		Logger:             pebblelog.New(opt.Logger),
	}
	for i := range o.Levels {
		// Most keys that are looked up were never seen.
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	return o
}
