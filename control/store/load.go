package store

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/clickgate/clickgate/config"
)

// loads is how often a bucket is read from scratch before the disagreement of
// documents and head counts as real: a writer may have been faster than the
// reader, and its bucket's history too short.
const loads = 3

// catchUp brings m, which may be nil, to the end of the bucket. It returns the
// mirror to go on with and what changed in it; that is another mirror than m
// when the bucket had to be read from scratch, because it was made again or
// because m and the bucket disagreed. After an error m is still good to go on
// with. The caller has to verify.
func (b bucket) catchUp(ctx context.Context, m *mirror) (*mirror, []config.Key, error) {
	if m == nil {
		return b.scratch(ctx, nil)
	}
	end, err := b.end(ctx)
	if err != nil {
		return m, nil, err
	}
	if !end.created.Equal(m.at.created) || end.seq < m.at.seq {
		return b.scratch(ctx, m)
	}
	if end.seq == m.at.seq {
		return m, nil, nil
	}
	changed, err := b.advance(ctx, m, end.seq)
	if err == nil && errors.Is(m.verify(), errDigest) {
		return b.scratch(ctx, m)
	}
	return m, changed, err
}

// advance reads on to the sequence end.
func (b bucket) advance(ctx context.Context, m *mirror, end uint64) (changed []config.Key, err error) {
	c, err := b.after(ctx, m.at.seq)
	if err != nil {
		return nil, err
	}
	defer c.close()
	err = c.until(ctx, end, func(e entry) error {
		keys, _ := m.take(e)
		changed = append(changed, keys...)
		return nil
	})
	return changed, err
}

// scratch reads the whole bucket; it returns m when that cannot be done.
func (b bucket) scratch(ctx context.Context, m *mirror) (*mirror, []config.Key, error) {
	for i := 1; ; i++ {
		fresh, err := b.load(ctx)
		if err != nil {
			return m, nil, err
		}
		if i == loads || !errors.Is(fresh.verify(), errDigest) {
			return fresh, nil, nil
		}
	}
}

// load reads the whole bucket as of now.
func (b bucket) load(ctx context.Context) (*mirror, error) {
	end, err := b.end(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := b.newest(ctx)
	if err != nil {
		return nil, err
	}
	m := newMirror(position{created: end.created})
	if m.head, err = b.newestHead(ctx, entries); err != nil {
		return nil, err
	}
	committed := m.split(entries)
	covered, err := b.covered(ctx, m)
	if err != nil {
		return nil, err
	}
	m.commit(append(committed, covered...))
	return m, nil
}

// newest reads the newest entry of every key.
func (b bucket) newest(ctx context.Context) ([]entry, error) {
	c, err := b.latest(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	entries := make([]entry, 0, c.waiting)
	err = c.initial(ctx, func(e entry) error {
		entries = append(entries, e)
		return nil
	})
	return entries, err
}

// newestHead returns the head among the newest entries. Where somebody deleted
// or overwrote it by hand, it is the last one that was written by a commit.
func (b bucket) newestHead(ctx context.Context, entries []entry) (head Head, err error) {
	i := slices.IndexFunc(entries, func(e entry) bool { return e.key == headKey })
	if i < 0 {
		return Head{}, nil
	}
	if head, ok := decodeHead(entries[i]); ok {
		return head, nil
	}
	c, err := b.after(ctx, 0, headKey)
	if err != nil {
		return Head{}, err
	}
	defer c.close()
	err = c.until(ctx, entries[i].seq, func(e entry) error {
		if h, ok := decodeHead(e); ok {
			head = h
		}
		return nil
	})
	return head, err
}

// split keeps the entries behind the head as pending and returns the documents
// before it.
func (m *mirror) split(entries []entry) []entry {
	committed := make([]entry, 0, len(entries))
	for _, e := range entries {
		m.at.seq = max(m.at.seq, e.seq)
		if _, ok := documentKey(e.key); !ok {
			continue
		}
		if e.seq > m.head.Revision {
			m.pending[e.key] = e
			continue
		}
		committed = append(committed, e)
	}
	return committed
}

// fewKeys is how many keys a cursor is asked for by name; beyond it the whole
// bucket is read, which the server does faster.
const fewKeys = 100

// covered returns the committed entries that lie below pending ones: the
// newest of their keys that are older than the head.
func (b bucket) covered(ctx context.Context, m *mirror) ([]entry, error) {
	if len(m.pending) == 0 || m.head.Version == 0 {
		return nil, nil
	}
	var keys []string
	if len(m.pending) <= fewKeys {
		keys = slices.Collect(maps.Keys(m.pending))
	}
	c, err := b.after(ctx, 0, keys...)
	if err != nil {
		return nil, err
	}
	defer c.close()
	found := map[string]entry{}
	err = c.until(ctx, m.head.Revision, func(e entry) error {
		if _, ok := m.pending[e.key]; ok && e.seq < m.head.Revision {
			found[e.key] = e
		}
		return nil
	})
	return slices.Collect(maps.Values(found)), err
}
