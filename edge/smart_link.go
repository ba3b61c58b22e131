package edge

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/rotate"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// smartLink is a compiled smart link: a wheel of offers. Offers are
// named by id and looked up at the click, so that they may change without it.
type smartLink struct {
	doc    *config.SmartLink
	number string
	offers []string // of the wheel, by index
	wheel  *rotate.Wheel
}

func newSmartLink(doc *config.SmartLink) *smartLink {
	l := &smartLink{doc: doc, number: decimal(doc.IncrementalID)}
	var weights []rotate.Weighted
	var priorities []int64
	for i := range doc.Offers {
		if o := &doc.Offers[i]; o.TakesPart() {
			l.offers = append(l.offers, o.Offer)
			weights = append(weights, rotate.Weighted{ID: o.Offer, Weight: uint32(o.Weight)})
			priorities = append(priorities, o.Priority)
		}
	}
	if doc.ByPriority() {
		l.wheel = rotate.ByPriority(priorities)
	} else {
		l.wheel = rotate.New("smart_link/"+doc.ID, weights)
	}
	return l
}

// idsOfSmartLink are the ids that links may name a smart link by.
func idsOfSmartLink(doc *config.SmartLink) link.IDs {
	return link.IDs{Number: doc.IncrementalID, External: doc.ExternalID, ID: doc.ID}
}

// visitor is who comes, by what he shows on his first click as on every later
// one: any edge picks the same for him.
func (v *visit) visitor() rotate.Visitor {
	c := &v.click
	if c.DeviceID != "" {
		return rotate.Visitor(0).With(c.DeviceID)
	}
	return rotate.Visitor(0).WithAddress(c.IP).With(c.UserAgent)
}

// followSmartLink picks the offer of a click on a smart link: the first in the
// visitor's order that lets him through, else the fallback offer. Where nothing
// does, the click is judged on the fallback offer, or else the visitor's first
// choice, so that its row says why.
func (v *visit) followSmartLink(l *smartLink) {
	v.smartLink = l
	if v.report != nil {
		v.report.SmartLink = &explain.SmartLink{ID: l.doc.ID, Name: l.doc.Name, Strategy: l.doc.Strategy}
	}
	first := v.pick(l)
	if v.offer != nil {
		return
	}
	if o, ok := v.in.offers.ByID(l.doc.FallbackOffer); ok {
		v.resolveOffer(o)
		v.tellCandidate(o, v.suits(o), true)
		return
	}
	v.exhausted = true
	if first != nil {
		v.resolveOffer(first)
	}
}

// mostTrials bounds the offers that a click is judged by: who is rejected
// everywhere must not cost as much as the link is long.
const mostTrials = 16

// pick resolves the click to the first offer of the wheel that lets it through,
// and returns the first there is.
func (v *visit) pick(l *smartLink) (first *offer) {
	v.order.Begin(l.wheel, v.visitor())
	trials := 0
	for i, more := v.order.Next(); more && trials < mostTrials; i, more = v.order.Next() {
		o, ok := v.in.offers.ByID(l.offers[i])
		if !ok {
			continue
		}
		if first == nil {
			first = o
		}
		v.resolveOffer(o)
		open := v.open(o)
		if open {
			trials++
		} else if v.report == nil {
			continue
		}
		fits := v.suits(o) && open
		v.tellCandidate(o, fits, false)
		if fits {
			return first
		}
	}
	v.offer, v.page, v.click.Link = nil, nil, v.in.link
	return first
}

// open tells without judging that the offer the click is resolved to may take
// it: most that do not are paused, excluded, closed to the publisher or off
// target.
func (v *visit) open(o *offer) bool {
	c := &v.click
	if v.dropped() || !o.active || !o.advertised || v.publisher == nil || !o.rules.Admits(v.publisher.doc.ID) || !o.rules.Fits(c) {
		return false
	}
	return o.targeting == nil || o.targeting.rules[c.Plane].Fits(c)
}

// suits judges the click on trial by the offer it is resolved to and tells
// whether it would go through. The verdict is left for tellCandidate; the next
// judgement starts anew.
func (v *visit) suits(o *offer) bool {
	c, report, trial := &v.click, v.report, v.click.Trial
	c.Verdict, c.Trial, v.report = click.Verdict{}, true, nil
	v.judge()
	fits := v.passes() && v.toTarget()
	c.Trial, v.report, v.broken = trial, report, false
	return fits
}

// tellCandidate writes an offer down that was tried, and forgets the trial.
func (v *visit) tellCandidate(o *offer, fits, fallback bool) {
	verdict := &v.click.Verdict
	if v.report != nil {
		s := v.report.SmartLink
		candidate := explain.Candidate{Offer: o.doc.ID, Name: o.doc.Name, Fallback: fallback, Chosen: fits || fallback}
		if !fits {
			candidate.Rejections = reasonCodes(verdict)
		}
		if candidate.Chosen {
			s.Chosen = o.doc.ID
		}
		s.Candidates = append(s.Candidates, candidate)
	}
	*verdict = click.Verdict{}
}
