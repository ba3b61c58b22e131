package store

import (
	"fmt"
	"math"

	"github.com/clickgate/clickgate/config"
)

// Resolve completes documents that leave out what only the live documents
// know: the id, the incremental id and the label. A document without an id is
// the live one of its kind and owner that has its external id or, without one,
// its name; when there is none, it is new and gets an id made from its name
// and the next number. The documents come back in their order and complete
// even where a problem says that they could not be told apart, so that they
// can be validated and all mistakes be told together.
func Resolve(base Snapshot, docs []config.Document) ([]config.Document, config.Problems) {
	r := resolver{
		base:     base,
		taken:    map[config.Key]bool{},
		live:     map[config.Kind]map[handle][]config.Document{},
		given:    map[handle]config.Key{},
		suffixes: map[config.Key]int{},
		highest:  map[config.Kind]int64{},
	}
	for _, doc := range docs {
		r.reserve(doc)
	}
	ids := r.identify(docs)
	resolved := make([]config.Document, len(docs))
	for i, doc := range docs {
		resolved[i] = r.complete(doc, ids[i])
	}
	return resolved, r.problems
}

// resolver completes the documents of one change set.
type resolver struct {
	base Snapshot
	// taken are the ids that documents of the files have.
	taken map[config.Key]bool
	// live finds the live documents that no file names by id.
	live map[config.Kind]map[handle][]config.Document
	// given are the documents without an id so far, by their best handle.
	given map[handle]config.Key
	// suffixes are the last ones tried to make an id unique.
	suffixes map[config.Key]int
	// highest is the highest number handed out or given.
	highest  map[config.Kind]int64
	problems config.Problems
}

// reserve keeps the id and the number that a document names from others.
func (r *resolver) reserve(doc config.Document) {
	key := doc.Key()
	if key.ID != "" {
		r.taken[key] = true
	}
	if number, ok := config.NumberOf(doc); ok {
		r.highest[key.Kind] = max(r.highest[key.Kind], r.base.Highest(key.Kind), number)
	}
}

// identify finds or makes the ids of the documents. The surest names choose
// first, wherever their documents stand, so that the outcome is the same when
// the files are applied again.
func (r *resolver) identify(docs []config.Document) []string {
	ids, names := make([]string, len(docs)), make([][]handle, len(docs))
	for i, doc := range docs {
		if ids[i] = doc.Key().ID; ids[i] == "" {
			names[i] = handlesOf(doc)
		}
	}
	for round := range rounds {
		for i, doc := range docs {
			if name, ok := choice(round, names[i]); ok && ids[i] == "" {
				ids[i] = r.match(doc, names[i], name)
			}
		}
	}
	for i, doc := range docs {
		if ids[i] == "" {
			ids[i] = r.invent(doc, names[i])
		}
	}
	return ids
}

// rounds is how often documents are looked for: by external id; those that
// have none by name; and those whose external id nobody has by name too.
const rounds = 3

// choice is the name by which a document is looked for in a round.
func choice(round int, names []handle) (handle, bool) {
	switch {
	case len(names) == 0:
		return handle{}, false
	case round == 2:
		return names[len(names)-1], len(names) > 1
	}
	return names[0], (names[0].field == externalID) == (round == 0)
}

// invent makes the id of a document that is new.
func (r *resolver) invent(doc config.Document, names []handle) string {
	key := config.Key{Kind: doc.Key().Kind}
	if len(names) == 0 {
		// Validation asks for both.
		return ""
	}
	key.ID = r.free(key.Kind, slug(doc))
	if twin, twice := r.given[names[0]]; twice {
		r.fail(key, "missing, and %s of the same files has this %s too; give each an id", twin, names[0])
	}
	return r.take(key, names)
}

func (r *resolver) take(key config.Key, names []handle) string {
	r.taken[key] = true
	if _, twice := r.given[names[0]]; !twice {
		r.given[names[0]] = key
	}
	return key.ID
}

// complete gives a document its id, and the number and label that it leaves
// out.
func (r *resolver) complete(doc config.Document, id string) config.Document {
	key := config.Key{Kind: doc.Key().Kind, ID: id}
	was, exists := r.base.Set.Get(key)
	number, numbered := config.NumberOf(doc)
	if exists && number == 0 {
		number, _ = config.NumberOf(was)
	}
	if numbered && number == 0 {
		number = r.number(key)
	}
	doc = config.Identify(doc, id, number)
	if exists && config.MetaOf(doc).Label == "" {
		doc = config.WithLabel(doc, config.MetaOf(was).Label)
	}
	return doc
}

// number hands out the next number of a kind.
func (r *resolver) number(key config.Key) int64 {
	if r.highest[key.Kind] == math.MaxInt64 {
		r.problems = append(r.problems, config.Problem{
			Path:    key.Path() + ": incremental_id",
			Message: "missing, and no number is left above those that were given; give one",
		})
		return 0
	}
	r.highest[key.Kind]++
	return r.highest[key.Kind]
}

func (r *resolver) fail(key config.Key, format string, args ...any) {
	r.problems = append(r.problems, config.Problem{Path: key.Path() + ": id", Message: fmt.Sprintf(format, args...)})
}
