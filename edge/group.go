package edge

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/cow"
	"github.com/clickgate/clickgate/internal/explain"
)

// groupIndex finds the filter group that fits a click best.
// Every group is filed under its rarest condition, so that a click looks at
// the few groups that can match and not at all of them. A groupIndex never
// changes; edit makes another one.
type groupIndex struct {
	byOffer, byPublisher, byAdvertiser cow.Map[string, []*matcher]
	// anywhere are those that match everything, in the order of priority, so
	// that only the first of them has to be looked at.
	anywhere []*matcher
}

// matcher is a filter group with what it asks of a click.
type matcher struct {
	*group
	priority                        int64
	offers, publishers, advertisers map[string]struct{}
}

func newMatcher(doc *config.FilterGroup, g *group) *matcher {
	return &matcher{
		group: g, priority: doc.Priority,
		offers: setOf(doc.OfferIDs), publishers: setOf(doc.PublisherIDs), advertisers: setOf(doc.AdvertiserIDs),
	}
}

// groupEdit is a change of a groupIndex that only its maker sees.
type groupEdit struct {
	byOffer, byPublisher, byAdvertiser *cow.Edit[string, []*matcher]
	anywhere                           []*matcher
}

func (x *groupIndex) edit() *groupEdit {
	return &groupEdit{x.byOffer.Edit(), x.byPublisher.Edit(), x.byAdvertiser.Edit(), slices.Clone(x.anywhere)}
}

// place is where a group is filed: the index and its keys there; no index for
// one that matches everything.
func (e *groupEdit) place(doc *config.FilterGroup) (*cow.Edit[string, []*matcher], []string) {
	switch {
	case len(doc.OfferIDs) > 0:
		return e.byOffer, doc.OfferIDs
	case len(doc.PublisherIDs) > 0:
		return e.byPublisher, doc.PublisherIDs
	case len(doc.AdvertiserIDs) > 0:
		return e.byAdvertiser, doc.AdvertiserIDs
	}
	return nil, nil
}

func (e *groupEdit) add(doc *config.FilterGroup, m *matcher) {
	index, keys := e.place(doc)
	if index == nil {
		e.anywhere = append(e.anywhere, m)
		return
	}
	for _, key := range keys {
		list, _ := index.Get(key)
		index.Put(key, append(slices.Clip(list), m))
	}
}

func (e *groupEdit) remove(doc *config.FilterGroup) {
	without := func(list []*matcher) []*matcher {
		return slices.DeleteFunc(slices.Clone(list), func(m *matcher) bool { return m.id == doc.ID })
	}
	index, keys := e.place(doc)
	if index == nil {
		e.anywhere = without(e.anywhere)
		return
	}
	for _, key := range keys {
		list, _ := index.Get(key)
		if list = without(list); len(list) > 0 {
			index.Put(key, list)
		} else {
			index.Delete(key)
		}
	}
}

func (e *groupEdit) index() groupIndex {
	slices.SortFunc(e.anywhere, func(a, b *matcher) int { return cmp.Compare(a.priority, b.priority) })
	return groupIndex{e.byOffer.Map(), e.byPublisher.Map(), e.byAdvertiser.Map(), e.anywhere}
}

// best returns the group with the highest score, of equal ones that with the
// lowest priority (D-1); nil when none matches.
func (x *groupIndex) best(c *click.Click) *group {
	l := &c.Link
	var b best
	for _, id := range offerIDs(c) {
		b.considerAt(x.byOffer, id, c)
	}
	b.considerAt(x.byPublisher, l.PublisherID, c)
	b.considerAt(x.byAdvertiser, l.AdvertiserID, c)
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

func (b *best) considerAt(index cow.Map[string, []*matcher], id string, c *click.Click) {
	if index.Len() == 0 || id == "" {
		return
	}
	candidates, _ := index.Get(id)
	b.consider(candidates, c)
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

// explain tells of every group that could match how well it does. Groups for
// other offers, publishers and advertisers are left out.
func (x *groupIndex) explain(c *click.Click) []explain.Group {
	winner := x.best(c)
	var told []explain.Group
	tell := func(list []*matcher) {
		for _, m := range list {
			told = append(told, m.explain(c, m.group == winner))
		}
	}
	for _, id := range offerIDs(c) {
		list, _ := x.byOffer.Get(id)
		tell(list)
	}
	for index, id := range map[*cow.Map[string, []*matcher]]string{&x.byPublisher: c.Link.PublisherID, &x.byAdvertiser: c.Link.AdvertiserID} {
		list, _ := index.Get(id)
		tell(list)
	}
	tell(x.anywhere)
	slices.SortStableFunc(told, func(a, b explain.Group) int {
		return cmp.Or(-cmp.Compare(a.Score, b.Score), cmp.Compare(a.Priority, b.Priority))
	})
	return slices.CompactFunc(told, func(a, b explain.Group) bool { return a.ID == b.ID })
}

func (m *matcher) explain(c *click.Click, wins bool) explain.Group {
	score, ok := m.score(c)
	g := explain.Group{ID: m.id, Name: m.name, Kind: string(config.KindFilterGroup), Priority: m.priority, Matches: ok, Score: score, Judges: wins}
	switch {
	case !ok:
		g.Why = "one of its lists of offers, publishers and advertisers lacks the click's"
	case wins:
		g.Why = fmt.Sprintf("the best score, %d; of equal ones the lowest priority, %d", score, m.priority)
	default:
		g.Why = fmt.Sprintf("score %d, priority %d: another one is better", score, m.priority)
	}
	return g
}
