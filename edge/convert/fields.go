// Package convert reads conversions: which parameters a request has, whoever
// sent it in whatever form, which field each feeds, who vouches for it, which
// click it may belong to, and what makes two of them the same. It judges and
// prices nothing.
package convert

// Field is a value of a conversion that a parameter feeds (A1.2, R-22).
type Field uint8

// The fields.
const (
	ClickID Field = iota // transaction id of the click
	Offer
	Publisher
	Advertiser
	SubID
	SubID2
	SubID3
	SubID4
	SubID5
	SubID6
	DeviceID
	UUID
	ClickIP
	ClickTime
	ConversionIP
	ConversionTime
	SessionTime // seconds from click to conversion, for a click that we do not know
	AppID
	AppVersion
	BeginInstallTime
	FinishInstallTime
	Event
	ExternalTransactionID
	ConversionRef
	PurchaseValue
	Revenue
	Payout
	Currency
	CouponCode
	UserEmail
	UserAgent
	Status
	ThirdPartyStatus
	ThirdPartyRejectedReason
	NewRejectedReason // turns a recorded conversion into a rejected one
	Secure
	Signature
	JSON
	AnswerFields
	JSCheckData

	fieldCount
)

// canonical are the names of the fields that no list names, in the order in
// which they are tried.
var canonical = [fieldCount][]string{
	ClickID:                  {"transaction_id", "click_id", "tx_id", "click_transaction_id"},
	Offer:                    {"offer_id", "offer"},
	Publisher:                {"publisher_id", "publisher"},
	Advertiser:               {"advertiser_id", "advertiser"},
	SubID:                    {"sub_id"},
	SubID2:                   {"sub_id_2"},
	SubID3:                   {"sub_id_3"},
	SubID4:                   {"sub_id_4"},
	SubID5:                   {"sub_id_5"},
	SubID6:                   {"sub_id_6"},
	DeviceID:                 {"device_id"},
	UUID:                     {"uuid"},
	ClickIP:                  {"click_ip"},
	ClickTime:                {"click_time"},
	ConversionIP:             {"conversion_ip"},
	ConversionTime:           {"conversion_time"},
	SessionTime:              {"session_time"},
	AppID:                    {"app_id"},
	AppVersion:               {"app_version"},
	BeginInstallTime:         {"begin_install_time"},
	FinishInstallTime:        {"finish_install_time"},
	Event:                    {"event_id", "event", "goal"},
	ExternalTransactionID:    {"external_transaction_id"},
	ConversionRef:            {"conversion_ref"},
	PurchaseValue:            {"purchase_value"},
	Revenue:                  {"revenue"},
	Payout:                   {"payout"},
	Currency:                 {"currency"},
	CouponCode:               {"coupon_code"},
	UserEmail:                {"user_email"},
	UserAgent:                {"user_agent"},
	Status:                   {"status"},
	ThirdPartyStatus:         {"third_party_status"},
	ThirdPartyRejectedReason: {"third_party_rejected_reason"},
	NewRejectedReason:        {"new_rejected_reason"},
	Secure:                   {"secure"},
	Signature:                {"signature"},
	JSON:                     {"json"},
	AnswerFields:             {"fields"},
	JSCheckData:              {"js_check_data"},
}

// secrets are the fields whose values are forgotten once they were checked: no
// row and no log may hold them.
var secrets = [...]Field{Secure, Signature}

// String is the field's first canonical name.
func (f Field) String() string { return canonical[f][0] }
