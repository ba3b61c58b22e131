package config

// Limits of what shares visitors out.
const (
	// MaxSmartLinkOffers is the greatest number of offers in a smart link.
	MaxSmartLinkOffers = 1000
	// MaxWeight is the greatest weight of an offer in a smart link, or of a
	// landing page.
	MaxWeight = 1_000_000
)

const (
	strategyWeight   = "weight"
	strategyPriority = "priority"
)

var smartLinkStrategies = []string{strategyWeight, strategyPriority}

func (v *validator) smartLink(d *SmartLink) {
	v.parent("integration", KindIntegration, d.Integration)
	v.incrementalID(d.IncrementalID)
	v.required("name", d.Name)
	v.oneOf("strategy", d.Strategy, smartLinkStrategies)
	v.smartLinkOffers(d)
	v.reference("fallback_offer", KindOffer, d.FallbackOffer)
	for i := range d.Offers {
		if d.FallbackOffer != "" && d.Offers[i].Offer == d.FallbackOffer {
			v.fail("fallback_offer", "%s is entry %d of offers already; the fallback takes what they leave", pathOf(Key{KindOffer, d.FallbackOffer}), i)
		}
	}
}

// smartLinkOffers checks the entries, and that there is something to pick.
func (v *validator) smartLinkOffers(d *SmartLink) {
	switch n := len(d.Offers); {
	case n == 0:
		v.fail("offers", "missing; a smart link picks from at least 1 offer")
		return
	case n > MaxSmartLinkOffers:
		v.fail("offers", "must have at most %d entries, found %d", MaxSmartLinkOffers, n)
		return
	}
	first := make(map[string]int, len(d.Offers))
	weighty := d.ByPriority()
	v.within("offers", func() {
		for i := range d.Offers {
			o := &d.Offers[i]
			v.enterIndex(i)
			v.smartLinkOffer(o, d.ByPriority())
			if at, twice := first[o.Offer]; twice && o.Offer != "" {
				v.fail("offer", "%q is given already as entry %d; keep one", shorten(o.Offer), at)
			} else {
				first[o.Offer] = i
			}
			v.leave()
			weighty = weighty || o.Weight != 0
		}
	})
	if !weighty {
		v.fail("offers", "every weight is 0, so that no offer is ever picked; give at least one a weight of 1 to %d", MaxWeight)
	}
}

// smartLinkOffer checks one entry. What the strategy does not look at must be
// left out: who writes a weight expects it to count.
func (v *validator) smartLinkOffer(o *SmartLinkOffer, byPriority bool) {
	if o.Offer == "" {
		v.fail("offer", "missing; it is the opaque id of an offer")
	}
	v.reference("offer", KindOffer, o.Offer)
	v.weight(o.Weight)
	if byPriority && o.Weight != 0 {
		v.fail("weight", "is for the strategy weight, and this one is priority; leave it out")
	}
	if !byPriority && o.Priority != 0 {
		v.fail("priority", "is for the strategy priority, and this one is weight; leave it out")
	}
}

// weight checks a share of visitors.
func (v *validator) weight(n int64) {
	if n < 0 || n > MaxWeight {
		v.fail("weight", "must be from 0 to %d, found %d", MaxWeight, n)
	}
}
