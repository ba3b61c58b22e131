package edge

import (
	"strings"

	"github.com/clickgate/clickgate/config"
)

// goal is a compiled event of an offer (A8).
type goal struct {
	doc    *config.OfferEvent
	number string
	fraud  *group // the event's own filters (D-2); nil for the offer's
}

// goals finds an offer's events by what requests call them: the number, the
// opaque id, or the name, whatever its case. Of equal names the event with the
// lowest number wins.
type goals map[string]*goal

func newGoals(p *parts, events []*config.OfferEvent) goals {
	if len(events) == 0 {
		return nil
	}
	all := make(goals, 3*len(events))
	for _, doc := range events {
		if !doc.Active || doc.Archived {
			continue
		}
		g := &goal{doc: doc, number: decimal(doc.IncrementalID)}
		g.fraud, _ = p.frauds.Get(doc.FraudFilterGroupID)
		all[g.number], all[doc.ID] = g, g
		name := "name:" + strings.ToLower(strings.TrimSpace(doc.Name))
		if other, taken := all[name]; !taken || doc.IncrementalID < other.doc.IncrementalID {
			all[name] = g
		}
	}
	return all
}

// find returns the event that a request names; nil with ok is the initial
// conversion, which is called nothing or 0, or by the offer's name for it.
func (g goals) find(name, initial string) (found *goal, ok bool) {
	if name == "" || name == "0" {
		return nil, true
	}
	if found, ok = g[name]; ok {
		return found, true
	}
	if found, ok = g["name:"+strings.ToLower(strings.TrimSpace(name))]; ok {
		return found, true
	}
	return nil, initial != "" && strings.EqualFold(name, initial)
}
