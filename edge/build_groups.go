package edge

import (
	"github.com/clickgate/clickgate/config"
)

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
