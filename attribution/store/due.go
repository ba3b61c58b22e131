package store

import (
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/internal/click"
)

// until is when a conversion on hold is released, as an id of that time; ok is
// false where it is not on hold.
func (l *conversionLine) until() (d id, ok bool) {
	if status, err := click.ParseStatus(l.Status); err != nil || status != click.Hold {
		return d, false
	}
	at, err := time.Parse(time.RFC3339Nano, l.HoldUntil)
	if err != nil {
		return d, false
	}
	return idAt(at.UnixMilli()), true
}

// due notes when a conversion is to be released, and forgets it when that has
// changed, or it is on hold no more.
func (w *writer) due(l *conversionLine) error {
	key := holdKey(l.own)
	before, held, err := w.get(key)
	if err != nil {
		return err
	}
	until, holds := l.until()
	if held && (!holds || id(before) != until) {
		err = errors.Join(w.remove(key), w.batch.Delete(dueKey(id(before), l.own), nil))
	}
	if holds {
		err = errors.Join(err, w.set(key, until[:]), w.batch.Set(dueKey(until, l.own), nil, nil))
	}
	return err
}

// DueHolds returns the conversions on hold that are due by a moment, in unix
// milliseconds: those that have been the longest, at most limit, without their
// rows.
func (s *Store) DueHolds(nowMS int64, limit int) ([]attribution.Prior, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return nil, errClosed
	}
	l := lookup{store: s, db: s.db}
	list, err := l.dueHolds(nowMS, limit)
	return list, s.check("look for conversions to release", err)
}

func (l *lookup) dueHolds(nowMS int64, limit int) (list []attribution.Prior, err error) {
	low, high := dueKey(id{}, id{}), dueKey(idAt(nowMS+1), id{})
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: low, UpperBound: high})
	if err != nil {
		return nil, err
	}
	defer it.Close()
	for ok := it.First(); ok && len(list) < limit; ok = it.Next() {
		if len(it.Key()) != len(low) {
			return nil, fmt.Errorf("%w: key %x", ErrDamaged, it.Key())
		}
		_, prior, err := l.prior(id(it.Key()[9:]), false)
		if err != nil {
			return nil, err
		}
		if prior != nil { // else it has expired with its click
			list = append(list, *prior)
		}
	}
	return list, it.Error()
}
