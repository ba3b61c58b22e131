package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// Bounds of an answer. Together with the limits of rows they keep it below the
// 1 MiB that a message may have, encoded.
const (
	maxPriors   = 1000
	maxRowBytes = 256 << 10 // of the rows of conversions
)

// Find implements attribution.Finder. An answer is as of one moment.
func (s *Store) Find(ctx context.Context, q attribution.Query) (attribution.Answer, error) {
	start := time.Now()
	answer, err := s.find(ctx, &q)
	s.counts.asked(time.Since(start), &answer, err)
	return answer, err
}

func (s *Store) find(ctx context.Context, q *attribution.Query) (attribution.Answer, error) {
	if err := ctx.Err(); err != nil {
		return attribution.Answer{}, fmt.Errorf("%w: %w", attribution.ErrUnavailable, err)
	}
	if err := q.Validate(); err != nil {
		return attribution.Answer{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return attribution.Answer{}, errClosed
	}
	l := lookup{store: s, db: s.db, now: s.opt.Now().UnixMilli()}
	// Before the look-up: what is applied meanwhile may be missed by it.
	l.answer.AppliedMS, l.answer.SinceMS = s.AppliedMS(), s.position.Load().SinceMS
	err := l.holders(q.Keys)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = l.click(q)
	}
	if err != nil {
		return attribution.Answer{}, s.check("look up click", err)
	}
	return l.answer, nil
}

// lookup is one question on its way.
type lookup struct {
	store  *Store
	db     *pebble.DB
	now    int64
	answer attribution.Answer
	id     id // of the click
}

// click finds the click that the question names, and its conversions.
func (l *lookup) click(q *attribution.Query) error {
	switch {
	case q.ClickID != "":
		d, err := parseID(q.ClickID)
		if err != nil {
			return err
		}
		l.answer.MatchedBy = attribution.ByClickID
		if err := l.clickOrImpression(d); err != nil {
			return err
		}
		return l.conversions(d, q)
	case q.ConversionID != "":
		own, err := parseID(q.ConversionID)
		if err != nil {
			return err
		}
		return l.byConversion(own)
	case q.Match != nil:
		if err := l.match(q.Match); err != nil || l.answer.Row == nil {
			return err
		}
		return l.conversions(l.id, q)
	}
	return nil
}

// conversions adds those of a click that the question asks for.
func (l *lookup) conversions(click id, q *attribution.Query) error {
	if q.Brief {
		return l.brief(click)
	}
	return l.priors(click)
}

// byConversion finds one conversion and its click.
func (l *lookup) byConversion(own id) error {
	click, prior, err := l.prior(own, true)
	if err != nil || prior == nil {
		return err
	}
	l.answer.Conversions = []attribution.Prior{*prior}
	if click == (id{}) {
		return nil
	}
	l.answer.MatchedBy = attribution.ByConversion
	return l.clickOrImpression(click)
}

// prior returns a conversion and the id of its click; nil where there is none.
func (l *lookup) prior(own id, withRow bool) (click id, prior *attribution.Prior, err error) {
	owner, err := l.owner(own)
	if err != nil || owner == nil {
		return click, nil, err
	}
	prior, err = l.priorOf(*owner, own, withRow)
	return *owner, prior, err
}

// owner returns the id of a conversion's click, nil where the conversion is not
// known.
func (l *lookup) owner(own id) (*id, error) {
	value, err := l.get(ownerKey(own))
	if err != nil || value == nil {
		return nil, err
	}
	if len(value) != len(id{}) {
		return nil, fmt.Errorf("%w: conversion %s has no click id", ErrDamaged, own)
	}
	return (*id)(value), nil
}

// priorOf returns a conversion of a click, nil where it has none of that id.
func (l *lookup) priorOf(click, own id, withRow bool) (*attribution.Prior, error) {
	value, err := l.get(conversionKey(click, own))
	if err != nil || value == nil {
		return nil, err
	}
	p, err := loadPrior(own, value, withRow)
	if err != nil {
		return nil, fmt.Errorf("%w: conversion %s: %w", ErrDamaged, own, err)
	}
	return &p, nil
}

func (l *lookup) clickOrImpression(d id) error {
	for _, kind := range [...]events.Kind{events.Click, events.Impression} {
		row, err := l.row(kind, d)
		if err != nil {
			return err
		}
		if row == nil {
			continue
		}
		// Prefetches, previews and link checkers never convert.
		if c, err := parseClick(row); err != nil || !c.visit() {
			break
		}
		l.found(kind, d, row)
		return nil
	}
	l.answer.MatchedBy = ""
	return nil
}

func (l *lookup) found(kind events.Kind, d id, row []byte) {
	l.id, l.answer.Kind, l.answer.Row = d, kind, row
}

// row returns the line of a click or impression, nil where there is none.
func (l *lookup) row(kind events.Kind, d id) ([]byte, error) {
	value, closer, err := l.db.Get(rowKey(kind, d))
	if errors.Is(err, pebble.ErrNotFound) {
		return l.inBlock(kind, d)
	}
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	row, err := loadRow(d, value)
	if err != nil {
		return nil, fmt.Errorf("%w: %s %s: %w", ErrDamaged, kind, d, err)
	}
	return row, nil
}

// priors lists the conversions of a click: the newest that an answer holds,
// oldest first.
func (l *lookup) priors(click id) error {
	low := append([]byte{conversionPrefix}, click[:]...)
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: low, UpperBound: conversionKey(click, lastID)})
	if err != nil {
		return err
	}
	defer it.Close()
	room := maxRowBytes
	for ok := it.Last(); ok; ok = it.Prev() {
		if len(l.answer.Conversions) == maxPriors {
			l.answer.Omitted++
			continue
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return err
		}
		room -= len(value)
		prior, err := loadPrior(id(it.Key()[len(low):]), value, room >= 0)
		if err != nil {
			return fmt.Errorf("%w: conversion of click %s: %w", ErrDamaged, click, err)
		}
		l.answer.Conversions = append(l.answer.Conversions, prior)
	}
	slices.Reverse(l.answer.Conversions)
	return it.Error()
}

// holders finds out which keys are taken, and by whom.
func (l *lookup) holders(keys []string) error {
	newest := periodOf(l.now) + 1 // clocks differ
	oldest := periodOf(l.now - days(l.store.opt.Settings.ClickDays).Milliseconds())
	for _, key := range keys {
		for period := newest; ; period-- {
			holder, err := l.get(dedupeKey(period, key))
			if err != nil {
				return err
			}
			if len(holder) == len(id{}) {
				if l.answer.Holders == nil {
					l.answer.Holders = map[string]string{}
				}
				l.answer.Holders[key] = id(holder).String()
				break
			}
			if period == oldest {
				break
			}
		}
	}
	return nil
}

// get returns the value of a key in memory of its own, nil where there is none.
func (l *lookup) get(key []byte) ([]byte, error) {
	value, closer, err := l.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	return append([]byte{}, value...), nil
}
