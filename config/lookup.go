package config

import (
	"fmt"
	"slices"
	"strings"
)

// Look-ups that need an index. A set makes its index when it is needed first,
// which takes as long as validating it; sets made from it by With have theirs
// at once.

// relations returns the index of the set.
func (s *Set) relations() *index {
	if ix := s.index.Load(); ix != nil {
		return ix
	}
	s.indexing.Lock()
	defer s.indexing.Unlock()
	if s.index.Load() == nil {
		s.index.Store(newIndex(s))
	}
	return s.index.Load()
}

// relationsFrom returns the index of the set, which differs from base in the
// documents changed at most.
func (s *Set) relationsFrom(base *Set, changed []Key) *index {
	if ix := s.index.Load(); ix != nil {
		return ix
	}
	from := base.relations()
	s.indexing.Lock()
	defer s.indexing.Unlock()
	if s.index.Load() == nil {
		s.index.Store(from.with(linkChanges(base, s, changed)))
	}
	return s.index.Load()
}

// isMostly tells whether a number of documents are so many of the set that it is
// quicker to look at all of them than at those.
func (s *Set) isMostly(n int) bool { return n > 1000 && n > s.Len()/4 }

// linkChanges is what makes the index of the set before that of after, which
// differ in the documents changed at most.
func linkChanges(before, after *Set, changed []Key) (changes []linkChange) {
	for _, key := range changed {
		if i := kindIndex(key.Kind); i >= 0 {
			changes = appendLinkChanges(changes, i, before.entry(key), after.entry(key))
		}
	}
	return changes
}

// ByNumber returns the document of a kind that has an incremental id; false
// when there is none, or the kind has no numbers. In a set that does not
// validate, the first of those that share a number is found.
func (s *Set) ByNumber(kind Kind, number int64) (Document, bool) {
	i := kindIndex(kind)
	if i < 0 || number < 1 {
		return nil, false
	}
	first := s.claimant(i, claim{field: numberPath, number: number})
	if first == nil {
		return nil, false
	}
	return first.document, true
}

// claimant returns the first document of a kind that makes a claim, or nil.
func (s *Set) claimant(kind int, c claim) (first *entry) {
	s.relations().claimants(kind, &c, func(id string) bool {
		e := s.indexed(kind, id)
		claimsOf(e.document, func(other claim) {
			if c.same(&other) {
				first = e
			}
		})
		return first == nil
	})
	return first
}

// indexed returns an entry that the index names.
func (s *Set) indexed(kind int, id string) *entry {
	e := s.shelves[kind].find(id)
	if e == nil {
		panic(fmt.Sprintf("BUG: a change of %s was not told to ValidateChange", Key{kinds[kind].kind, id}))
	}
	return e
}

// Referrers returns the documents that refer to the one of a key, by its id or
// its incremental id, in the order of Keys. They would not be valid without it.
func (s *Set) Referrers(key Key) []Key {
	referrers := map[Key]struct{}{}
	s.referrers(reference{kind: key.Kind, id: key.ID}, referrers)
	if d, found := s.Get(key); found {
		if number, _ := NumberOf(d); number > 0 {
			s.referrers(reference{kind: key.Kind, number: number}, referrers)
		}
	}
	return sortedKeys(referrers)
}

// referrers adds those who make a reference to keys.
func (s *Set) referrers(r reference, keys map[Key]struct{}) {
	s.relations().referrers(&r, func(kind int, id string) {
		key := Key{kinds[kind].kind, id}
		if _, known := keys[key]; known {
			return
		}
		referencesOf(s.indexed(kind, id).document, func(other reference) {
			if r == other {
				keys[key] = struct{}{}
			}
		})
	})
}

// sortedKeys sorts as Keys does.
func sortedKeys(set map[Key]struct{}) []Key {
	keys := make([]Key, 0, len(set))
	for key := range set {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b Key) int {
		if a.Kind != b.Kind {
			return kindIndex(a.Kind) - kindIndex(b.Kind)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return keys
}
