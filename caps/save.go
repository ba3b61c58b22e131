package caps

import (
	"encoding/binary"
	"fmt"
)

// What Save writes: a sort, then
//
//	'c' owner sum        -> version, meter, end, sub id, total, peak, parts
//	'm' meter            -> version, since
//	'p'                  -> version, position
//
// Keys are big endian, so a counter's record stands beside its owner's others.
const (
	recordCounter  = 'c'
	recordMeter    = 'm'
	recordPosition = 'p'

	recordVersion = 1
)

// Save hands out what has changed since the last Saved, for one atomic batch
// with all else that the rows brought: put for a record, remove for one that is
// gone. The slices are put's until it returns. Call Saved when the batch is
// written; when it cannot be, Save again later hands out the same and more. An
// error is put's or remove's.
func (f *Fold) Save(put func(key, value []byte) error, remove func(key []byte) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.saving.take(&f.unsaved)
	var key, value []byte
	for k := range f.saving.tallies {
		key = appendCounterKey(key[:0], k)
		value = f.tallies[k].appendTo(value[:0])
		if err := write(key, value, put, remove); err != nil {
			return err
		}
	}
	for id := range f.saving.meters {
		key = binary.BigEndian.AppendUint64(append(key[:0], recordMeter), id)
		value = f.meters[id].appendTo(value[:0])
		if err := write(key, value, put, remove); err != nil {
			return err
		}
	}
	if !f.saving.progress {
		return nil
	}
	value = binary.AppendUvarint(append(value[:0], recordVersion), f.position)
	return put([]byte{recordPosition}, value)
}

// write puts a record, or removes one that is empty.
func write(key, value []byte, put func(key, value []byte) error, remove func(key []byte) error) error {
	if len(value) == 0 {
		return remove(key)
	}
	return put(key, value)
}

// Saved tells that the batch of the last Save is written: the edges may hear of
// it.
func (f *Fold) Saved() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range f.saving.tallies {
		f.unsent[k] = struct{}{}
	}
	f.saving = newChanges()
}

// take adds the changes of from and leaves it empty.
func (c *changes) take(from *changes) {
	for k := range from.tallies {
		c.tallies[k] = struct{}{}
	}
	for id := range from.meters {
		c.meters[id] = struct{}{}
	}
	c.progress = c.progress || from.progress
	*from = newChanges()
}

func appendCounterKey(b []byte, k Key) []byte {
	b = binary.BigEndian.AppendUint64(append(b, recordCounter), k.Owner)
	return binary.BigEndian.AppendUint64(b, k.Sum)
}

// appendTo appends nothing for nil.
func (t *tally) appendTo(b []byte) []byte {
	if t == nil {
		return b
	}
	b = binary.BigEndian.AppendUint64(append(b, recordVersion), t.meter)
	b = appendFlag(binary.AppendVarint(b, t.endMS), t.subID)
	b = binary.AppendVarint(binary.AppendVarint(b, t.total), t.peak)
	return appendParts(b, t.parts)
}

// appendTo appends nothing for nil and for a meter that is not complete: after a
// restart it has to begin anew.
func (m *meter) appendTo(b []byte) []byte {
	if m == nil || !m.complete {
		return b
	}
	return binary.AppendUvarint(append(b, recordVersion), m.since)
}

// Load takes back a record that Save handed out, before SetRules and the first
// Apply. An error names a record that cannot be read: the sums are then to be
// made anew, by a new Fold and the log from its beginning.
func (f *Fold) Load(key, value []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := reader{b: value}
	if version := r.byte(); r.err == nil && version != recordVersion {
		return fmt.Errorf("record %x of the caps has version %d, must be %d", key, version, recordVersion)
	}
	switch {
	case len(key) == 17 && key[0] == recordCounter:
		f.loadTally(Key{binary.BigEndian.Uint64(key[1:]), binary.BigEndian.Uint64(key[9:])}, &r)
	case len(key) == 9 && key[0] == recordMeter:
		f.meters[binary.BigEndian.Uint64(key[1:])] = &meter{since: r.uvarint(), complete: true}
	case len(key) == 1 && key[0] == recordPosition:
		f.position = r.uvarint()
	default:
		return fmt.Errorf("record %x is none of the caps", key)
	}
	if err := r.end(); err != nil {
		return fmt.Errorf("record %x of the caps: %w", key, err)
	}
	return nil
}

func (f *Fold) loadTally(k Key, r *reader) {
	t := &tally{meter: r.uint64(), endMS: r.varint(), subID: r.flag(), total: r.varint(), peak: r.varint(), parts: r.parts()}
	f.tallies[k] = t
	if t.subID {
		f.subIDs[k.Owner]++
	}
}
