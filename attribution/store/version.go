package store

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// newer tells whether the store has a later version of a conversion than l. Where
// the log is read once more, what has become of a conversion since must not be
// forgotten until its changes come again: who asked meanwhile would change a
// state that is long gone, and the claims that keep him from it do not last as
// long as the log.
func (w *writer) newer(click id, l *conversionLine) (bool, error) {
	changed, known := w.changed[l.own]
	if !known {
		value, closer, err := w.store.db.Get(conversionKey(click, l.own))
		if errors.Is(err, pebble.ErrNotFound) {
			return false, nil // it has expired by its click
		}
		if err != nil {
			return false, err
		}
		defer closer.Close()
		prior, err := loadPrior(l.own, value, true)
		if err != nil {
			return false, fmt.Errorf("%w: conversion %s: %w", ErrDamaged, l.own, err)
		}
		stored, err := parseConversion(prior.Row)
		if err != nil {
			return false, fmt.Errorf("%w: conversion %s: %w", ErrDamaged, l.own, err)
		}
		changed = stored.changedMS
	}
	return changed > l.changedMS, nil
}

// note remembers the version that this batch stores.
func (w *writer) note(l *conversionLine) {
	if w.changed == nil {
		w.changed = map[id]int64{}
	}
	w.changed[l.own] = l.changedMS
}
