package service

import (
	"encoding/binary"

	"github.com/clickgate/clickgate/caps"
)

// runs are the incarnations whose counts are kept apart: what an edge counted
// itself must not be told to it twice. They are known by their rows.
type runs struct {
	all     map[string]run
	unsaved map[string]struct{}
}

// run is an incarnation.
type run struct {
	by caps.Incarnation
	// seenMS is when a row of it was read first, in unix milliseconds.
	seenMS int64
}

func newRuns() runs { return runs{map[string]run{}, map[string]struct{}{}} }

// see returns the incarnation of a name.
func (r *runs) see(name string, nowMS int64) caps.Incarnation {
	if name == "" {
		return 0
	}
	seen, ok := r.all[name]
	if !ok {
		seen = run{caps.IncarnationOf(name), nowMS}
		r.all[name], r.unsaved[name] = seen, struct{}{}
	}
	return seen.by
}

// retire forgets and returns those of which nothing more is expected: a later
// run of the node has been seen for long enough.
func (r *runs) retire(nowMS int64) (gone []caps.Incarnation) {
	type newest struct{ start, seenMS int64 }
	nodes := map[string]newest{}
	for name, seen := range r.all {
		node, start, ok := caps.ParseIncarnation(name)
		if last, known := nodes[node]; ok && (!known || start > last.start) {
			nodes[node] = newest{start, seen.seenMS}
		}
	}
	for name, seen := range r.all {
		node, start, ok := caps.ParseIncarnation(name)
		if last := nodes[node]; ok && start < last.start && nowMS-last.seenMS >= retireAfter.Milliseconds() {
			gone = append(gone, seen.by)
			delete(r.all, name)
			r.unsaved[name] = struct{}{}
		}
	}
	return gone
}

// save hands out what has changed, a nil value for what is gone.
func (r *runs) save(put func(key, value []byte) error) error {
	for name := range r.unsaved {
		var value []byte
		if seen, ok := r.all[name]; ok {
			value = binary.AppendVarint(nil, seen.seenMS)
		}
		if err := put(append([]byte{inRuns}, name...), value); err != nil {
			return err
		}
	}
	return nil
}

func (r *runs) load(name string, value []byte) error {
	seenMS, n := binary.Varint(value)
	if n <= 0 {
		return errRun
	}
	r.all[name] = run{caps.IncarnationOf(name), seenMS}
	return nil
}
