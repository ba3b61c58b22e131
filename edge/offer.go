package edge

import (
	"strconv"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// offer is a compiled offer.
type offer struct {
	doc *config.Offer
	// active and advertised tell that offer and advertiser take traffic.
	active, advertised bool
	earns              [len(planes)]amounts
	link               click.Link // what clicks on the offer resolve to
	fallbackTo         *redirect.Template
	deepLinks          *redirect.Hosts
	pages              *link.Index[*page]
	defaultPage        *page
	targeting          *targeting
	fraud              *group
	approved           map[string]struct{} // publishers of an offer that is not public
	blocked            map[blockedSource]struct{}
}

// blockedSource is a publisher and sub id barred from an offer.
type blockedSource struct{ publisherNumber, subID string }

// page is a compiled landing page.
type page struct {
	id, number  string
	incremental int64
	to, preview *redirect.Template
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// admits tells whether the publisher may send traffic to the offer.
func (o *offer) admits(p *publisher) bool {
	if o.approved == nil {
		return true
	}
	_, ok := o.approved[p.doc.ID]
	return ok
}

func (c *compiler) addOffers() {
	byNumber := map[int64]*offer{}
	for doc := range c.set.Offers() {
		in := c.integrations[doc.Integration]
		if in == nil {
			continue
		}
		o := c.newOffer(doc, in)
		c.offers[doc.ID] = o
		byNumber[doc.IncrementalID] = o
		in.offers.Add(doc.IncrementalID, doc.ExternalID, doc.ID, o)
	}
	for doc := range c.set.LandingPages() {
		if o := c.offers[doc.Offer]; o != nil && doc.Active && !doc.Archived {
			c.addPage(doc, o)
		}
	}
	for doc := range c.set.BlockedSubIDs() {
		o := byNumber[doc.OfferIncrementalID]
		if o == nil {
			continue
		}
		if o.blocked == nil {
			o.blocked = map[blockedSource]struct{}{}
		}
		o.blocked[blockedSource{decimal(doc.PublisherIncrementalID), doc.SubID}] = struct{}{}
	}
}

func (c *compiler) newOffer(doc *config.Offer, in *integration) *offer {
	o := &offer{
		doc: doc, link: in.link, active: doc.Active && !doc.Archived, earns: earnings(doc, in.doc),
		fallbackTo: c.template(doc.Key(), "fallback_url", doc.FallbackURL),
		pages:      link.NewIndex[*page](0),
		targeting:  c.targetings[doc.TargetingGroupID],
		fraud:      c.frauds[doc.FraudFilterGroupID],
		deepLinks:  redirect.NewHosts(doc.AllowedDomains...),
	}
	in.allowHostOf(o.fallbackTo)
	l := &o.link
	l.OfferID, l.OfferName, l.OfferNumber = doc.ID, doc.Name, decimal(doc.IncrementalID)
	if a := c.advertisers[doc.AdvertiserID]; a != nil {
		l.AdvertiserID, l.AdvertiserName, l.AdvertiserNumber, l.ManagerID = a.ID, a.Name, decimal(a.IncrementalID), a.ManagerID
		o.advertised = a.Active && !a.Archived
	}
	l.OfferRow = events.OfferRow(l)
	if doc.Visibility != "" && doc.Visibility != "Public" {
		o.approved = setOf(doc.ApprovedPublisherIDs)
		if o.approved == nil {
			o.approved = map[string]struct{}{}
		}
	}
	return o
}

// addPage registers a landing page. The default page is the one the offer
// names, else that with the lowest number.
func (c *compiler) addPage(doc *config.LandingPage, o *offer) {
	p := &page{
		id: doc.ID, number: decimal(doc.IncrementalID), incremental: doc.IncrementalID,
		to:      c.template(doc.Key(), "redirect_url", doc.RedirectURL),
		preview: c.template(doc.Key(), "preview_url", doc.PreviewURL),
	}
	if !doc.HideFromPublishers {
		o.pages.Add(doc.IncrementalID, "", doc.ID, p)
	}
	named := o.doc.DefaultLandingPageID
	switch {
	case named != "":
		if doc.ID == named {
			o.defaultPage = p
		}
	case o.defaultPage == nil || p.incremental < o.defaultPage.incremental:
		o.defaultPage = p
	}
}
