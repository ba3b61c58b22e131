package edge

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/redirect"
)

// openIntegration is an integration that is being changed.
type openIntegration struct {
	*integration
	offers     *link.IndexEdit[*offer]
	smartLinks *link.IndexEdit[*smartLink]
	groups     *groupEdit
	// hosts is by how many templates more, or fewer, lead to a host.
	hosts map[string]int
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
	o := &openIntegration{integration: in, offers: in.offers.Edit(), smartLinks: in.smartLinks.Edit(), groups: in.groups.edit(), hosts: map[string]int{}}
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
	was, known := b.parts.integrations.Get(key.ID)
	if known {
		in.offers, in.smartLinks, in.groups, in.requestHosts = was.offers, was.smartLinks, was.groups, was.requestHosts
	}
	o := b.openUp(key.ID, in)
	o.countHosts(1, in.redirectTo, in.fallbackTo)
	if known {
		o.countHosts(-1, was.redirectTo, was.fallbackTo)
	}
}

// countHosts notes that templates begin or cease to lead to their hosts. Links
// of the integration may name the hosts to which an operator already sends
// traffic.
func (o *openIntegration) countHosts(by int, templates ...*redirect.Template) {
	for _, t := range templates {
		if t != nil {
			o.hosts[t.Host()] += by
		}
	}
}
