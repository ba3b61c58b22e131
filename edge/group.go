package edge

import (
	"cmp"
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// groupIndex finds the filter group that fits a click best.
// Every group is filed under its rarest condition, so that a click looks at
// the few groups that can match and not at all of them.
type groupIndex struct {
	byOffer, byPublisher, byAdvertiser map[string][]*matcher
	anywhere                           []*matcher
}

// matcher is a filter group with what it asks of a click.
type matcher struct {
	*group
	priority                        int64
	offers, publishers, advertisers map[string]struct{}
}

func (x *groupIndex) add(doc *config.FilterGroup, g *group) {
	m := &matcher{
		group: g, priority: doc.Priority,
		offers: setOf(doc.OfferIDs), publishers: setOf(doc.PublisherIDs), advertisers: setOf(doc.AdvertiserIDs),
	}
	switch {
	case m.offers != nil:
		file(&x.byOffer, doc.OfferIDs, m)
	case m.publishers != nil:
		file(&x.byPublisher, doc.PublisherIDs, m)
	case m.advertisers != nil:
		file(&x.byAdvertiser, doc.AdvertiserIDs, m)
	default:
		x.anywhere = append(x.anywhere, m)
	}
}

func file(index *map[string][]*matcher, keys []string, m *matcher) {
	if *index == nil {
		*index = map[string][]*matcher{}
	}
	for _, key := range keys {
		(*index)[key] = append((*index)[key], m)
	}
}

// sort puts the groups that match everything in the order of priority, so that
// only the first of them has to be looked at.
func (x *groupIndex) sort() {
	slices.SortFunc(x.anywhere, func(a, b *matcher) int { return cmp.Compare(a.priority, b.priority) })
}

// best returns the group with the highest score, of equal ones that with the
// lowest priority (D-1); nil when none matches.
func (x *groupIndex) best(c *click.Click) *group {
	l := &c.Link
	var b best
	for _, id := range offerIDs(c) {
		b.consider(x.byOffer[id], c)
	}
	b.consider(x.byPublisher[l.PublisherID], c)
	b.consider(x.byAdvertiser[l.AdvertiserID], c)
	if len(x.anywhere) > 0 {
		b.consider(x.anywhere[:1], c)
	}
	if b.m == nil {
		return nil
	}
	return b.m.group
}

type best struct {
	m     *matcher
	score int
}

func (b *best) consider(candidates []*matcher, c *click.Click) {
	for _, m := range candidates {
		score, ok := m.score(c)
		if !ok {
			continue
		}
		if b.m == nil || score > b.score || score == b.score && m.priority < b.m.priority {
			b.m, b.score = m, score
		}
	}
}

// score counts the conditions a click meets. An empty list matches
// anything and scores nothing; a list without the click's value rules out.
func (m *matcher) score(c *click.Click) (score int, ok bool) {
	conditions := [...]struct {
		set    map[string]struct{}
		values [3]string
	}{
		{m.offers, offerIDs(c)},
		{m.publishers, [3]string{c.Link.PublisherID}},
		{m.advertisers, [3]string{c.Link.AdvertiserID}},
	}
	for i := range conditions {
		if conditions[i].set == nil {
			continue
		}
		if !hasAny(conditions[i].set, conditions[i].values) {
			return 0, false
		}
		score++
	}
	return score, true
}

// offerIDs are the forms in which a group may name the click's offer:
// raw, incremental and opaque.
func offerIDs(c *click.Click) [3]string {
	return [3]string{c.Offer, c.Link.OfferNumber, c.Link.OfferID}
}
