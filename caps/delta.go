package caps

import (
	"encoding/binary"
	"fmt"
	"iter"
)

// countersPerDelta keeps a Delta well below what a NATS message may hold, with
// thirty edges counting on every counter.
const countersPerDelta = 1000

// Deltas yields what the edges have not been told yet of what is saved: in
// several parts where there is much, and an empty one where there is nothing,
// which tells them appliedMS. logMS is when the log was made; both are unix
// milliseconds. Send them to everybody once a second.
func (f *Fold) Deltas(logMS, appliedMS int64) iter.Seq[*Delta] {
	f.mu.Lock()
	keys := make([]Key, 0, len(f.unsent))
	for k := range f.unsent {
		keys = append(keys, k)
	}
	f.unsent = map[Key]struct{}{}
	f.mu.Unlock()
	return f.deltas(keys, logMS, appliedMS)
}

// Export is as Deltas, with all counters: for an edge that has just started,
// and for everybody now and then, in case a Delta was lost.
func (f *Fold) Export(logMS, appliedMS int64) iter.Seq[*Delta] {
	f.mu.Lock()
	keys := make([]Key, 0, len(f.tallies))
	for k := range f.tallies {
		keys = append(keys, k)
	}
	f.mu.Unlock()
	return f.deltas(keys, logMS, appliedMS)
}

// deltas yields counters as they are when it comes to them. Only the last
// Delta tells appliedMS: before it, some counters may be missing.
func (f *Fold) deltas(keys []Key, logMS, appliedMS int64) iter.Seq[*Delta] {
	return func(yield func(*Delta) bool) {
		for {
			n := min(len(keys), countersPerDelta)
			d := f.delta(keys[:n])
			d.LogMS = logMS
			if keys = keys[n:]; len(keys) == 0 {
				d.AppliedMS = appliedMS
			}
			if !yield(d) || len(keys) == 0 {
				return
			}
		}
	}
}

func (f *Fold) delta(keys []Key) *Delta {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := &Delta{Position: f.position, Counters: make([]Counter, 0, len(keys))}
	for _, k := range keys {
		t := f.tallies[k]
		if t == nil || !f.isComplete(t.meter) {
			continue
		}
		d.Counters = append(d.Counters, Counter{
			Key: k, EndMS: t.endMS, SubID: t.subID, Since: f.meters[t.meter].since,
			Total: t.total, Parts: append([]Part(nil), t.parts...),
		})
	}
	return d
}

const deltaVersion = 1

// AppendBinary appends the Delta in a form that ReadDelta reads.
func (d *Delta) AppendBinary(b []byte) ([]byte, error) {
	b = binary.AppendVarint(append(b, deltaVersion), d.LogMS)
	b = binary.AppendVarint(binary.AppendUvarint(b, d.Position), d.AppliedMS)
	b = binary.AppendUvarint(b, uint64(len(d.Counters)))
	for i := range d.Counters {
		c := &d.Counters[i]
		b = binary.BigEndian.AppendUint64(b, c.Key.Owner)
		b = binary.BigEndian.AppendUint64(b, c.Key.Sum)
		b = appendFlag(binary.AppendVarint(b, c.EndMS), c.SubID)
		b = binary.AppendVarint(binary.AppendUvarint(b, c.Since), c.Total)
		b = appendParts(b, c.Parts)
	}
	return b, nil
}

// ReadDelta reads what AppendBinary wrote; the Delta shares no memory with b.
func ReadDelta(b []byte) (*Delta, error) {
	r := reader{b: b}
	if version := r.byte(); r.err == nil && version != deltaVersion {
		return nil, fmt.Errorf("a message about caps has version %d, must be %d", version, deltaVersion)
	}
	d := &Delta{LogMS: r.varint(), Position: r.uvarint(), AppliedMS: r.varint()}
	if n := r.size(16 + 5); n > 0 {
		d.Counters = make([]Counter, n)
	}
	for i := range d.Counters {
		d.Counters[i] = Counter{
			Key: Key{r.uint64(), r.uint64()}, EndMS: r.varint(), SubID: r.flag(),
			Since: r.uvarint(), Total: r.varint(), Parts: r.parts(),
		}
	}
	if err := r.end(); err != nil {
		return nil, fmt.Errorf("a message about caps: %w", err)
	}
	return d, nil
}
