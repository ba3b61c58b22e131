package config

// ConversionsConfig says how conversions are parsed (A1.2), who may send them
// and how they find their click.
type ConversionsConfig struct {
	RequestParametersMapping ConversionParameters `json:"request_parameters_mapping,omitzero" doc:"Query parameters that feed each field; an empty list is the field's own name"`
	// PixelConversionsEnabled takes conversions from browsers, which cannot
	// keep a secret: a valid click id stands in for the secure code.
	PixelConversionsEnabled bool `json:"pixel_conversions_enabled,omitempty" doc:"Takes conversions of pixels and scripts without the secure code, when they carry a valid click id"`
	// AllowedIP is read by ParseAddresses, line by line.
	AllowedIP string `json:"allowed_ip,omitempty" doc:"Addresses that postbacks are taken from, one address, range first-last or network a line; empty is any"`
	// SigningKey makes a signature compulsory, beside the secure code.
	SigningKey string `json:"signing_key,omitempty" doc:"Secret of 16 bytes at least; where it is set, requests must carry an HMAC-SHA256 made with it as signature"`
	// FallbackMatching is for conversions without a click id; nil turns it off
	//
	FallbackMatching *FallbackMatching `json:"fallback_matching,omitempty" doc:"How conversions without a click id find their click; absent, they find none"`
	// AnswerFormat is standard when empty.
	AnswerFormat string `json:"answer_format,omitempty" enum:"standard,affise,tune,metrics24" default:"standard" doc:"System whose answers to conversions are imitated"`
}

// FallbackMatching finds the click of a conversion that names none. The
// conversion's row says by what it was found.
type FallbackMatching struct {
	// By lists what is compared, in the order in which it is tried.
	By []string `json:"by" enum:"device_id,uuid,ip_user_agent" doc:"What is compared, in this order"`
	// WindowSeconds is how old the click may be.
	WindowSeconds int64 `json:"window_seconds" minimum:"60" maximum:"604800" doc:"How old the click may be, in seconds"`
}

// ConversionParameters is ClickParameters for conversion requests (A1.2). The
// fields from ThirdPartyStatus on are ours, for the formats of other systems.
type ConversionParameters struct {
	Advertiser               []string `json:"advertiser,omitempty" doc:"Query parameters that feed advertiser"`
	AppID                    []string `json:"app_id,omitempty" doc:"Query parameters that feed app_id"`
	AppVersion               []string `json:"app_version,omitempty" doc:"Query parameters that feed app_version"`
	BeginInstallTime         []string `json:"begin_install_time,omitempty" doc:"Query parameters that feed begin_install_time"`
	ClickIP                  []string `json:"click_ip,omitempty" doc:"Query parameters that feed click_ip"`
	ClickTime                []string `json:"click_time,omitempty" doc:"Query parameters that feed click_time"`
	ClickTransactionID       []string `json:"click_transaction_id,omitempty" doc:"Query parameters that feed click_transaction_id"`
	DeviceID                 []string `json:"device_id,omitempty" doc:"Query parameters that feed device_id"`
	FinishInstallTime        []string `json:"finish_install_time,omitempty" doc:"Query parameters that feed finish_install_time"`
	Offer                    []string `json:"offer,omitempty" doc:"Query parameters that feed offer"`
	Publisher                []string `json:"publisher,omitempty" doc:"Query parameters that feed publisher"`
	SubID                    []string `json:"sub_id,omitempty" doc:"Query parameters that feed sub_id"`
	SubID2                   []string `json:"sub_id_2,omitempty" doc:"Query parameters that feed sub_id_2"`
	SubID3                   []string `json:"sub_id_3,omitempty" doc:"Query parameters that feed sub_id_3"`
	SubID4                   []string `json:"sub_id_4,omitempty" doc:"Query parameters that feed sub_id_4"`
	SubID5                   []string `json:"sub_id_5,omitempty" doc:"Query parameters that feed sub_id_5"`
	SubID6                   []string `json:"sub_id_6,omitempty" doc:"Query parameters that feed sub_id_6"`
	ThirdPartyRejectedReason []string `json:"third_party_rejected_reason,omitempty" doc:"Query parameters that feed third_party_rejected_reason"`
	ThirdPartyStatus         []string `json:"third_party_status,omitempty" doc:"Query parameters that feed third_party_status"`
	Event                    []string `json:"event,omitempty" doc:"Query parameters that feed event: the number or name of an offer event"`
	ExternalTransactionID    []string `json:"external_transaction_id,omitempty" doc:"Query parameters that feed external_transaction_id"`
	ConversionRef            []string `json:"conversion_ref,omitempty" doc:"Query parameters that feed conversion_ref, the advertiser's own reference"`
	CouponCode               []string `json:"coupon_code,omitempty" doc:"Query parameters that feed coupon_code"`
	UserEmail                []string `json:"user_email,omitempty" doc:"Query parameters that feed user_email"`
	PurchaseValue            []string `json:"purchase_value,omitempty" doc:"Query parameters that feed purchase_value"`
	Revenue                  []string `json:"revenue,omitempty" doc:"Query parameters that feed revenue"`
	Payout                   []string `json:"payout,omitempty" doc:"Query parameters that feed payout"`
	Currency                 []string `json:"currency,omitempty" doc:"Query parameters that feed currency"`
	ConversionTime           []string `json:"conversion_time,omitempty" doc:"Query parameters that feed conversion_time"`
	ConversionIP             []string `json:"conversion_ip,omitempty" doc:"Query parameters that feed conversion_ip"`
	SessionTime              []string `json:"session_time,omitempty" doc:"Query parameters that feed session_time"`
	Status                   []string `json:"status,omitempty" doc:"Query parameters that feed status"`
	NewRejectedReason        []string `json:"new_rejected_reason,omitempty" doc:"Query parameters that feed new_rejected_reason, which rejects a recorded conversion"`
	Secure                   []string `json:"secure,omitempty" doc:"Query parameters that feed secure, the conversion_secure_code"`
}
