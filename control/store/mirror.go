package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// errDigest says that the documents read are not those the head speaks of.
var errDigest = errors.New("the documents do not have the digest of their version")

// mirror is what one reader knows of a bucket. Entries count only once a head
// follows them; until then they are pending: the change set is still being
// written, or its writer is gone.
type mirror struct {
	at      position
	head    Head
	set     *config.Set
	facts   facts
	pending map[string]entry
	// broken are committed documents that do not decode here: written by
	// another release, or by hand.
	broken map[config.Key]error
}

func newMirror(at position) *mirror {
	set, _ := config.NewSet()
	return &mirror{at: at, set: set, pending: map[string]entry{}, broken: map[config.Key]error{}}
}

// take reads one entry. When the entry is a head, committed is true and
// changed holds the documents of its change set.
func (m *mirror) take(e entry) (changed []config.Key, committed bool) {
	m.at.seq = e.seq
	if _, ok := documentKey(e.key); ok {
		m.pending[e.key] = e
		return nil, false
	}
	if e.key != headKey {
		return nil, false
	}
	head, ok := decodeHead(e)
	if !ok {
		return nil, false
	}
	changed = m.commit(slices.Collect(maps.Values(m.pending)))
	m.head = head
	m.pending = map[string]entry{}
	return changed, true
}

// commit makes entries part of the set and returns their keys.
func (m *mirror) commit(entries []entry) []config.Key {
	keys := make([]config.Key, len(entries))
	var puts []config.Document
	var deletes []config.Key
	known := make(map[config.Key]fact, len(entries))
	for i, d := range decodeAll(entries) {
		keys[i] = d.key
		delete(m.broken, d.key)
		known[d.key] = entries[i].fact
		switch {
		case d.err != nil:
			m.broken[d.key] = d.err
		case d.doc == nil:
			deletes = append(deletes, d.key)
			known[d.key] = fact{}
		default:
			puts = append(puts, d.doc)
		}
	}
	m.set, m.facts = m.set.With(puts, deletes), m.facts.with(known)
	return keys
}

// adopt takes over a version that this process has written itself and of which
// end is the last entry.
func (m *mirror) adopt(head Head, set *config.Set, known facts, end uint64) {
	if m.at.seq >= end {
		return
	}
	m.at.seq, m.head, m.set, m.facts = end, head, set, known
	m.pending = map[string]entry{}
}

// verify reports whether the set is, byte for byte, what the head speaks of:
// errDigest when it is not, another error when documents do not decode.
func (m *mirror) verify() error {
	if len(m.broken) > 0 {
		return fmt.Errorf("version %d cannot be read: %w", m.head.Version, m.brokenErr())
	}
	if m.head.Version == 0 || m.set.Digest() == m.head.Digest {
		return nil
	}
	return fmt.Errorf("version %d: %w: %s, want %s", m.head.Version, errDigest, m.set.Digest(), m.head.Digest)
}

// brokenErr names the first few documents that do not decode.
func (m *mirror) brokenErr() error {
	const shown = 5
	keys := slices.SortedFunc(maps.Keys(m.broken), func(a, b config.Key) int {
		return strings.Compare(a.String(), b.String())
	})
	errs := make([]error, 0, shown+1)
	for _, k := range keys[:min(shown, len(keys))] {
		errs = append(errs, m.broken[k])
	}
	if len(keys) > shown {
		errs = append(errs, fmt.Errorf("and %d more documents", len(keys)-shown))
	}
	return errors.Join(errs...)
}

// decoded is an entry as a document; without doc and err it is a deletion.
type decoded struct {
	key config.Key
	doc config.Document
	err error
}

func decodeAll(entries []entry) []decoded {
	out := make([]decoded, len(entries))
	_ = parallel(len(entries), func(i int) error {
		out[i] = decode(entries[i])
		return nil
	})
	return out
}

func decode(e entry) decoded {
	key, _ := documentKey(e.key)
	if e.deleted {
		return decoded{key: key}
	}
	doc, problems := config.DecodeDocument(key.Kind, e.value)
	if err := problems.Err(); err != nil {
		return decoded{key: key, err: fmt.Errorf("%s, entry %d: %w", key, e.seq, err)}
	}
	if doc.Key() != key {
		return decoded{key: key, err: fmt.Errorf("%s, entry %d: holds %s", key, e.seq, doc.Key())}
	}
	return decoded{key: key, doc: doc}
}

// copy is m as it is now; a Set never changes, the maps are cloned.
func (m *mirror) copy() mirror {
	c := *m
	c.pending = maps.Clone(m.pending)
	c.broken = maps.Clone(m.broken)
	return c
}
