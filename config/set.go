package config

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Set is an immutable collection of documents, each key once. It may be read
// from many goroutines. The zero Set is empty.
type Set struct {
	// shelves hold the documents of each kind, sorted by id.
	shelves [len(kinds)][]*entry
	digest  lazyDigest
}

// entry is a document in one or more sets that share it.
type entry struct {
	id       string
	document Document
	sum      lazySum
}

// change is what With does to one id: put an entry, or delete when it is nil.
type change struct {
	id    string
	entry *entry
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
// change is shared with s.
func (s *Set) With(puts []Document, deletes []Key) *Set {
	var changes [len(kinds)][]change
	for _, key := range deletes {
		if i := kindIndex(key.Kind); i >= 0 {
			changes[i] = append(changes[i], change{id: key.ID})
		}
	}
	for _, d := range puts {
		key := d.Key()
		i := kindIndex(key.Kind)
		if i < 0 {
			panic(fmt.Sprintf("BUG: document %s is of no known kind", key))
		}
		changes[i] = append(changes[i], change{key.ID, &entry{id: key.ID, document: d}})
	}
	next := &Set{shelves: s.shelves}
	for i := range changes {
		if len(changes[i]) > 0 {
			next.shelves[i] = merge(s.shelves[i], changes[i])
		}
	}
	return next
}

// merge copies a shelf in as few runs as there are changes.
func merge(shelf []*entry, changes []change) []*entry {
	slices.SortStableFunc(changes, func(a, b change) int { return strings.Compare(a.id, b.id) })
	merged := make([]*entry, 0, len(shelf)+len(changes))
	for i, c := range changes {
		if i+1 < len(changes) && changes[i+1].id == c.id {
			continue
		}
		at, found := search(shelf, c.id)
		merged = append(merged, shelf[:at]...)
		if c.entry != nil {
			merged = append(merged, c.entry)
		}
		if found {
			at++
		}
		shelf = shelf[at:]
	}
	return append(merged, shelf...)
}

func search(shelf []*entry, id string) (int, bool) {
	return slices.BinarySearchFunc(shelf, id, func(e *entry, id string) int { return cmp.Compare(e.id, id) })
}

// Get returns the document of a key.
func (s *Set) Get(key Key) (Document, bool) {
	i := kindIndex(key.Kind)
	if i < 0 {
		return nil, false
	}
	at, found := search(s.shelves[i], key.ID)
	if !found {
		return nil, false
	}
	return s.shelves[i][at].document, true
}

// Len is the number of documents.
func (s *Set) Len() int {
	n := 0
	for _, shelf := range s.shelves {
		n += len(shelf)
	}
	return n
}

// Keys returns the keys of all documents, sorted by kind, in the order of
// Kinds, and id.
func (s *Set) Keys() []Key {
	keys := make([]Key, 0, s.Len())
	for d := range s.All() {
		keys = append(keys, d.Key())
	}
	return keys
}

// All yields all documents in the order of Keys.
func (s *Set) All() iter.Seq[Document] {
	return func(yield func(Document) bool) {
		for _, shelf := range s.shelves {
			for _, e := range shelf {
				if !yield(e.document) {
					return
				}
			}
		}
	}
}

// Integrations yields the integrations sorted by id; the methods below do the
// same for the other kinds.
func (s *Set) Integrations() iter.Seq[*Integration] { return shelfOf[*Integration](s, KindIntegration) }

// Advertisers yields the advertisers sorted by id.
func (s *Set) Advertisers() iter.Seq[*Advertiser] { return shelfOf[*Advertiser](s, KindAdvertiser) }

// Publishers yields the publishers sorted by id.
func (s *Set) Publishers() iter.Seq[*Publisher] { return shelfOf[*Publisher](s, KindPublisher) }

// TargetingGroups yields the targeting groups sorted by id.
func (s *Set) TargetingGroups() iter.Seq[*TargetingGroup] {
	return shelfOf[*TargetingGroup](s, KindTargetingGroup)
}

// FraudFilterGroups yields the fraud filter groups sorted by id.
func (s *Set) FraudFilterGroups() iter.Seq[*FraudFilterGroup] {
	return shelfOf[*FraudFilterGroup](s, KindFraudFilterGroup)
}

// FilterGroups yields the filter groups sorted by id.
func (s *Set) FilterGroups() iter.Seq[*FilterGroup] { return shelfOf[*FilterGroup](s, KindFilterGroup) }

// Offers yields the offers sorted by id.
func (s *Set) Offers() iter.Seq[*Offer] { return shelfOf[*Offer](s, KindOffer) }

// LandingPages yields the landing pages sorted by id.
func (s *Set) LandingPages() iter.Seq[*LandingPage] { return shelfOf[*LandingPage](s, KindLandingPage) }

// OfferEvents yields the events of offers sorted by id.
func (s *Set) OfferEvents() iter.Seq[*OfferEvent] { return shelfOf[*OfferEvent](s, KindOfferEvent) }

// BlockedSubIDs yields the blocked sub ids sorted by id.
func (s *Set) BlockedSubIDs() iter.Seq[*BlockedSubID] {
	return shelfOf[*BlockedSubID](s, KindBlockedSubID)
}

// CustomPayouts yields the custom payouts sorted by id.
func (s *Set) CustomPayouts() iter.Seq[*CustomPayout] {
	return shelfOf[*CustomPayout](s, KindCustomPayout)
}

// CustomThrottles yields the custom throttles sorted by id.
func (s *Set) CustomThrottles() iter.Seq[*CustomThrottle] {
	return shelfOf[*CustomThrottle](s, KindCustomThrottle)
}

// PostbackManagers yields the postback managers sorted by id.
func (s *Set) PostbackManagers() iter.Seq[*PostbackManager] {
	return shelfOf[*PostbackManager](s, KindPostbackManager)
}

// OfKind yields the documents of one kind sorted by id; none when there is no
// such kind.
func (s *Set) OfKind(kind Kind) iter.Seq[Document] {
	if kindIndex(kind) < 0 {
		return func(func(Document) bool) {}
	}
	return shelfOf[Document](s, kind)
}

func shelfOf[T Document](s *Set, kind Kind) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, e := range s.shelves[kindIndex(kind)] {
			if !yield(e.document.(T)) {
				return
			}
		}
	}
}
