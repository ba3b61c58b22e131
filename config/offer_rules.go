package config

// OfferRules are what an offer asks of a click beyond its targeting: who may
// promote it, when, from where and with what. A
// click that does not fit is rejected and goes to the fallback.
type OfferRules struct {
	// TermsAcceptedPublisherIDs are the publishers that accepted the terms;
	// with TermsAndConditionsEnabled the others are barred.
	TermsAcceptedPublisherIDs []string `json:"terms_accepted_publisher_ids,omitempty" doc:"Opaque ids of the publishers that accepted the terms; where terms must be accepted the others are barred"`
	// BlockedPublisherIDs are barred, approved or not.
	BlockedPublisherIDs []string `json:"blocked_publisher_ids,omitempty" doc:"Opaque ids of publishers that must not use the offer, approved or not"`

	// StartAt and StopAt are read by ParseMoment, in Timezone where they name
	// no offset. Both are inclusive.
	StartAt string `json:"start_at,omitempty" doc:"First day or minute of the offer, such as 2026-03-01 or 2026-03-01T08:00, in its time zone; empty has no start"`
	StopAt  string `json:"stop_at,omitempty" doc:"Last day or minute of the offer, inclusive, such as 2026-03-31; empty has no end"`
	// Timezone is UTC when it is empty.
	Timezone string   `json:"timezone,omitempty" doc:"IANA time zone of start_at, stop_at and schedule, such as Europe/Berlin; empty is UTC"`
	Schedule Schedule `json:"schedule,omitzero" doc:"Hours in which clicks are taken; empty is always"`

	// Countries are information only without StrictlyCountry.
	Countries       []string   `json:"countries,omitempty" doc:"ISO country codes the offer is for; enforced with strictly_country only"`
	StrictlyCountry bool       `json:"strictly_country,omitempty" doc:"Rejects clicks from other countries than those of countries"`
	StrictlyOS      []StrictOS `json:"strictly_os,omitempty" doc:"Operating systems that clicks must come from; empty is any"`
	// StrictlyISP holds names and AS numbers, as ParseASN tells them apart.
	StrictlyISP            []string `json:"strictly_isp,omitempty" doc:"Internet providers that clicks must come from: words of the name such as Vodafone, whatever the case, or AS numbers such as AS3320; empty is any"`
	StrictlyConnectionType string   `json:"strictly_connection_type,omitempty" enum:"wifi,cellular,all" doc:"Sort of connection that clicks must come over; wifi is every one that is not cellular, all and empty are any"`

	// AllowedIP and DisallowedIP are read by ParseAddresses, line by line
	// (R-47, D-23).
	AllowedIP    string `json:"allowed_ip,omitempty" doc:"Addresses that postbacks for the offer are taken from, one address, range first-last or network a line; empty leaves it to the advertiser"`
	DisallowedIP string `json:"disallowed_ip,omitempty" doc:"Addresses whose clicks are rejected, one address, range first-last or network a line"`
	UniqIPOnly   bool   `json:"uniq_ip_only,omitempty" doc:"Only the first click of an address on the offer is taken, within click_session or as long as addresses are remembered, which is shorter"`
	// ClickSession is read by ParseClickSession; empty is DefaultClickSession
	//
	ClickSession string `json:"click_session,omitempty" doc:"How long a click may earn a conversion: numbers with y, m (months), w, d, h, i (minutes) and s, such as 1y2m3w4d5h6i7s; empty is 1y"`

	SubRestrictions []SubPair `json:"sub_restrictions,omitempty" doc:"Pairs of sub ids whose clicks are rejected"`
	SubAccounts
}

// StrictOS is an operating system of a strict list (A26.4). web is every known
// system that is none of the others.
type StrictOS struct {
	OS string `json:"os" enum:"web,wp,ios,android" doc:"The system; web is every known one but the others"`
	// Versions are major or major.minor and cover what begins with them.
	Versions []string `json:"versions,omitempty" doc:"Versions such as 14 or 4.4, which cover those that begin with them; empty is any"`
}

// SubPair is a pair of sub ids, compared exactly.
type SubPair struct {
	Sub1 string `json:"sub1" doc:"The first sub id"`
	Sub2 string `json:"sub2,omitempty" doc:"The second sub id; empty is a click without one"`
}

// SubAccounts are the sub ids that an offer or an advertiser takes.
type SubAccounts struct {
	// SubAccount1 and SubAccount2 are lists with commas, see SplitSubAccounts.
	SubAccount1       string `json:"sub_account_1,omitempty" doc:"First sub ids that are taken, with commas between them; empty is any"`
	SubAccount1Except bool   `json:"sub_account_1_except,omitempty" doc:"Takes all first sub ids but those of sub_account_1"`
	SubAccount2       string `json:"sub_account_2,omitempty" doc:"Second sub ids that are taken, with commas between them; empty is any"`
	SubAccount2Except bool   `json:"sub_account_2_except,omitempty" doc:"Takes all second sub ids but those of sub_account_2"`
}

// Schedule are the hours in which an offer takes clicks, by the day that they
// begin on, each as ParseHours reads it. Once any day has hours, a day without
// is closed.
type Schedule struct {
	Mon []string `json:"mon,omitempty" doc:"Hours of Mondays, such as 08:00-20:00, or 22:00-06:00 into the next day"`
	Tue []string `json:"tue,omitempty" doc:"Hours of Tuesdays"`
	Wed []string `json:"wed,omitempty" doc:"Hours of Wednesdays"`
	Thu []string `json:"thu,omitempty" doc:"Hours of Thursdays"`
	Fri []string `json:"fri,omitempty" doc:"Hours of Fridays"`
	Sat []string `json:"sat,omitempty" doc:"Hours of Saturdays"`
	Sun []string `json:"sun,omitempty" doc:"Hours of Sundays"`
}

// Days are the hours of every day, in the order of time.Weekday.
func (s *Schedule) Days() [7][]string {
	return [7][]string{s.Sun, s.Mon, s.Tue, s.Wed, s.Thu, s.Fri, s.Sat}
}
