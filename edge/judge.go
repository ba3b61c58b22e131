package edge

import (
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
)

// resolve finds what the link names and rejects the click where that does not
// exist or takes no traffic.
func (v *visit) resolve() {
	in, c := v.in, &v.click
	c.Link = in.link
	if o, ok := in.offers.Find(c.Offer); ok {
		v.resolveOffer(o)
	}
	if p, ok := in.publishers.Find(c.Publisher); ok {
		v.publisher = p
		l := &c.Link
		l.PublisherID, l.PublisherName, l.PublisherNumber, l.PublisherRow = p.doc.ID, p.doc.Name, p.number, p.row
	}
}

func (v *visit) resolveOffer(o *offer) {
	c := &v.click
	v.offer, v.page = o, o.defaultPage
	c.Link = o.link
	if c.LandingPage != "" {
		v.page = o.pages.find(c.LandingPage)
	}
	if v.page != nil {
		c.Link.LandingPageID, c.Link.LandingPageNumber = v.page.id, v.page.number
	}
}

// judge collects every reason to reject the click, in the order of R-71.
func (v *visit) judge() {
	c := &v.click
	v.judgeLink()
	block := filters.BlockUnset
	g := v.group()
	v.setMonitoring(g)
	// A preview maker is no visitor: it earns nothing, and the page that
	// shows the link needs its picture. Nothing else is asked of it.
	if c.Purpose != click.Unfurl {
		v.judgeTargeting()
		block = v.judgeFilters(g)
	}
	c.Verdict.BlockPage = v.blockPage(block)
}

// judgeLink rejects what names nothing, or nothing that takes traffic.
func (v *visit) judgeLink() {
	o, p, verdict := v.offer, v.publisher, &v.click.Verdict
	broken := func(r click.Reason, detail string) {
		v.broken = true
		verdict.Reject(r, detail)
	}
	switch {
	case o == nil:
		broken(click.OfferUnknown, v.click.Offer)
	case !o.active:
		broken(click.OfferInactive, "")
	case !o.advertised:
		broken(click.AdvertiserInactive, "")
	case v.page == nil && v.click.LandingPage != "":
		broken(click.LandingPageUnknown, v.click.LandingPage)
	}
	switch {
	case p == nil:
		broken(click.PublisherUnknown, v.click.Publisher)
	case !p.active():
		broken(click.PublisherInactive, "")
	case o != nil && !o.admits(p):
		broken(click.OfferNotAllowed, "")
	}
	if o == nil || p == nil || o.blocked == nil {
		return
	}
	if _, blocked := o.blocked[blockedSource{p.number, v.click.SubID[0]}]; blocked {
		verdict.Reject(click.SubIDBlocked, v.click.SubID[0])
	}
}

func (v *visit) judgeTargeting() {
	if v.offer == nil || v.offer.targeting == nil {
		return
	}
	c := &v.click
	c.Verdict.TargetingGroupID = v.offer.targeting.id
	if rules := v.offer.targeting.rules[c.Plane]; rules != nil {
		rules.Judge(c, &c.Verdict)
	}
}

// group is the filter group that fits the click best; nil: the integration's
// default filters.
func (v *visit) group() *group { return v.in.groups.best(&v.click) }

// judgeFilters runs the matched group's filters, or else the integration's
// own, and then those of the offer's fraud filter group (D-2).
func (v *visit) judgeFilters(g *group) filters.Block {
	c := &v.click
	first := &v.in.defaults
	if g != nil {
		c.Verdict.FilterGroupID = g.id
		first = g
	}
	var second *filters.Chain
	if fraud := v.fraud(); fraud != nil {
		second = fraud.chains[c.Plane]
	}
	return filters.Judge(c, &c.Verdict, first.chains[c.Plane], second)
}

// fraud is the offer's fraud filter group, or nil.
func (v *visit) fraud() *group {
	if v.offer == nil {
		return nil
	}
	return v.offer.fraud
}

// setMonitoring settles the effective monitoring mode: that of the filter
// group, else the fraud filter group, else the integration.
func (v *visit) setMonitoring(g *group) {
	m := &v.click.Verdict.Monitoring
	*m = v.in.doc.MonitoringMode
	if fraud := v.fraud(); fraud != nil && fraud.monitoring != nil {
		*m = *fraud.monitoring
	}
	if g != nil && g.monitoring != nil {
		*m = *g.monitoring
	}
}

// blockPage settles whether a rejection shows the blank page: the most
// specific level that speaks wins, filter before offer before integration
//
func (v *visit) blockPage(filter filters.Block) bool {
	switch {
	case filter != filters.BlockUnset:
		return filter == filters.BlockOn
	case v.offer != nil && v.offer.doc.BlockOnReject != nil:
		return *v.offer.doc.BlockOnReject
	}
	return v.in.doc.ClicksConfig.BlockOnReject
}
