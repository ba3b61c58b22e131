package click

import "math/bits"

// Reason is a code that says why a click was rejected. The codes are one list
// for filters, targeting, links and metrics; event rows carry String.
type Reason uint8

// The reasons. Their order is the order of "rejections" in an event row after
// the primary one. None is no reason.
const (
	None Reason = iota

	// Fraud filters (part C), one per filter type that has no finer ones.
	Bot
	VPNReason
	ISP
	ClickFlooding
	ImpressionFlooding
	DuplicateIP
	DuplicateIPv6
	DuplicateUUID
	DuplicateFingerprint
	DuplicateDeviceID
	OldBrowser
	OldOS
	DeviceIDInvalid
	ParameterInvalid
	SubIDInvalid
	KeywordReason
	RefererReason
	SiteURLReason
	ConversionRejections
	HighConversionRate
	LowConversionRate
	ClickSpam
	LowSessionTime
	MinimumSessionTime
	MaximumSessionTime
	ThirdPartyRejection
	WrongInstallTime

	// Targeting.
	TargetingCountry
	TargetingCity
	TargetingBrowser
	TargetingDeviceType
	TargetingOS
	TargetingOSVersion
	TargetingIP
	TargetingLanguage
	// Rules of the offer.
	StrictCountry
	StrictOS
	StrictISP
	StrictConnectionType
	IPNotAllowed
	IPNotUnique
	SubAccountNotAllowed
	SubRestricted
	Scheduled // outside the offer's schedule

	// The link and who sent it.
	OfferUnknown
	OfferInactive
	OfferNotAllowed // the publisher may not use the offer
	AdvertiserInactive
	PublisherUnknown
	PublisherInactive
	LandingPageUnknown
	SmartLinkUnknown
	SmartLinkExhausted // no offer of the smart link takes the click
	SubIDBlocked
	NoTarget           // the link has nowhere to send the visitor
	CapReached         // a cap of the offer or publisher is full

	// Conversions.
	ClickRejected      // the click was not let through to the offer
	OfferMismatch      // the request names another offer than the click's
	AdvertiserRejected // the advertiser says so, at once or later
	Throttled

	reasonCount
)

type reasonInfo struct{ code, label, kind string }

// Kinds of rejection: the value of rejection_type in event rows.
const (
	KindFraud      = "fraud"
	KindTargeting  = "targeting"
	KindLink       = "link"
	KindCap        = "cap"
	KindAdvertiser = "advertiser"
	KindThrottle   = "throttle"
)

var reasons = [reasonCount]reasonInfo{
	None:                 {"", "", ""},
	Bot:                  {"BOT", "Bot", KindFraud},
	VPNReason:            {"VPN", "VPN or proxy", KindFraud},
	ISP:                  {"ISP", "Internet service provider", KindFraud},
	ClickFlooding:        {"CLICK_FLOODING", "Click flooding", KindFraud},
	ImpressionFlooding:   {"IMPRESSION_FLOODING", "Impression flooding", KindFraud},
	DuplicateIP:          {"DUPLICATE_IP", "Duplicate IP", KindFraud},
	DuplicateIPv6:        {"DUPLICATE_IPV6", "Duplicate IPv6 network", KindFraud},
	DuplicateUUID:        {"DUPLICATE_UUID", "Duplicate visitor id", KindFraud},
	DuplicateFingerprint: {"DUPLICATE_FINGERPRINT", "Duplicate fingerprint", KindFraud},
	DuplicateDeviceID:    {"DUPLICATE_DEVICE_ID", "Duplicate device id", KindFraud},
	OldBrowser:           {"OLD_BROWSER", "Old browser", KindFraud},
	OldOS:                {"OLD_OS", "Old operating system", KindFraud},
	DeviceIDInvalid:      {"DEVICE_ID", "Missing or invalid device id", KindFraud},
	ParameterInvalid:     {"PARAMETER", "Request parameter not allowed", KindFraud},
	SubIDInvalid:         {"SUB_ID_VALIDITY_CHECK", "Invalid sub id", KindFraud},
	KeywordReason:        {"KEYWORD", "Search keyword", KindFraud},
	RefererReason:        {"REFERER", "Referer", KindFraud},
	SiteURLReason:        {"SITE_URL", "Site of the impression", KindFraud},
	ConversionRejections: {"CONVERSION_REJECTION_THRESHOLD", "Too many rejected conversions", KindFraud},
	HighConversionRate:   {"HIGH_CONVERSION_RATE", "High conversion rate", KindFraud},
	LowConversionRate:    {"LOW_CONVERSION_RATE", "Low conversion rate", KindFraud},
	ClickSpam:            {"CLICK_SPAM", "Click spam", KindFraud},
	LowSessionTime:       {"LOW_SESSION_TIME_ANOMALY", "Low session times", KindFraud},
	MinimumSessionTime:   {"MINIMUM_SESSION_TIME", "Session too short", KindFraud},
	MaximumSessionTime:   {"MAXIMUM_SESSION_TIME", "Session too long", KindFraud},
	ThirdPartyRejection:  {"THIRD_PARTY_REJECTION", "Rejected by the other platform", KindFraud},
	WrongInstallTime:     {"WRONG_INSTALL_TIME", "Install times contradict each other", KindFraud},
	TargetingCountry:     {"TARGETING_COUNTRY", "Country not targeted", KindTargeting},
	TargetingCity:        {"TARGETING_CITY", "City not targeted", KindTargeting},
	TargetingBrowser:     {"TARGETING_BROWSER", "Browser not targeted", KindTargeting},
	TargetingDeviceType:  {"TARGETING_DEVICE_TYPE", "Device type not targeted", KindTargeting},
	TargetingOS:          {"TARGETING_OS", "Operating system not targeted", KindTargeting},
	TargetingOSVersion:   {"TARGETING_OS_VERSION", "OS version not targeted", KindTargeting},
	TargetingIP:          {"TARGETING_IP", "Address not targeted", KindTargeting},
	TargetingLanguage:    {"TARGETING_LANGUAGE", "Language not targeted", KindTargeting},
	StrictCountry:        {"STRICT_COUNTRY", "Country not accepted by the offer", KindTargeting},
	StrictOS:             {"STRICT_OS", "Operating system not accepted by the offer", KindTargeting},
	StrictISP:            {"STRICT_ISP", "Internet provider not accepted by the offer", KindTargeting},
	StrictConnectionType: {"STRICT_CONNECTION_TYPE", "Connection type not accepted by the offer", KindTargeting},
	IPNotAllowed:         {"IP_NOT_ALLOWED", "Address not accepted by the offer", KindTargeting},
	IPNotUnique:          {"IP_NOT_UNIQUE", "Address has clicked on the offer before", KindTargeting},
	SubAccountNotAllowed: {"SUB_ACCOUNT_NOT_ALLOWED", "Sub account not accepted by the offer", KindLink},
	SubRestricted:        {"SUB_RESTRICTED", "Restricted pair of sub ids", KindLink},
	Scheduled:            {"OFFER_SCHEDULE", "Outside the offer's schedule", KindLink},
	OfferUnknown:         {"OFFER_UNKNOWN", "Unknown offer", KindLink},
	OfferInactive:        {"OFFER_INACTIVE", "Inactive offer", KindLink},
	OfferNotAllowed:      {"OFFER_NOT_ALLOWED", "Publisher may not use the offer", KindLink},
	AdvertiserInactive:   {"ADVERTISER_INACTIVE", "Inactive advertiser", KindLink},
	PublisherUnknown:     {"PUBLISHER_UNKNOWN", "Unknown publisher", KindLink},
	PublisherInactive:    {"PUBLISHER_INACTIVE", "Inactive publisher", KindLink},
	LandingPageUnknown:   {"LANDING_PAGE_UNKNOWN", "Unknown landing page", KindLink},
	SmartLinkUnknown:     {"SMART_LINK_UNKNOWN", "Unknown smart link", KindLink},
	SmartLinkExhausted:   {"SMART_LINK_EXHAUSTED", "No offer of the smart link takes the click", KindLink},
	SubIDBlocked:         {"SUB_ID_BLOCKED", "Blocked sub id", KindLink},
	NoTarget:             {"NO_TARGET", "Link without a target", KindLink},
	CapReached:           {"CAP_REACHED", "Cap reached", KindCap},
	ClickRejected:        {"CLICK_REJECTED", "The click was rejected", KindFraud},
	OfferMismatch:        {"OFFER_MISMATCH", "The click is another offer's", KindLink},
	AdvertiserRejected:   {"ADVERTISER_REJECTED", "Rejected by the advertiser", KindAdvertiser},
	Throttled:            {"THROTTLED", "Throttled", KindThrottle},
}

// String is the reason's code, such as BOT; empty for None.
func (r Reason) String() string { return reasons[r].code }

// Label is the reason in words for people.
func (r Reason) Label() string { return reasons[r].label }

// Kind is the kind of rejection, such as KindFraud.
func (r Reason) Kind() string { return reasons[r].kind }

// Reasons lists every reason in order.
func Reasons() []Reason {
	all := make([]Reason, 0, reasonCount-1)
	for r := None + 1; r < reasonCount; r++ {
		all = append(all, r)
	}
	return all
}

// ReasonSet is a set of reasons.
type ReasonSet uint64

// A ReasonSet has room for 64 reasons.
var _ = [64 - reasonCount]struct{}{}

// SetOf returns the set of the given reasons.
func SetOf(rs ...Reason) ReasonSet {
	var s ReasonSet
	for _, r := range rs {
		s = s.With(r)
	}
	return s
}

// With returns s and r.
func (s ReasonSet) With(r Reason) ReasonSet { return s | 1<<r }

// Union returns the reasons of both sets.
func (s ReasonSet) Union(t ReasonSet) ReasonSet { return s | t }

// Has tells whether r is in s.
func (s ReasonSet) Has(r Reason) bool { return s&(1<<r) != 0 }

// Empty tells whether s has no reason.
func (s ReasonSet) Empty() bool { return s == 0 }

// Next returns the first reason of s and s without it; None when s is empty.
func (s ReasonSet) Next() (Reason, ReasonSet) {
	if s == 0 {
		return None, 0
	}
	return Reason(bits.TrailingZeros64(uint64(s))), s & (s - 1)
}
