package config

import "strconv"

var promotionalMethods = []string{"Content", "Email", "Search", "Social", "Display", "Native", "Push", "SMS", "Other"}

// The longest texts of a blocked sub id, in characters (A16, D-21).
const (
	longestBlockedSubID   = 30
	longestBlockedComment = 255
)

func (v *validator) advertiser(d *Advertiser) {
	v.incrementalID(d.IncrementalID)
	v.uniqueText("external_id", d.Organization, d.ExternalID)
	v.required("name", d.Name)
}

func (v *validator) publisher(d *Publisher) {
	v.incrementalID(d.IncrementalID)
	v.uniqueText("external_id", d.Organization, d.ExternalID)
	v.required("name", d.Name)
	v.list("promotional_method", d.PromotionalMethod, func(method string) error {
		return checkOneOf(method, promotionalMethods)
	})
	v.list("countries", d.Countries, nil)
	v.list("tracking_domain_ids", d.TrackingDomainIDs, nil)
}

func (v *validator) blockedSubID(d *BlockedSubID) {
	byNumber(v, "publisher_incremental_id", KindPublisher, v.publishers, d.PublisherIncrementalID)
	byNumber(v, "offer_incremental_id", KindOffer, v.offers, d.OfferIncrementalID)
	v.required("sub_id", d.SubID)
	v.longest("sub_id", d.SubID, longestBlockedSubID)
	v.longest("description", d.Description, longestBlockedComment)
	pair := strconv.FormatInt(d.PublisherIncrementalID, 10) + "/" + strconv.FormatInt(d.OfferIncrementalID, 10)
	v.uniqueText("sub_id", pair, d.SubID)
}
