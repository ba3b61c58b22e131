package config

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config/internal/sorted"
)

// index answers, for one set, who claims a value and who refers to a document.
// It never changes; the index of a changed set shares almost all with it.
type index struct {
	links sorted.List[link, struct{}]
}

// link is a claim or a reference that a document makes.
type link struct {
	// to is a hash of what is claimed or referred to. Its low bits tell claims
	// from references and hold the place of the document's kind, so that links
	// to one thing stand together and in the order of Kinds.
	to uint64
	// from is the document's id.
	from string
}

const (
	kindBits = 1<<5 - 1
	claimBit = 1 << 5
	hashBits = ^uint64(kindBits | claimBit)
)

type linkChange = sorted.Change[link]

// Compare implements sorted.Item.
func (l link) Compare(other link) int {
	if l.to != other.to {
		return cmp.Compare(l.to, other.to)
	}
	return strings.Compare(l.from, other.from)
}

// Begins implements sorted.Item.
func (l link) Begins() bool {
	return (maphash.String(linkSeed, l.from)^l.to)>>8&0xff == 0
}

// linkSeed makes the hashes. They do not leave the process.
var linkSeed = maphash.MakeSeed()

// to is the hash of a link to the claim by a document of a kind.
func (c *claim) to(kind int) uint64 {
	b := make([]byte, 0, 128)
	b = append(b, byte(kind))
	for _, part := range [...]string{c.name(), c.scope, c.value} {
		b = append(append(b, part...), 0)
	}
	return maphash.Bytes(linkSeed, appendNumber(b, c.number))&hashBits | claimBit | uint64(kind)
}

// to is the hash of a link to what is referred to, by a document of a kind.
func (r *reference) to(kind int) uint64 {
	b := make([]byte, 0, 128)
	b = append(append(b, r.kind...), 0)
	b = append(append(b, r.id...), 0)
	return maphash.Bytes(linkSeed, appendNumber(b, r.number))&hashBits | uint64(kind)
}

func appendNumber(b []byte, n int64) []byte {
	for ; n != 0; n = int64(uint64(n) >> 8) {
		b = append(b, byte(n))
	}
	return b
}

// appendLinks appends all links of a document, in no order.
func appendLinks(links []link, kind int, d Document) []link {
	id := d.Key().ID
	claimsOf(d, func(c claim) { links = append(links, link{c.to(kind), id}) })
	referencesOf(d, func(r reference) { links = append(links, link{r.to(kind), id}) })
	return links
}

// newIndex goes through all documents of a set.
func newIndex(s *Set) *index {
	batches := s.batches()
	parts := make([][]link, len(batches))
	inParallel(len(batches), func(i int) {
		links := make([]link, 0, 6*len(batches[i].entries))
		for _, e := range batches[i].entries {
			links = appendLinks(links, batches[i].kind, e.document)
		}
		parts[i] = links
	})
	return &index{sorted.Of[link, struct{}](sortLinks(parts))}
}

// sortLinks sorts on all processors, in parts of links that are near to each
// other.
func sortLinks(parts [][]link) []link {
	const bits = 8
	var ends [1<<bits + 1]int // where the links of a part end, shifted by one
	for _, part := range parts {
		for _, l := range part {
			ends[l.to>>(64-bits)+1]++
		}
	}
	for i := range 1 << bits {
		ends[i+1] += ends[i]
	}
	starts := ends
	links := make([]link, ends[1<<bits])
	for _, part := range parts {
		for _, l := range part {
			at := &starts[l.to>>(64-bits)]
			links[*at] = l
			*at++
		}
	}
	inParallel(1<<bits, func(i int) { slices.SortFunc(links[ends[i]:ends[i+1]], link.Compare) })
	return links
}

func (ix *index) with(changes []linkChange) *index {
	if len(changes) == 0 {
		return ix
	}
	return &index{ix.links.With(changes)}
}

// appendLinkChanges appends what becomes of the links when a document of a
// kind changes from before to after; nil is none.
func appendLinkChanges(changes []linkChange, kind int, before, after *entry) []linkChange {
	if before == after {
		return changes
	}
	gone, come := linksOf(kind, before), linksOf(kind, after)
	for len(gone) > 0 || len(come) > 0 {
		order := -1
		switch {
		case len(gone) == 0:
			order = 1
		case len(come) > 0:
			order = gone[0].Compare(come[0])
		}
		if order < 0 {
			changes = append(changes, linkChange{Item: gone[0], Delete: true})
		}
		if order > 0 {
			changes = append(changes, linkChange{Item: come[0]})
		}
		if order <= 0 {
			gone = gone[1:]
		}
		if order >= 0 {
			come = come[1:]
		}
	}
	return changes
}

// linksOf returns the links of an entry, each once and sorted.
func linksOf(kind int, e *entry) []link {
	if e == nil {
		return nil
	}
	links := appendLinks(make([]link, 0, 8), kind, e.document)
	slices.SortFunc(links, link.Compare)
	return slices.Compact(links)
}

// linked calls visit for the links from to first to last, until it returns
// false.
func (ix *index) linked(first, last uint64, visit func(kind int, id string) bool) {
	for l := range ix.links.From(func(l link) int { return cmp.Compare(l.to, first) }) {
		if l.to > last || !visit(int(l.to&kindBits), l.from) {
			return
		}
	}
}

// claimants calls visit for the ids of the documents of a kind that seem to
// make a claim, sorted, until it returns false.
func (ix *index) claimants(kind int, c *claim, visit func(id string) bool) {
	to := c.to(kind)
	ix.linked(to, to, func(_ int, id string) bool { return visit(id) })
}

// referrers calls visit for the documents that seem to make a reference, in
// the order of Set.Keys.
func (ix *index) referrers(r *reference, visit func(kind int, id string)) {
	to := r.to(0)
	ix.linked(to, to|kindBits, func(kind int, id string) bool {
		visit(kind, id)
		return true
	})
}

// contested tells whether two documents seem to make one claim.
func (ix *index) contested() bool {
	var before uint64
	for _, c := range ix.links.Chunks() {
		for i := range c.Items {
			to := c.Items[i].to
			if to == before && to&claimBit != 0 {
				return true
			}
			before = to
		}
	}
	return false
}
