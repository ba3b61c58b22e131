package config

import (
	"fmt"
	"strings"
)

var (
	customPayoutTypes  = append([]string{"Unknown"}, payoutTypes...)
	customRevenueTypes = append([]string{"Unknown"}, revenueTypes...)
	platforms          = []string{"Unknown", "HasOffers", "Everflow", "Affise"}
	throttleStatuses   = []string{"Rejected", "Pending"}
	throttleOperators  = []string{"is any of"}
)

func (v *validator) offerEvent(d *OfferEvent) {
	offer, _ := v.parent("offer", KindOffer, d.Offer).(*Offer)
	v.incrementalID(d.IncrementalID)
	v.required("name", d.Name)
	v.terms(&d.Terms, payoutTypes, revenueTypes)
	group, _ := v.reference("fraud_filter_group_id", KindFraudFilterGroup, d.FraudFilterGroupID).(*FraudFilterGroup)
	if offer != nil && group != nil && group.Integration != offer.Integration && offer.Integration != "" {
		v.failOn("fraud_filter_group_id", belonging(group.Key(), fmt.Sprintf("integration %q, the offer to %q", group.Integration, offer.Integration)))
	}
}

// terms checks the fields of A7.1 at the present place.
func (v *validator) terms(p *Payout, payouts, revenues []string) {
	v.amount("payout", p.Payout)
	v.percent("payout_percent", p.PayoutPercent)
	v.oneOf("payout_type", p.PayoutType, payouts)
	v.amount("revenue", p.Revenue)
	v.percent("revenue_percent", p.RevenuePercent)
	v.oneOf("revenue_type", p.RevenueType, revenues)
}

func (v *validator) customPayout(d *CustomPayout) {
	v.byNumber("publisher_incremental_id", KindPublisher, d.PublisherIncrementalID)
	offer, _ := v.byNumber("offer_incremental_id", KindOffer, d.OfferIncrementalID).(*Offer)
	if d.EventIncrementalID != 0 {
		event, _ := v.byNumber("event_incremental_id", KindOfferEvent, d.EventIncrementalID).(*OfferEvent)
		v.eventOfOffer(event, offer)
	}
	v.terms(&Payout{d.Payout, d.PayoutPercent, d.PayoutType, d.Revenue, d.RevenuePercent, d.RevenueType}, customPayoutTypes, customRevenueTypes)
	v.oneOf("platform", d.Platform, platforms)
}

// eventOfOffer checks that the event is one of the offer.
func (v *validator) eventOfOffer(event *OfferEvent, offer *Offer) {
	if event != nil && offer != nil && event.Offer != "" && event.Offer != offer.ID {
		v.failOn("event_incremental_id", belonging(event.Key(), pathOf(Key{KindOffer, event.Offer})+", not to "+pathOf(offer.Key())))
	}
}

func (v *validator) customThrottle(d *CustomThrottle) {
	v.byNumber("publisher_incremental_id", KindPublisher, d.PublisherIncrementalID)
	v.byNumber("offer_incremental_id", KindOffer, d.OfferIncrementalID)
	if v.notNegative("throttle_percentage", d.ThrottlePercentage); d.ThrottlePercentage > 100 {
		v.fail("throttle_percentage", "must be at most 100, found %d", d.ThrottlePercentage)
	}
	v.oneOf("throttle_status", d.ThrottleStatus, throttleStatuses)
	v.within("additional_filters", func() {
		for name, condition := range d.AdditionalFilters.conditions() {
			v.throttleCondition(name, condition)
		}
	})
}

// conditions yields the conditions that are given, by their field names.
func (f *ThrottleFilter) conditions() func(yield func(string, *ThrottleCondition) bool) {
	return func(yield func(string, *ThrottleCondition) bool) {
		for i, c := range []*ThrottleCondition{f.SubID, f.SubID2, f.SubID3, f.SubID4, f.SubID5, f.SubID6} {
			name := "sub_id"
			if i > 0 {
				name = fmt.Sprintf("sub_id_%d", i+1)
			}
			if c != nil && !yield(name, c) {
				return
			}
		}
	}
}

func (v *validator) throttleCondition(field string, c *ThrottleCondition) {
	v.within(field, func() {
		v.required("operator", c.Operator)
		v.oneOf("operator", c.Operator, throttleOperators)
		if len(c.Values) == 0 {
			v.fail("values", "missing; without values the condition never holds")
		}
		v.list("values", c.Values, nil)
	})
}

func (v *validator) dictionary(integration, source, name string) {
	v.parent("integration", KindIntegration, integration)
	v.required("source_id", source)
	v.required("friendly_name", name)
}

func (v *validator) publisherSubID(d *PublisherSubID) {
	v.parent("publisher", KindPublisher, d.Publisher)
	v.required("external_id", d.ExternalID)
	v.required("name", d.Name)
	v.longest("external_id", d.ExternalID, 50)
	if !madeOf(d.ExternalID, 0, 200, isURLByte) {
		v.fail("external_id", `must have only characters that a URL carries as they are (letters, digits, "-", ".", "_", "~"), found %q`, shorten(d.ExternalID))
	}
	v.longest("name", d.Name, 100)
	v.longest("description", d.Description, 2000)
	v.longest("external_link", d.ExternalLink, 255)
}

// isURLByte tells unreserved characters (RFC 3986, section 2.3).
func isURLByte(c byte) bool {
	return isLetter(c) || isDigit(c) || strings.IndexByte("-._~", c) >= 0
}
