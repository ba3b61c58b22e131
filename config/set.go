package config

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Set is an immutable collection of documents, each key once. It may be read
// from many goroutines. The zero Set is empty.
type Set struct {
	// shelves hold the documents of each kind; nil is empty.
	shelves [len(kinds)]*shelf
	digest  lazyDigest
	// index is nil until somebody needs it: edges never do.
	index    atomic.Pointer[index]
	indexing sync.Mutex
}

// NewSet returns the set of the documents. A key given twice is a problem;
// the set then holds the last one, so that it can still be validated and all
// mistakes be told together.
func NewSet(documents ...Document) (*Set, Problems) {
	set := new(Set).With(documents, nil)
	if set.Len() == len(documents) {
		return set, nil
	}
	var problems Problems
	times := make(map[Key]int, len(documents))
	for _, d := range documents {
		if times[d.Key()]++; times[d.Key()] == 2 {
			problems = append(problems, Problem{Path: pathOf(d.Key()), Message: "given more than once; a kind and id name one document"})
		}
	}
	return set, problems.sorted()
}

// With returns a set with the changes made: first deletes, then puts, the last
// of a key winning. Deleting what is not there is no mistake. What did not
// change is shared with s, so that the cost is that of the changes and not of
// the set.
func (s *Set) With(puts []Document, deletes []Key) *Set {
	var changes [len(kinds)][]shelfChange
	for _, key := range deletes {
		if i := kindIndex(key.Kind); i >= 0 {
			changes[i] = append(changes[i], shelfChange{Item: &entry{id: key.ID}, Delete: true})
		}
	}
	for _, d := range puts {
		key := d.Key()
		i := kindIndex(key.Kind)
		if i < 0 {
			panic(fmt.Sprintf("BUG: document %s is of no known kind", key))
		}
		changes[i] = append(changes[i], shelfChange{Item: newEntry(key.ID, d)})
	}
	next := &Set{shelves: s.shelves}
	for i := range changes {
		if len(changes[i]) > 0 {
			next.shelves[i] = s.shelves[i].with(changes[i])
		}
	}
	if known := s.index.Load(); known != nil && !next.isMostly(len(puts)+len(deletes)) {
		var links []linkChange
		for i := range changes {
			for _, c := range changes[i] {
				links = appendLinkChanges(links, i, s.shelves[i].find(c.Item.id), next.shelves[i].find(c.Item.id))
			}
		}
		next.index.Store(known.with(links))
	}
	return next
}

// Get returns the document of a key.
func (s *Set) Get(key Key) (Document, bool) {
	if e := s.entry(key); e != nil {
		return e.document, true
	}
	return nil, false
}

// entry is the entry of a key, or nil.
func (s *Set) entry(key Key) *entry {
	i := kindIndex(key.Kind)
	if i < 0 {
		return nil
	}
	return s.shelves[i].find(key.ID)
}

// Len is the number of documents.
func (s *Set) Len() int {
	n := 0
	for _, shelf := range s.shelves {
		n += shelf.len()
	}
	return n
}
