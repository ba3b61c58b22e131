package edge

import (
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
)

// lookUp finds the publisher and the offer that the link names.
func (v *visit) lookUp() {
	c := &v.click
	v.publisher, _ = v.in.publishers.Find(c.Publisher)
	if c.SmartLink == "" {
		v.offer, _ = v.in.offers.Find(c.Offer)
	}
}

// resolve settles what the click is on: the offer that was looked up, or the
// one that a smart link picks.
func (v *visit) resolve() {
	in, c := v.in, &v.click
	c.Link = in.link
	if v.offer != nil {
		v.resolveOffer(v.offer)
		return
	}
	if c.SmartLink != "" {
		if l, ok := in.smartLinks.Find(c.SmartLink); ok && l.doc.Active && !l.doc.Archived {
			v.followSmartLink(l)
		}
	}
	v.resolvePublisher()
}

// resolveOffer makes an offer, and the landing page of it that is named or
// picked, those of the click.
func (v *visit) resolveOffer(o *offer) {
	c := &v.click
	v.offer, v.page = o, o.defaultPage
	c.Link = o.link
	switch {
	case c.LandingPage != "":
		v.page = o.pages.find(c.LandingPage)
	case o.rotation != nil:
		if i, ok := o.rotation.First(v.visitor()); ok {
			v.page = o.rotated[i]
		}
	}
	if v.page != nil {
		c.Link.LandingPageID, c.Link.LandingPageNumber = v.page.id, v.page.number
	}
	v.resolvePublisher()
}

func (v *visit) resolvePublisher() {
	if p := v.publisher; p != nil {
		l := &v.click.Link
		l.PublisherID, l.PublisherName, l.PublisherNumber, l.PublisherRow = p.doc.ID, p.doc.Name, p.number, p.row
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
		v.judgeRules()
		v.judgeTargeting()
		v.judgeCaps()
		block = v.judgeFilters(g)
	}
	if v.exhausted {
		v.wants("an offer of the smart link takes the click", c.SmartLink, false, click.SmartLinkExhausted)
	}
	c.Verdict.BlockPage = v.blockPage(block)
}

// judgeLink rejects what names nothing, or nothing that takes traffic.
func (v *visit) judgeLink() {
	v.judgeSmartLink()
	v.judgeOffer()
	v.judgePublisher()
}

func (v *visit) judgeSmartLink() {
	c, l := &v.click, v.smartLink
	if c.SmartLink == "" || !v.needs("smart link is known and active", c.SmartLink, l != nil, click.SmartLinkUnknown) {
		return
	}
	verdict := &c.Verdict
	verdict.SmartLinkID, verdict.SmartLinkNumber = l.doc.ID, l.number
	if v.offer != nil {
		verdict.FinalOfferNumber, verdict.FinalOfferName = c.Link.OfferNumber, c.Link.OfferName
	}
}

func (v *visit) judgeOffer() {
	c, o := &v.click, v.offer
	if o == nil && c.SmartLink != "" {
		v.broken = true
		return // the smart link is unknown or exhausted
	}
	if !v.needs("offer is known", c.Offer, o != nil, click.OfferUnknown) ||
		!v.needs("offer is active", c.Link.OfferName, o.active, click.OfferInactive) ||
		!v.needs("advertiser is active", c.Link.AdvertiserName, o.advertised, click.AdvertiserInactive) {
		return
	}
	if c.LandingPage != "" {
		v.needs("landing page is known", c.LandingPage, v.page != nil, click.LandingPageUnknown)
	}
}

func (v *visit) judgePublisher() {
	c, o, p := &v.click, v.offer, v.publisher
	if !v.needs("publisher is known", c.Publisher, p != nil, click.PublisherUnknown) ||
		!v.needs("publisher is active", c.Link.PublisherName, p.active(), click.PublisherInactive) ||
		o == nil {
		return
	}
	v.judgeAccess()
	if o.blocked == nil {
		return
	}
	_, blocked := o.blocked[blockedSource{p.number, c.SubID[0]}]
	v.wants("sub id is not blocked", c.SubID[0], !blocked, click.SubIDBlocked)
}

// judgeAccess rejects a publisher that may not use the offer. Which of the
// offer's rules bars him they tell themselves, where they are asked: an
// explanation does not say it twice.
func (v *visit) judgeAccess() {
	c := &v.click
	admits := v.offer.rules.Admits(v.publisher.doc.ID)
	if admits || c.Purpose == click.Unfurl {
		v.needs("publisher may use the offer", c.Link.PublisherName, admits, click.OfferNotAllowed)
		return
	}
	v.broken = true
	c.Verdict.Reject(click.OfferNotAllowed, c.Link.PublisherName)
}

// needs is wants for what a link cannot do without: monitoring mode does not
// let a click pass that has no offer or no publisher.
func (v *visit) needs(rule, value string, ok bool, reason click.Reason) bool {
	v.broken = v.broken || !ok
	return v.wants(rule, value, ok, reason)
}

// wants rejects the click when a rule of the link does not hold.
func (v *visit) wants(rule, value string, ok bool, reason click.Reason) bool {
	if v.report != nil {
		v.report.rule("link", rule, value, ok, reason)
	}
	if !ok {
		v.click.Verdict.Reject(reason, value)
	}
	return ok
}

// judgeRules asks the offer's own rules.
func (v *visit) judgeRules() {
	if v.offer == nil {
		return
	}
	c, rules := &v.click, v.offer.rules
	if v.report != nil {
		v.report.Rules = append(v.report.Rules, rules.Explain(c)...)
	}
	rules.Judge(c, &c.Verdict)
}

func (v *visit) judgeTargeting() {
	if v.offer == nil || v.offer.targeting == nil {
		return
	}
	c := &v.click
	c.Verdict.TargetingGroupID = v.offer.targeting.id
	rules := v.offer.targeting.rules[c.Plane]
	if v.report != nil {
		v.report.Rules = append(v.report.Rules, rules.Explain(c)...)
	}
	rules.Judge(c, &c.Verdict)
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
	v.chains[0], v.chains[1] = first.chains[c.Plane], nil
	if fraud := v.fraud(); fraud != nil {
		v.chains[1] = fraud.chains[c.Plane]
	}
	if v.report != nil {
		return v.explainFilters(g)
	}
	return filters.Judge(c, &c.Verdict, v.chains[0], v.chains[1])
}

// fraud is the fraud filter group of the event or else the offer, or nil.
func (v *visit) fraud() *group {
	if v.eventFraud != nil {
		return v.eventFraud
	}
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
