package store

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
	"go.uber.org/zap"
)

// upgrade brings a store of an earlier form into this one. To make it anew from
// the log would be simpler, but the log does not go back as far. Where it ends
// half-way it begins once more, and does no harm.
func (s *Store) upgrade(db *pebble.DB) error {
	stored, closer, err := db.Get(positionKey)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read position: %w", err)
	}
	position := bytes.Clone(stored)
	if err := closer.Close(); err != nil {
		return err
	}
	if len(position) < shortestPosition || position[0] != withoutIndexes {
		return nil
	}
	s.opt.Logger.Info("the conversions of the click store are indexed, once", zap.String("folder", s.opt.Dir))
	if err := indexAll(db); err != nil {
		return fmt.Errorf("index conversions: %w", err)
	}
	position[0] = positionVersion
	return db.Set(positionKey, position, pebble.Sync)
}

// indexAll puts every conversion that has a click into the indexes.
func indexAll(db *pebble.DB) error {
	first := idAt(1) // conversions without a click have the id zero
	low := append([]byte{conversionPrefix}, first[:]...)
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: low, UpperBound: []byte{conversionPrefix + 1}})
	if err != nil {
		return err
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		if err := indexStored(db, it); err != nil {
			return err
		}
	}
	return it.Error()
}

// indexStored puts the conversion that an iterator is at into the indexes.
func indexStored(db *pebble.DB, it *pebble.Iterator) error {
	const size = len(id{})
	if len(it.Key()) != 1+2*size {
		return fmt.Errorf("%w: key %x", ErrDamaged, it.Key())
	}
	click, own := id(it.Key()[1:]), id(it.Key()[1+size:])
	value, err := it.ValueAndErr()
	if err != nil {
		return err
	}
	prior, err := loadPrior(own, value, false)
	if err != nil {
		return fmt.Errorf("%w: conversion %s: %w", ErrDamaged, own, err)
	}
	return putEarned(db, own, nil, &version{click: click, event: prior.EventID, status: prior.Status, timeMS: prior.TimeMS})
}
