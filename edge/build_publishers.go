package edge

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
)

// publishersOf files the publishers among keys anew, removals first.
func (b *builder) publishersOf(keys []config.Key) {
	edits := map[string]*link.IndexEdit[*publisher]{}
	edit := func(organization string) *link.IndexEdit[*publisher] {
		if edits[organization] == nil {
			x, _ := b.parts.publishers.Get(organization)
			if x == nil {
				x = new(publishers)
			}
			edits[organization] = x.Edit()
		}
		return edits[organization]
	}
	each := func(set *config.Set, do func(*config.Publisher)) {
		for _, key := range keys {
			if doc, ok := set.Get(key); ok && key.Kind == config.KindPublisher {
				do(doc.(*config.Publisher))
			}
		}
	}
	ids := func(doc *config.Publisher) link.IDs {
		return link.IDs{Number: doc.IncrementalID, External: doc.ExternalID, ID: doc.ID}
	}
	each(b.before, func(doc *config.Publisher) { edit(doc.Organization).Remove(ids(doc)) })
	each(b.after, func(doc *config.Publisher) { edit(doc.Organization).Add(ids(doc), newPublisher(doc)) })
	if len(edits) == 0 {
		return
	}
	all := b.parts.publishers.Edit()
	for organization, e := range edits {
		x := e.Index()
		all.Put(organization, &x)
	}
	b.parts.publishers = all.Map()
	for id, in := range b.parts.integrations.All() {
		if edits[in.doc.Organization] != nil {
			b.opened(id)
		}
	}
}
