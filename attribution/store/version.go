package store

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// before returns what is stored of a conversion, also by this batch; nil where
// nothing is, or it has expired with its click.
func (w *writer) before(own id) (*version, error) {
	if v, known := w.versions[own]; known {
		return &v, nil
	}
	l := lookup{store: w.store, db: w.store.db}
	owner, err := l.owner(own)
	if err != nil || owner == nil {
		return nil, err
	}
	value, closer, err := w.store.db.Get(conversionKey(*owner, own))
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	return storedVersion(*owner, own, value)
}

// storedVersion reads a version in its stored form.
func storedVersion(click, own id, value []byte) (*version, error) {
	prior, err := loadPrior(own, value, true)
	if err != nil {
		return nil, fmt.Errorf("%w: conversion %s: %w", ErrDamaged, own, err)
	}
	l, err := parseConversion(prior.Row)
	if err != nil {
		return nil, fmt.Errorf("%w: conversion %s: %w", ErrDamaged, own, err)
	}
	return &version{click: click, event: prior.EventID, status: prior.Status, timeMS: prior.TimeMS, changedMS: l.changedMS}, nil
}

// replace stores a version of a conversion and returns false, with nothing stored,
// where the store has a later one. Where the log is read once more, what has
// become of a conversion since must not be forgotten until its changes come
// again: who asked meanwhile would change a state that is long gone, and the
// claims that keep him from it do not last as long as the log.
func (w *writer) replace(l *conversionLine, value []byte) (bool, error) {
	before, err := w.before(l.own)
	if err != nil || before != nil && before.changedMS > l.changedMS {
		return false, err
	}
	if before != nil && before.click != l.click { // it has found its click since
		err = w.batch.Delete(conversionKey(before.click, l.own), nil)
	}
	now := l.version()
	err = errors.Join(err,
		w.batch.Set(ownerKey(l.own), l.click[:], nil),
		w.batch.Set(conversionKey(l.click, l.own), value, nil),
		putEarned(w.batch, l.own, before, &now),
	)
	if w.versions == nil {
		w.versions = map[id]version{}
	}
	w.versions[l.own] = now
	return true, err
}
