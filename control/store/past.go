package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrNoVersion says that a version was never committed or cannot be rebuilt
// any more.
var ErrNoVersion = errors.New("no such version")

// At rebuilds the documents of an earlier version from the bucket's history.
// What it returns has the digest that was committed. The bucket keeps some
// revisions of each document, so that a version is lost when one of its
// documents has changed more often since: the error then names it.
func (s *Store) At(ctx context.Context, version uint64) (Snapshot, error) {
	if err := s.reach(); err != nil {
		return Snapshot{}, err
	}
	head, err := s.record(ctx, version)
	if err != nil {
		return Snapshot{}, err
	}
	m, err := s.b.fold(ctx, head)
	if err != nil {
		return Snapshot{}, unavailable(err)
	}
	if err := m.verify(); err != nil {
		return Snapshot{}, s.lost(ctx, head, m)
	}
	return m.snapshot(), nil
}

// record finds the head of a version.
func (s *Store) record(ctx context.Context, version uint64) (Head, error) {
	heads, err := s.History(ctx)
	if err != nil {
		return Head{}, unavailable(err)
	}
	i := slices.IndexFunc(heads, func(h Head) bool { return h.Version == version })
	switch {
	case i >= 0:
		return heads[i], nil
	case len(heads) == 0:
		return Head{}, fmt.Errorf("%w: %d, nothing was ever committed", ErrNoVersion, version)
	}
	return Head{}, fmt.Errorf("%w: %d, remembered are %d to %d", ErrNoVersion, version, heads[len(heads)-1].Version, heads[0].Version)
}

// fold reads the bucket up to a head.
func (b bucket) fold(ctx context.Context, head Head) (*mirror, error) {
	c, err := b.after(ctx, 0)
	if err != nil {
		return nil, err
	}
	defer c.close()
	entries := map[string]entry{}
	err = c.until(ctx, head.Revision, func(e entry) error {
		if _, ok := documentKey(e.key); ok && e.seq <= head.Revision {
			entries[e.key] = e
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	m := newMirror(position{seq: head.Revision})
	list := make([]entry, 0, len(entries))
	for _, e := range entries {
		list = append(list, e)
	}
	m.commit(list)
	m.head = head
	return m, nil
}

// lost names what is missing from a version that cannot be rebuilt: the
// documents that were changed since and of which no older revision is left.
func (s *Store) lost(ctx context.Context, head Head, m *mirror) error {
	snap, err := s.Load(ctx)
	if err != nil {
		return unavailable(err)
	}
	for doc := range snap.Set.All() {
		e, _ := snap.Entry(doc.Key())
		if _, there := m.set.Get(doc.Key()); !there && e.CreatedAt.Before(head.Time) && e.Revision > head.Revision {
			return fmt.Errorf("%w: %d cannot be rebuilt: %s changed so often since that its state of then is not kept any more", ErrNoVersion, head.Version, doc.Key())
		}
	}
	return fmt.Errorf("%w: %d cannot be rebuilt: some of its documents changed so often since that their state of then is not kept any more", ErrNoVersion, head.Version)
}
