package caps

import (
	"slices"
	"sync"
)

// Row is a line of the event log, as the worker reads it.
type Row struct {
	// By is the incarnation that wrote the line.
	By    Incarnation
	Thing Thing
	// Before is the version of the conversion that this line replaces; nil for
	// the first one, and for clicks and impressions.
	Before *Thing
}

// Fold counts the event log: all that anybody recorded, each line once. What
// has changed is written by Save, in one batch with whatever else the worker
// keeps, and goes out to the edges in Deltas.
//
// A Fold is used by one goroutine, but for Backfill, which may run in another.
type Fold struct {
	mu sync.Mutex
	state
	rules     *Rules
	position  uint64
	nowMS     int64 // of the last Forget
	maxSubIDs int
	// The changes: not in a batch yet, in the last batch, not sent yet.
	unsaved, saving changes
	unsent          map[Key]struct{}
	notices         []Notice
	counts          []Count // room
}

// state is what Save writes.
type state struct {
	tallies map[Key]*tally
	meters  map[uint64]*meter
	subIDs  map[uint64]int // tallies of sub ids by owner
}

// tally is a counter of the Fold, in millionths.
type tally struct {
	meter uint64
	endMS int64
	subID bool
	total int64
	// peak is the most that total ever was; a notice is raised when it passes
	// the notice's sum, and so only once.
	peak  int64
	parts []Part
}

// meter is what one or several caps of an owner count.
type meter struct {
	// since is the position at which it began to count. A meter is complete
	// when what came before is read up as well; only then it is saved.
	since    uint64
	complete bool
}

// changes are the keys of what has changed or is gone.
type changes struct {
	tallies map[Key]struct{}
	meters  map[uint64]struct{}
	// progress tells that there is another position.
	progress bool
}

func newChanges() changes {
	return changes{tallies: map[Key]struct{}{}, meters: map[uint64]struct{}{}}
}

// NewFold makes one that has read nothing. Load what an earlier one has saved,
// then call SetRules.
func NewFold(o Options) *Fold {
	return &Fold{
		state:     state{map[Key]*tally{}, map[uint64]*meter{}, map[uint64]int{}},
		maxSubIDs: o.subIDs(), unsaved: newChanges(), saving: newChanges(), unsent: map[Key]struct{}{},
	}
}

// Position is the last entry of the log that was counted; 0 is none.
func (f *Fold) Position() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.position
}

// Apply counts the rows of the entry of the log at position. It tells false, and
// does nothing, when it has read that far already.
func (f *Fold) Apply(position uint64, rows []Row) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if position <= f.position {
		return false
	}
	for i := range rows {
		row := &rows[i]
		f.counts = f.rules.Change(f.counts[:0], row.Before, &row.Thing)
		for j := range f.counts {
			f.add(&f.counts[j], row)
		}
	}
	f.position, f.unsaved.progress = position, true
	return true
}

// Move sets the place in a log that is not the one that was read, or has lost
// its last entries: what was counted was recorded and stays, and later entries
// count. What was to be read up is to be asked for again (Missing).
func (f *Fold) Move(position uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dropWhere(func(_ Key, t *tally) bool { return !f.isComplete(t.meter) })
	for id, m := range f.meters {
		f.meters[id] = &meter{since: min(m.since, position), complete: m.complete}
		f.unsaved.meters[id] = struct{}{}
	}
	f.position, f.unsaved.progress = position, true
}

func (f *Fold) add(n *Count, row *Row) {
	t := f.tallies[n.Key]
	if t == nil {
		if t = f.open(n); t == nil {
			return
		}
	}
	part := t.part(row.By)
	if n.Amount > 0 {
		part.Up = plus(part.Up, n.Amount)
	} else {
		part.Down = plus(part.Down, -n.Amount)
	}
	t.total = plus(t.total, n.Amount)
	f.unsaved.tallies[n.Key] = struct{}{}
	if t.total > t.peak {
		before := t.peak
		t.peak = t.total
		f.notice(n, &row.Thing, before, t)
	}
}

// open makes a tally; nil where it is too late for it, or there are too many.
func (f *Fold) open(n *Count) *tally {
	endMS := n.endMS()
	if isOver(endMS, f.nowMS) {
		return nil
	}
	if n.cap.eachSubID {
		if f.subIDs[n.Key.Owner] >= f.maxSubIDs {
			dropped.Inc()
			return nil
		}
		f.subIDs[n.Key.Owner]++
	}
	t := &tally{meter: n.cap.meter, endMS: endMS, subID: n.cap.eachSubID}
	f.tallies[n.Key] = t
	return t
}

// part returns the part of an incarnation, to write to. The last one comes
// first in a search, since lines of one edge come in rows.
func (t *tally) part(by Incarnation) *Part {
	for i := len(t.parts) - 1; i >= 0; i-- {
		if t.parts[i].By == by {
			return &t.parts[i]
		}
	}
	t.parts = append(t.parts, Part{By: by})
	return &t.parts[len(t.parts)-1]
}

// Retire tells that an incarnation will not write again and none of its lines
// are still to come: a later one of its node has been seen for long enough. Its
// counts stay in the totals and are no longer kept apart.
func (f *Fold) Retire(by Incarnation) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k, t := range f.tallies {
		before := len(t.parts)
		t.parts = slices.DeleteFunc(t.parts, func(p Part) bool { return p.By == by })
		if len(t.parts) < before {
			f.unsaved.tallies[k] = struct{}{}
		}
	}
}

// Forget drops the counters of periods that ended two days before nowMS (unix
// milliseconds) or earlier. Run it every few minutes.
func (f *Fold) Forget(nowMS int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nowMS = nowMS
	f.dropWhere(func(_ Key, t *tally) bool { return isOver(t.endMS, nowMS) })
}

func (f *Fold) dropWhere(gone func(Key, *tally) bool) {
	for k, t := range f.tallies {
		if !gone(k, t) {
			continue
		}
		delete(f.tallies, k)
		f.unsaved.tallies[k] = struct{}{}
		if t.subID {
			f.subIDs[k.Owner]--
		}
	}
}
