package rule

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/internal/click"
)

// publishers are those who may promote an offer, or those who may not.
type publishers struct {
	ids    []string
	set    map[string]struct{}
	barred bool // those listed may not, all others may
}

func (c *compiler) publishers(o *config.Offer, a *config.Advertiser) {
	if o.Visibility != "" && o.Visibility != "Public" {
		c.addPublishers("approved_publisher_ids", o.ApprovedPublisherIDs, false)
	}
	if o.TermsAndConditionsEnabled {
		c.addPublishers("terms_accepted_publisher_ids", o.TermsAcceptedPublisherIDs, false)
	}
	if len(o.BlockedPublisherIDs) > 0 {
		c.addPublishers("blocked_publisher_ids", o.BlockedPublisherIDs, true)
	}
	if a != nil && len(a.BlockedPublisherIDs) > 0 {
		c.addPublishers("advertiser.blocked_publisher_ids", a.BlockedPublisherIDs, true)
	}
}

func (c *compiler) addPublishers(path string, ids []string, barred bool) {
	p := &publishers{ids: ids, set: setOf(ids), barred: barred}
	c.offer.access = append(c.offer.access, p)
	c.add(click.OfferNotAllowed, path, p)
}

func (p *publishers) admit(id string) bool {
	_, listed := p.set[id]
	return listed != p.barred
}

// fits leaves clicks of no known publisher to the rules of links.
func (p *publishers) fits(c *click.Click) bool {
	return c.Link.PublisherID == "" || p.admit(c.Link.PublisherID)
}

func (p *publishers) value(c *click.Click) string { return c.Link.PublisherID }

func (p *publishers) wants() string { return wantsList(p.ids, p.barred) }

// wantsList says in words what a list asks for.
func wantsList(list []string, except bool) string {
	switch {
	case len(list) == 0:
		return "none"
	case except:
		return "not " + target.Names(list)
	}
	return target.Names(list)
}
