package caps

import "iter"

// Gap is what a cap has to read up: it is new, or counts something else than
// before, in the middle of a period.
type Gap struct {
	Cap *Cap
	// FromMS is where its period begins, or shortly before, in unix
	// milliseconds; the least number for a cap that never begins anew.
	FromMS int64
	// Position is the last entry of the log to read up; later ones are counted
	// as they come.
	Position uint64

	meter *meter
}

// SetRules takes other rules. Counters that no cap uses any more are dropped;
// see Missing for those that are new. Where nothing has been read of the log
// yet, nothing is missing.
func (f *Fold) SetRules(r *Rules) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = r
	used := map[uint64]struct{}{}
	for c := range r.all() {
		used[c.meter] = struct{}{}
	}
	for id := range f.meters {
		if _, ok := used[id]; !ok {
			delete(f.meters, id)
			f.unsaved.meters[id] = struct{}{}
		}
	}
	// Those of meters that were not complete when they were loaded go as well.
	f.dropWhere(func(_ Key, t *tally) bool { return f.meters[t.meter] == nil })
	for id := range used {
		if f.meters[id] == nil {
			f.meters[id] = &meter{since: f.position, complete: f.position == 0}
			f.unsaved.meters[id] = struct{}{}
		}
	}
}

// Missing returns what has to be read up, as of nowMS (unix milliseconds), in
// no order. Until then the edges are told nothing about those counters and go
// by their own.
func (f *Fold) Missing(nowMS int64) (gaps []Gap) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.rules.all() {
		if m := f.meters[c.meter]; c.same[0] == c && !m.complete {
			from := c.period.startMS(c.period.number(nowMS, c.zone), c.zone)
			gaps = append(gaps, Gap{c, from, m.since, m})
		}
	}
	return gaps
}

// Backfill reads up what gaps miss. rows yields the lines of the log up to
// Gap.Position with a time from Gap.FromMS on: each conversion in its last
// version by then, or in all of them, each but the first with Before; rows of
// other things do no harm. When
// rows yields an error that is returned, and the gaps begin anew: ask Missing
// again. Rules that changed meanwhile do no harm either.
func (f *Fold) Backfill(gaps []Gap, rows iter.Seq2[Row, error]) error {
	open := make(map[uint64]*meter, len(gaps))
	for i := range gaps {
		open[gaps[i].Cap.meter] = gaps[i].meter
	}
	for row, err := range rows {
		if err != nil {
			f.reopen(open)
			return err
		}
		f.readUp(open, &row)
	}
	f.complete(open)
	return nil
}

func (f *Fold) readUp(open map[uint64]*meter, row *Row) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts = f.rules.Change(f.counts[:0], row.Before, &row.Thing)
	for i := range f.counts {
		if f.isOpen(open, f.counts[i].cap.meter) {
			f.add(&f.counts[i], row)
		}
	}
}

// isOpen tells whether a meter is the one that had the gap, not a later one of
// the same caps.
func (f *Fold) isOpen(open map[uint64]*meter, id uint64) bool {
	return open[id] != nil && f.meters[id] == open[id]
}

// isComplete tells whether a meter counted from the beginning.
func (f *Fold) isComplete(id uint64) bool {
	m := f.meters[id]
	return m != nil && m.complete
}

func (f *Fold) complete(open map[uint64]*meter) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, m := range open {
		if f.isOpen(open, id) {
			m.complete = true
			f.unsaved.meters[id] = struct{}{}
		}
	}
	for k, t := range f.tallies {
		if f.isOpen(open, t.meter) {
			f.unsaved.tallies[k] = struct{}{} // not sent so far
		}
	}
}

// reopen starts the meters again, as new ones.
func (f *Fold) reopen(open map[uint64]*meter) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dropWhere(func(_ Key, t *tally) bool { return f.isOpen(open, t.meter) })
	for id := range open {
		if f.isOpen(open, id) {
			f.meters[id] = &meter{since: f.position}
		}
	}
}
