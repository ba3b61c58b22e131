package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/attribution"
)

// brief adds what settles whether another conversion of a click is one: see
// attribution.Query.Brief. The holders are known by now.
func (l *lookup) brief(click id) error {
	wanted := map[id]bool{} // whether with its row
	if err := l.latest(click, func(own id) { wanted[own] = false }); err != nil {
		return err
	}
	if err := l.first(click, func(own id) { wanted[own] = true }); err != nil {
		return err
	}
	for _, holder := range l.answer.Holders {
		own, err := parseID(holder)
		if err != nil {
			return err
		}
		wanted[own] = true
	}
	return l.gather(click, wanted)
}

// gather adds the conversions of a click that are wanted, oldest first, the
// newest where they are more than an answer holds. A holder of another click is
// none of them.
func (l *lookup) gather(click id, wanted map[id]bool) error {
	order := slices.SortedFunc(maps.Keys(wanted), func(a, b id) int { return bytes.Compare(b[:], a[:]) })
	room := maxRowBytes
	for _, own := range order {
		prior, err := l.priorOf(click, own, wanted[own])
		if err != nil {
			return err
		}
		if prior == nil {
			continue
		}
		if len(l.answer.Conversions) == maxPriors {
			l.answer.Omitted++
			continue
		}
		if room -= len(prior.Row); room < 0 {
			prior.Row = nil
		}
		l.answer.Conversions = append(l.answer.Conversions, *prior)
	}
	slices.Reverse(l.answer.Conversions)
	return nil
}

// first calls each for those of each event that were recorded first.
func (l *lookup) first(click id, each func(own id)) error {
	return l.ofEvents(firstPrefix, click, forward, each)
}

// latest calls each for those of each event whose time is the latest.
func (l *lookup) latest(click id, each func(own id)) error {
	return l.ofEvents(latestPrefix, click, backward, each)
}

// direction is a way through an index.
type direction struct {
	begin, next func(*pebble.Iterator) bool
	// skip goes beyond the keys of an event.
	skip func(it *pebble.Iterator, event []byte) bool
}

var (
	forward = direction{(*pebble.Iterator).First, (*pebble.Iterator).Next,
		func(it *pebble.Iterator, event []byte) bool { return it.SeekGE(behind(event)) }}
	backward = direction{(*pebble.Iterator).Last, (*pebble.Iterator).Prev,
		func(it *pebble.Iterator, event []byte) bool { return it.SeekLT(event) }}
)

// ofEvents calls each for the conversions of each event that come first in an
// index, as many as a brief answer has.
func (l *lookup) ofEvents(prefix byte, click id, way direction, each func(own id)) error {
	it, err := l.index(prefix, click)
	if err != nil {
		return err
	}
	defer it.Close()
	for ok := way.begin(it); ok; {
		event, err := eventOf(it.Key())
		if err != nil {
			return err
		}
		event = bytes.Clone(event)
		for n := 0; ok && n < attribution.BriefEach && bytes.HasPrefix(it.Key(), event); n++ {
			each(ownOf(it.Key()))
			ok = way.next(it)
		}
		if ok && bytes.HasPrefix(it.Key(), event) {
			ok = way.skip(it, event)
		}
	}
	return it.Error()
}

// index goes through the keys of a click in an index.
func (l *lookup) index(prefix byte, click id) (*pebble.Iterator, error) {
	low := append([]byte{prefix}, click[:]...)
	return l.db.NewIter(&pebble.IterOptions{LowerBound: low, UpperBound: behind(low)})
}

// eventOf is how a key of an index begins, up to the end of its event. It
// shares the memory of the key.
func eventOf(key []byte) ([]byte, error) {
	const at = 1 + len(id{})
	if len(key) > at {
		n, size := binary.Uvarint(key[at:])
		end := uint64(at + size)
		if size > 0 && n <= uint64(len(key)) && end+n+uint64(len(id{})) <= uint64(len(key)) {
			return key[:end+n], nil
		}
	}
	return nil, fmt.Errorf("%w: key %x", ErrDamaged, key)
}

// ownOf is the id at the end of a key of an index.
func ownOf(key []byte) id { return id(key[len(key)-len(id{}):]) }
