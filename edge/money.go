package edge

import (
	"fmt"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/price"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/internal/click"
)

// commerce is what an offer's traffic is worth.
type commerce struct {
	terms *price.Terms
	// paymentPages are the targets of payment items, by their place in the
	// document; nil where an item has none.
	paymentPages []*redirect.Template
}

func (c *compiler) newCommerce(d offerDocuments, defaults *config.Amounts) (m commerce) {
	doc := d.offer
	m.terms = price.Compile(doc, defaults, standing(d.events), d.payouts)
	for i := range doc.Payments {
		m.paymentPages = append(m.paymentPages, c.template(doc.Key(), fmt.Sprintf("payments[%d].url", i), doc.Payments[i].URL))
	}
	return m
}

// standing are the events that are not archived.
func standing(events []*config.OfferEvent) (list []*config.OfferEvent) {
	for _, doc := range events {
		if !doc.Archived {
			list = append(list, doc)
		}
	}
	return list
}

// earn books what the click earns. Nothing is earned by what is not a visit or
// did not pass (D-29).
func (v *visit) earn() {
	c := &v.click
	if c.Purpose != click.Visit || c.Verdict.Blocked || v.offer == nil || v.overCap {
		return
	}
	v.earned = v.offer.terms.Price(c)
	c.Verdict.Payout, c.Verdict.Revenue = v.earned.Payout, v.earned.Revenue
}

// paymentPage is the target of the payment item that the click is for, or nil
// (A26.2).
func (v *visit) paymentPage() *redirect.Template {
	if v.offer == nil {
		return nil
	}
	if at, ok := v.offer.terms.Target(&v.click); ok {
		return v.offer.paymentPages[at]
	}
	return nil
}
