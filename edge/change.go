package edge

import (
	"runtime"
	"slices"
	"sync"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/cow"
)

// builder makes the parts of the next snapshot out of the former one's. What
// it does not touch is shared.
type builder struct {
	compiler
	before *config.Set
	after  *config.Set
	parts  parts

	integrations *cow.Edit[string, *integration]
	// open are the integrations of this build, which may still be written to;
	// nil for those that are deleted.
	open map[string]*openIntegration
	// affected are the offers to compile.
	affected map[string]struct{}
}

// openIntegration is an integration that is being changed.
type openIntegration struct {
	*integration
	offers *link.IndexEdit[*offer]
	groups *groupEdit
	// hosts is by how many offers more, or fewer, lead to a host.
	hosts map[string]int
	// fresh says that the integration itself was compiled.
	fresh bool
}

// compile builds the snapshot of a valid set. Only the documents of changed may
// differ from those of former; with nil all may. Its error lists every document
// that cannot be compiled; former is as good as before then.
func compile(former *Snapshot, set *config.Set, version uint64, changed []config.Key, s Settings, memory *state.Memory) (*Snapshot, error) {
	b := &builder{compiler: compiler{state: memory}, after: set, open: map[string]*openIntegration{}, affected: map[string]struct{}{}}
	if changed == nil || former == nil || former.parts.set == nil {
		b.everything()
	} else {
		b.before, b.parts = former.parts.set, former.parts
		b.integrations = b.parts.integrations.Edit()
		b.change(unique(changed))
	}
	if err := b.err(version); err != nil {
		return nil, err
	}
	b.parts.set = set
	return newSnapshot(b.parts, version, s), nil
}

// everything compiles a whole set.
func (b *builder) everything() {
	b.before, _ = config.NewSet()
	b.integrations = b.parts.integrations.Edit()
	keys := b.after.Keys()
	b.publishersOf(keys)
	b.groups(keys)
	for doc := range b.after.Integrations() {
		b.integration(doc.Key())
	}
	for doc := range b.after.FilterGroups() {
		b.filterGroup(doc.Key())
	}
	b.compileOffers(allOffers(b.after))
	b.finish()
}

// change compiles what the changed documents touch. Removals come first: an id
// may pass from one document to another.
func (b *builder) change(changed []config.Key) {
	b.publishersOf(changed)
	b.groups(changed)
	for _, key := range changed {
		b.affect(key)
	}
	for _, key := range changed {
		if key.Kind == config.KindIntegration {
			b.integration(key)
		}
	}
	for _, key := range changed {
		if key.Kind == config.KindFilterGroup {
			b.filterGroup(key)
		}
	}
	var documents []offerDocuments
	for id := range b.affected {
		key := config.Key{Kind: config.KindOffer, ID: id}
		if doc, ok := b.before.Get(key); ok {
			b.removeOffer(doc.(*config.Offer))
		}
		if doc, ok := b.after.Get(key); ok {
			documents = append(documents, documentsOf(b.after, doc.(*config.Offer)))
		}
	}
	b.compileOffers(documents)
	b.finish()
}

// unique leaves each key once.
func unique(keys []config.Key) []config.Key {
	seen := make(map[config.Key]bool, len(keys))
	return slices.DeleteFunc(slices.Clone(keys), func(key config.Key) bool {
		again := seen[key]
		seen[key] = true
		return again
	})
}

// affect notes the offers that a changed document has a part in, as it was and
// as it is.
func (b *builder) affect(key config.Key) {
	for _, set := range []*config.Set{b.before, b.after} {
		doc, ok := set.Get(key)
		if !ok {
			continue
		}
		switch doc := doc.(type) {
		case *config.Offer:
			b.affected[doc.ID] = struct{}{}
		case *config.LandingPage:
			b.affected[doc.Offer] = struct{}{}
		case *config.BlockedSubID:
			if o, ok := set.ByNumber(config.KindOffer, doc.OfferIncrementalID); ok {
				b.affected[o.Key().ID] = struct{}{}
			}
		case *config.Integration, *config.Advertiser, *config.TargetingGroup, *config.FraudFilterGroup:
			for _, referrer := range set.Referrers(key) {
				if referrer.Kind == config.KindOffer {
					b.affected[referrer.ID] = struct{}{}
				}
			}
		}
	}
}

// groups compiles the targeting and fraud filter groups among keys.
func (b *builder) groups(keys []config.Key) {
	targetings, frauds := b.parts.targetings.Edit(), b.parts.frauds.Edit()
	for _, key := range keys {
		doc, _ := b.after.Get(key)
		switch key.Kind {
		case config.KindTargetingGroup:
			if d, ok := doc.(*config.TargetingGroup); ok && d.Active {
				targetings.Put(key.ID, b.newTargeting(d))
			} else {
				targetings.Delete(key.ID)
			}
		case config.KindFraudFilterGroup:
			if d, ok := doc.(*config.FraudFilterGroup); ok && d.Active {
				frauds.Put(key.ID, b.newFraudGroup(d))
			} else {
				frauds.Delete(key.ID)
			}
		}
	}
	b.parts.targetings, b.parts.frauds = targetings.Map(), frauds.Map()
}

// finish closes what is open.
func (b *builder) finish() {
	for id, o := range b.open {
		if o == nil {
			continue
		}
		in := o.integration
		in.offers, in.groups = o.offers.Index(), o.groups.index()
		in.publishers, _ = b.parts.publishers.Get(in.doc.Organization)
		if in.publishers == nil {
			in.publishers = new(publishers)
		}
		if o.countHosts() || o.fresh {
			in.allowHosts()
		}
		b.integrations.Put(id, in)
	}
	b.parts.integrations = b.integrations.Map()
}

// compileOffers compiles offers, on all processors where there are many, and
// files them.
func (b *builder) compileOffers(documents []offerDocuments) {
	workers := 1
	if len(documents) > 256 {
		workers = runtime.GOMAXPROCS(0)
	}
	compiled := make([]*offer, len(documents))
	parts := make([]compiler, workers)
	in := make([]*openIntegration, len(documents))
	for i, d := range documents {
		in[i] = b.opened(d.offer.Integration)
	}
	var wg sync.WaitGroup
	for w := range workers {
		parts[w] = compiler{state: b.state}
		wg.Go(func() {
			for i := w; i < len(documents); i += workers {
				if in[i] != nil {
					compiled[i] = parts[w].newOffer(&b.parts, documents[i], in[i].integration)
				}
			}
		})
	}
	wg.Wait()
	for w := range parts {
		b.problems = append(b.problems, parts[w].problems...)
	}
	for i, o := range compiled {
		if o != nil {
			in[i].offers.Add(idsOf(o.doc), o)
			in[i].countHost(o, 1)
		}
	}
}

// opened returns an integration that may be written to; nil when there is no
// such integration any more.
func (b *builder) opened(id string) *openIntegration {
	if o, ok := b.open[id]; ok {
		return o
	}
	was, ok := b.parts.integrations.Get(id)
	if !ok {
		return nil
	}
	in := *was
	return b.openUp(id, &in)
}

func (b *builder) openUp(id string, in *integration) *openIntegration {
	o := &openIntegration{integration: in, offers: in.offers.Edit(), groups: in.groups.edit(), hosts: map[string]int{}}
	b.open[id] = o
	return o
}

// integration compiles an integration's own settings; its offers and groups
// stay with it.
func (b *builder) integration(key config.Key) {
	doc, ok := b.after.Get(key)
	if !ok {
		b.open[key.ID] = nil
		b.integrations.Delete(key.ID)
		return
	}
	in := b.newIntegration(doc.(*config.Integration))
	if was, ok := b.parts.integrations.Get(key.ID); ok {
		in.offers, in.groups, in.offerHosts = was.offers, was.groups, was.offerHosts
	}
	b.openUp(key.ID, in).fresh = true
}

func (b *builder) removeOffer(doc *config.Offer) {
	in := b.opened(doc.Integration)
	if in == nil {
		return
	}
	if o, ok := in.offers.ByID(doc.ID); ok {
		in.countHost(o, -1)
		in.offers.Remove(idsOf(doc))
	}
}

// countHost notes that an offer's fallback begins or ceases to lead to a host.
func (o *openIntegration) countHost(offer *offer, by int) {
	if offer.fallbackTo != nil {
		o.hosts[offer.fallbackTo.Host()] += by
	}
}

// countHosts sums up what countHost noted and tells whether a host came or
// went.
func (o *openIntegration) countHosts() (news bool) {
	edit := o.offerHosts.Edit()
	for host, by := range o.hosts {
		was, _ := edit.Get(host)
		is := was + by
		news = news || (was == 0) != (is == 0)
		if is == 0 {
			edit.Delete(host)
		} else if by != 0 {
			edit.Put(host, is)
		}
	}
	o.offerHosts = edit.Map()
	return news
}

// filterGroup files a filter group anew.
func (b *builder) filterGroup(key config.Key) {
	if doc, ok := b.before.Get(key); ok {
		was := doc.(*config.FilterGroup)
		if in := b.opened(was.Integration); in != nil && was.Active {
			in.groups.remove(was)
		}
	}
	doc, ok := b.after.Get(key)
	if !ok {
		return
	}
	is := doc.(*config.FilterGroup)
	if in := b.opened(is.Integration); in != nil && is.Active {
		in.groups.add(is, newMatcher(is, b.newGroup(is)))
	}
}

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
