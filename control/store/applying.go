package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
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
		o.Changed = nil
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
	err := f.disk.save(lastGoodPath(f.opts.Dir), *f.unsaved)
	if err == nil {
		f.unsaved = nil
	}
	f.saved(err)
	return err
}

// diskState is what the last-good file and its journal hold, as far as this
// process has written them.
type diskState struct {
	version uint64
	bucket  time.Time
	// size of the file, and of the journal beside it.
	size, journal int64
}

// journalShare is the part of the file's size that its journal may reach
// before the file is written anew; a small one always may.
const (
	journalShare = 4
	smallJournal = 64 << 10
)

// save writes a version: behind the journal if that is enough, or else whole.
func (d *diskState) save(path string, o offer) error {
	journal := journalPath(path)
	if d.version != 0 && o.Changed != nil && d.bucket.Equal(o.at.created) && d.journal < max(d.size/journalShare, smallJournal) {
		n, err := appendJournal(journal, d.version, o)
		if err == nil {
			d.version, d.journal = o.Version, d.journal+n
			return nil
		}
	}
	*d = diskState{} // whatever becomes of the attempt, the next one is whole
	size, err := saveLastGood(path, o)
	if err != nil {
		return err
	}
	// A journal of an older file does not fit the new one: readers know by its
	// base.
	if err := os.Remove(journal); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	*d = diskState{version: o.Version, bucket: o.at.created, size: size}
	return nil
}
