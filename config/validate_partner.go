package config

var promotionalMethods = []string{"Content", "Email", "Search", "Social", "Display", "Native", "Push", "SMS", "Other"}

// The longest texts of a blocked sub id, in characters (A16, D-21).
const (
	longestBlockedSubID   = 30
	longestBlockedComment = 255
)

func (v *validator) advertiser(d *Advertiser) {
	v.incrementalID(d.IncrementalID)
	v.required("name", d.Name)
	v.references("blocked_publisher_ids", KindPublisher, d.BlockedPublisherIDs)
	v.addressList("allowed_ip", d.AllowedIP)
	v.subAccounts(&d.SubAccounts)
}

func (v *validator) publisher(d *Publisher) {
	v.incrementalID(d.IncrementalID)
	v.required("name", d.Name)
	v.list("promotional_method", d.PromotionalMethod, func(method string) error {
		return checkOneOf(method, promotionalMethods)
	})
	v.list("countries", d.Countries, nil)
	v.list("tracking_domain_ids", d.TrackingDomainIDs, nil)
	v.caps(len(d.Caps), func(i int) { v.cap(&d.Caps[i]) })
	v.timezone("caps_timezone", d.CapsTimezone)
}

func (v *validator) blockedSubID(d *BlockedSubID) {
	v.byNumber("publisher_incremental_id", KindPublisher, d.PublisherIncrementalID)
	v.byNumber("offer_incremental_id", KindOffer, d.OfferIncrementalID)
	v.required("sub_id", d.SubID)
	v.longest("sub_id", d.SubID, longestBlockedSubID)
	v.longest("description", d.Description, longestBlockedComment)
}
