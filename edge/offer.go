package edge

import (
	"strconv"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/edge/rotate"
	"github.com/clickgate/clickgate/edge/rule"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// offer is a compiled offer.
type offer struct {
	doc *config.Offer
	// active and advertised tell that offer and advertiser take traffic.
	active, advertised bool
	link               click.Link // what clicks on the offer resolve to
	advertiserExternal string     // the advertiser's external id
	fallbackTo         *redirect.Template
	deepLinks          *redirect.Hosts
	pages              pages
	defaultPage        *page
	// rotation picks one of rotated for links that name no page; nil where no
	// page has a weight.
	rotation  *rotate.Wheel
	rotated   []*page
	targeting *targeting
	fraud     *group
	rules     *rule.Offer
	blocked   map[blockedSource]struct{}
	acquisition
	commerce
}

// blockedSource is a publisher and sub id barred from an offer.
type blockedSource struct{ publisherNumber, subID string }

// page is a compiled landing page.
type page struct {
	id, number  string
	incremental int64
	to, preview *redirect.Template
}

// pages are the landing pages that links may name. Most offers have a few,
// which are looked through.
type pages struct {
	few  []*page
	many link.Index[*page]
}

const fewPages = 8

func newPages(list []*page) (p pages) {
	if len(list) <= fewPages {
		p.few = list
		return p
	}
	edit := p.many.Edit()
	for _, page := range list {
		edit.Add(link.IDs{Number: page.incremental, ID: page.id}, page)
	}
	p.many = edit.Index()
	return p
}

// find returns the page that an incremental or opaque id names.
func (p *pages) find(id string) *page {
	for _, page := range p.few {
		if page.number == id {
			return page
		}
	}
	for _, page := range p.few {
		if page.id == id {
			return page
		}
	}
	page, _ := p.many.Find(id)
	return page
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// idsOf are the ids that links may name an offer by.
func idsOf(doc *config.Offer) link.IDs {
	return link.IDs{Number: doc.IncrementalID, External: doc.ExternalID, ID: doc.ID}
}

// newOffer compiles an offer with everything below it, with parts that are
// compiled already.
func (c *compiler) newOffer(p *parts, d offerDocuments, from inheritance) *offer {
	doc := d.offer
	o := &offer{
		doc: doc, link: from.link, active: doc.Active && !doc.Archived,
		fallbackTo: c.template(doc.Key(), "fallback_url", doc.FallbackURL),
	}
	if doc.TargetingSimpleEnabled {
		o.targeting = c.simpleTargeting(doc)
	} else {
		o.targeting, _ = p.targetings.Get(doc.TargetingGroupID)
	}
	o.fraud, _ = p.frauds.Get(doc.FraudFilterGroupID)
	if len(doc.AllowedDomains) > 0 {
		o.deepLinks = redirect.NewHosts(doc.AllowedDomains...)
	}
	l := &o.link
	l.OfferID, l.OfferName, l.OfferNumber = doc.ID, doc.Name, decimal(doc.IncrementalID)
	if a := d.advertiser; a != nil {
		l.AdvertiserID, l.AdvertiserName, l.AdvertiserNumber, l.ManagerID = a.ID, a.Name, decimal(a.IncrementalID), a.ManagerID
		o.advertised, o.advertiserExternal = a.Active && !a.Archived, a.ExternalID
	}
	l.OfferRow = events.OfferRow(l)
	rules, problems := rule.Compile(doc, d.advertiser, c.state)
	c.addProblems(doc.Key(), "", problems)
	o.rules = rules
	o.acquisition, o.commerce = c.newAcquisition(p, d), c.newCommerce(d, &from.amounts)
	c.addPages(o, d.pages)
	for _, b := range d.blocked {
		if o.blocked == nil {
			o.blocked = map[blockedSource]struct{}{}
		}
		o.blocked[blockedSource{decimal(b.PublisherIncrementalID), b.SubID}] = struct{}{}
	}
	return o
}

// addPages compiles the landing pages. The default page is the one the offer
// names, else that with the lowest number.
func (c *compiler) addPages(o *offer, docs []*config.LandingPage) {
	var list []*page
	var weights []rotate.Weighted
	for _, doc := range docs {
		if !doc.Active || doc.Archived {
			continue
		}
		p := &page{
			id: doc.ID, number: decimal(doc.IncrementalID), incremental: doc.IncrementalID,
			to:      c.template(doc.Key(), "redirect_url", doc.RedirectURL),
			preview: c.template(doc.Key(), "preview_url", doc.PreviewURL),
		}
		if !doc.HideFromPublishers {
			list = append(list, p)
		}
		if doc.Weight > 0 {
			o.rotated = append(o.rotated, p)
			weights = append(weights, rotate.Weighted{ID: doc.ID, Weight: uint32(doc.Weight)})
		}
		switch named := o.doc.DefaultLandingPageID; {
		case named == doc.ID, named == "" && (o.defaultPage == nil || p.incremental < o.defaultPage.incremental):
			o.defaultPage = p
		}
	}
	o.pages = newPages(list)
	if len(weights) > 0 {
		o.rotation = rotate.New("offer/"+o.doc.ID, weights)
	}
}
