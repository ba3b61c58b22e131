package click

import "math/bits"

// Filter is a type of fraud filter (table C1 of part C). The numbers are those
// of the bits of a FilterSet and the order of verdicts in event rows.
type Filter uint8

// The filter types.
const (
	FilterBot Filter = iota
	FilterVPN
	FilterOldBrowser
	FilterOldOS
	FilterDeviceID
	FilterParameter
	FilterSubIDValidityCheck
	FilterDuplicateUser
	FilterUserFrequency
	FilterClickFlooding
	FilterImpressionFlooding
	FilterISP
	FilterKeyword
	FilterReferer
	FilterSiteURL
	FilterConversionRejectionThreshold
	FilterHighConversionRate
	FilterLowConversionRate
	FilterClickSpam
	FilterLowSessionTimeAnomaly
	FilterMinimumSessionTime
	FilterMaximumSessionTime
	FilterThirdPartyRejection
	FilterWrongInstallTime

	// FilterCount is the number of types.
	FilterCount
)

var filterCodes = [FilterCount]string{
	FilterBot:                          "BOT",
	FilterVPN:                          "VPN",
	FilterOldBrowser:                   "OLD_BROWSER",
	FilterOldOS:                        "OLD_OS",
	FilterDeviceID:                     "DEVICE_ID",
	FilterParameter:                    "PARAMETER",
	FilterSubIDValidityCheck:           "SUB_ID_VALIDITY_CHECK",
	FilterDuplicateUser:                "DUPLICATE_USER",
	FilterUserFrequency:                "USER_FREQUENCY",
	FilterClickFlooding:                "CLICK_FLOODING",
	FilterImpressionFlooding:           "IMPRESSION_FLOODING",
	FilterISP:                          "ISP",
	FilterKeyword:                      "KEYWORD",
	FilterReferer:                      "REFERER",
	FilterSiteURL:                      "SITE_URL",
	FilterConversionRejectionThreshold: "CONVERSION_REJECTION_THRESHOLD",
	FilterHighConversionRate:           "HIGH_CONVERSION_RATE",
	FilterLowConversionRate:            "LOW_CONVERSION_RATE",
	FilterClickSpam:                    "CLICK_SPAM",
	FilterLowSessionTimeAnomaly:        "LOW_SESSION_TIME_ANOMALY",
	FilterMinimumSessionTime:           "MINIMUM_SESSION_TIME",
	FilterMaximumSessionTime:           "MAXIMUM_SESSION_TIME",
	FilterThirdPartyRejection:          "THIRD_PARTY_REJECTION",
	FilterWrongInstallTime:             "WRONG_INSTALL_TIME",
}

// String is the type's code, such as CLICK_FLOODING.
func (f Filter) String() string { return filterCodes[f] }

// FilterSet is a set of filter types.
type FilterSet uint32

// A FilterSet has room for 32 types.
var _ = [32 - FilterCount]struct{}{}

// With returns s and f.
func (s FilterSet) With(f Filter) FilterSet { return s | 1<<f }

// Has tells whether f is in s.
func (s FilterSet) Has(f Filter) bool { return s&(1<<f) != 0 }

// Empty tells whether s has no type.
func (s FilterSet) Empty() bool { return s == 0 }

// Next returns the first type of s and s without it; s must not be empty.
func (s FilterSet) Next() (Filter, FilterSet) {
	return Filter(bits.TrailingZeros32(uint32(s))), s & (s - 1)
}
