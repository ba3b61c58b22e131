package click

import "github.com/clickgate/clickgate/internal/money"

// Verdict is what was decided about a click.
type Verdict struct {
	// Rejections are all reasons to reject, Primary the first that was found,
	// Detail says more about it (empty or valid as long as the click).
	Rejections ReasonSet
	Primary    Reason
	Detail     string

	// Monitoring is the effective monitoring mode: a rejected
	// click passed all the same.
	Monitoring bool
	// Blocked tells that the visitor was not let through to the offer.
	Blocked bool
	// BlockPage tells that a filter, the offer or the integration demands the
	// blank page.
	BlockPage bool
	// PreviewUsed tells that a rejected click went to the preview URL.
	PreviewUsed bool

	// Passed, Hit and Unknown are the verdicts of all filters that ran; what is
	// Suspicious met a filter's condition, whatever its threshold let through
	// (C2).
	Passed, Hit, Unknown, Suspicious FilterSet

	// InvalidSubID tells that the sub id failed its validity check, SurplusSubID
	// that the publisher uses too many: it is reported as TOO_MANY_UNIQUE_SUB_ID
	// and the advertiser gets UnifiedSubID, where set (C3).
	InvalidSubID, SurplusSubID bool
	UnifiedSubID               string

	FilterGroupID    string // the group that judged; empty for the defaults
	TargetingGroupID string
	// SmartLinkID and SmartLinkNumber name the smart link that the click came
	// through, FinalOfferNumber and FinalOfferName the offer it ended at when that
	// is another than the link named.
	SmartLinkID, SmartLinkNumber     string
	FinalOfferNumber, FinalOfferName string
	RejectedLanguage                 string

	Payout, Revenue money.Amount
}

// Rejected tells whether anything said no; monitoring does not change it.
func (v *Verdict) Rejected() bool { return !v.Rejections.Empty() }

// Reject adds a reason. The first one becomes the primary reason.
func (v *Verdict) Reject(r Reason, detail string) {
	if v.Rejections.Empty() {
		v.Primary, v.Detail = r, detail
	}
	v.Rejections = v.Rejections.With(r)
}
