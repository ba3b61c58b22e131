package store

import (
	"context"
	"time"

	"github.com/clickgate/clickgate/config"
)

// applier is the side of a follower that makes versions live, one after the
// other. What arrives meanwhile waits, merged into one.
type applier struct {
	*Follower
	// disk is the last good version of a former run, until something is live.
	disk *mirror
	live offer
	// missed are the documents of refused versions: they still differ from
	// what is live.
	missed []config.Key
}

// applyAll runs until ctx ends.
func (f *Follower) applyAll(ctx context.Context, disk *mirror) {
	a := &applier{Follower: f, disk: disk, missed: []config.Key{}}
	grace := time.NewTimer(f.opts.Grace)
	defer grace.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-grace.C:
			// Nothing came, or nothing that could be applied.
			a.fallBack(ctx)
		case <-f.inbox.ready:
			if o, ok := f.inbox.fetch(); ok {
				a.take(ctx, o)
			}
		}
	}
}

// take applies an offer of the store.
func (a *applier) take(ctx context.Context, o offer) {
	if o.refused == nil && a.serves(o) {
		a.confirm(o)
		return
	}
	o.Changed = union(a.missed, o.Changed)
	if a.live.Set == nil {
		o.Changed = nil
	}
	err := o.refused
	if err == nil {
		err = a.apply(ctx, o.Update)
	}
	a.attempted(o, err)
	if err != nil {
		a.missed = o.Changed
		return
	}
	a.live, a.missed, a.disk = o, []config.Key{}, nil
	a.toDisk.put(o)
}

// confirm notes that what is live is what the store holds.
func (a *applier) confirm(o offer) {
	onDisk := a.live.head.Revision == o.head.Revision && a.live.at.created.Equal(o.at.created)
	a.live = o
	a.update(func(s *Status) { s.Live.Source = o.Source })
	if !onDisk {
		a.toDisk.put(o)
	}
}

// serves reports whether the version of an offer is live already.
func (a *applier) serves(o offer) bool {
	return a.live.Set != nil && a.live.Version == o.Version && a.live.Digest == o.Digest
}

// fallBack makes the set on disk live where nothing is.
func (a *applier) fallBack(ctx context.Context) {
	if a.live.Set != nil || a.disk == nil {
		return
	}
	o := newOffer(a.disk, SourceDisk, nil)
	a.disk = nil
	err := a.apply(ctx, o.Update)
	if err == nil {
		a.live = o
	}
	a.fellBack(o, err)
}

// save writes what became live to disk, away from the path of a change and
// not more often than every SaveEvery. What cannot be written is tried again.
func (f *Follower) save(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.toDisk.ready:
		}
		for err := f.saveLast(); ; err = f.saveLast() {
			if pause(ctx, f.opts.SaveEvery) != nil {
				return
			}
			if err == nil {
				break
			}
		}
	}
}

// saveLast writes the newest live version that is not on disk yet.
func (f *Follower) saveLast() error {
	if o, ok := f.toDisk.fetch(); ok {
		f.unsaved = &o
	}
	if f.unsaved == nil {
		return nil
	}
	o := *f.unsaved
	err := saveLastGood(lastGoodPath(f.opts.Dir), o.at, o.head, o.Set)
	if err == nil {
		f.unsaved = nil
	}
	f.saved(err)
	return err
}
