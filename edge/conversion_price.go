package edge

import "cmp"

// price settles what the conversion earns. What is rejected or not found earns
// nothing; what waits keeps the amounts that it is about.
func (v *conversion) price() {
	if !v.attributable() {
		return
	}
	c := &v.click
	c.Conversion.Currency = cmp.Or(v.offer.doc.Currency, v.in.doc.Currency)
	v.earned = v.offer.terms.Price(c)
	c.Verdict.Payout, c.Verdict.Revenue = v.earned.Payout, v.earned.Revenue
}
