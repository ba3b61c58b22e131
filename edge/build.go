package edge

import (
	"slices"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/config"
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

// compile builds the snapshot of a valid set. Only the documents of changed may
// differ from those of former; with nil all may. Its error lists every document
// that cannot be compiled; former is as good as before then.
func compile(former *Snapshot, set *config.Set, version uint64, changed []config.Key, s Settings, memory *state.Memory) (*Snapshot, error) {
	b := &builder{compiler: compiler{state: memory}, after: set, open: map[string]*openIntegration{}, affected: map[string]struct{}{}}
	if changed == nil || former == nil || former.parts.set == nil {
		b.everything()
	} else {
		b.change(former, unique(changed))
	}
	b.compileCaps(former, changed)
	if err := b.err(version); err != nil {
		return nil, err
	}
	b.parts.set = set
	return newSnapshot(b.parts, version, s), nil
}

// compileCaps compiles the caps, or what has changed of them.
func (b *builder) compileCaps(former *Snapshot, changed []config.Key) {
	var err error
	if changed == nil || former == nil || former.parts.set == nil {
		b.parts.caps, err = caps.Compile(b.after)
	} else {
		b.parts.caps, err = former.parts.caps.Update(former.parts.set, b.after, changed)
	}
	if err != nil {
		b.problems = append(b.problems, config.Problem{Path: "caps", Message: err.Error()})
	}
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
	for doc := range b.after.SmartLinks() {
		b.smartLink(doc.Key())
	}
	b.compileOffers(allOffers(b.after))
	b.finish()
}

// change compiles what the changed documents touch. Removals come first: an id
// may pass from one document to another.
func (b *builder) change(former *Snapshot, changed []config.Key) {
	b.before = former.parts.set
	for _, key := range changed {
		b.affect(key)
	}
	// One by one most of the offers would take longer than all of them.
	if n := len(b.affected); n > 1000 && n > b.after.Len()/8 {
		b.everything()
		return
	}
	b.parts = former.parts
	b.integrations = b.parts.integrations.Edit()
	b.publishersOf(changed)
	b.groups(changed)
	for _, key := range changed {
		if key.Kind == config.KindIntegration {
			b.integration(key)
		}
	}
	for _, key := range changed {
		switch key.Kind {
		case config.KindFilterGroup:
			b.filterGroup(key)
		case config.KindSmartLink:
			b.removeSmartLink(key)
		}
	}
	for _, key := range changed {
		if key.Kind == config.KindSmartLink {
			b.smartLink(key)
		}
	}
	b.changeOffers()
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

// finish closes what is open.
func (b *builder) finish() {
	for id, o := range b.open {
		if o == nil {
			continue
		}
		in := o.integration
		in.offers, in.smartLinks, in.groups = o.offers.Index(), o.smartLinks.Index(), o.groups.index()
		in.publishers, _ = b.parts.publishers.Get(in.doc.Organization)
		if in.publishers == nil {
			in.publishers = new(publishers)
		}
		in.requestHosts = in.requestHosts.With(o.hosts)
		b.integrations.Put(id, in)
	}
	b.parts.integrations = b.integrations.Map()
}
