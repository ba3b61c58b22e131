package store

import (
	"strings"

	"github.com/clickgate/clickgate/config"
)

// match returns the id of the live document of a name; empty when there is
// none.
func (r *resolver) match(doc config.Document, names []handle, name handle) string {
	found := r.named(name)
	if name == names[0] {
		// A name finds those that have an external id too, unless the document
		// has another one.
		name.external = true
		found = append(found, r.named(name)...)
	}
	if len(found) == 0 {
		return ""
	}
	key := found[0].Key()
	if len(found) > 1 {
		key.ID = r.free(key.Kind, slug(doc))
		r.fail(key, "missing, and %s have this %s; give the id of the one that is meant", listed(found), name)
	}
	return r.take(key, names)
}

// mostListed bounds how many documents an error names, and how many are looked for.
const mostListed = 5

// named returns live documents that have a name and that no document of the
// files is yet; not more than one more than can be listed.
func (r *resolver) named(name handle) []config.Document {
	index, ok := r.live[name.kind]
	if !ok {
		index = r.index(name.kind)
		r.live[name.kind] = index
	}
	list, found := index[name], []config.Document(nil)
	at := 0
	for ; at < len(list) && len(found) <= mostListed; at++ {
		if !r.taken[list[at].Key()] {
			found = append(found, list[at])
		}
	}
	// Those taken are not looked at again.
	copy(list[at-len(found):at], found)
	index[name] = list[at-len(found):]
	return found
}

// index finds the live documents of a kind by their handles.
func (r *resolver) index(kind config.Kind) map[handle][]config.Document {
	index := map[handle][]config.Document{}
	for live := range r.base.Set.OfKind(kind) {
		names := handlesOf(live)
		for i, name := range names {
			name.external = i > 0
			index[name] = append(index[name], live)
		}
	}
	return index
}

// listed names the first few documents.
func listed(docs []config.Document) string {
	var names []string
	for _, d := range docs[:min(mostListed, len(docs))] {
		names = append(names, d.Key().String())
	}
	last := len(names) - 1
	if len(docs) > mostListed {
		return strings.Join(names, ", ") + " and more"
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
