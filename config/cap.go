package config

import "github.com/clickgate/clickgate/internal/money"

// Cap bounds what is counted in a period (A26.5, R-55). A surplus conversion is
// recorded as pending_cap; surplus clicks go on or elsewhere.
type Cap struct {
	// Period is a calendar day or month in the time zone of the caps, or the
	// whole time.
	Period string `json:"period" enum:"day,month,all" doc:"Time that is counted over: a calendar day, a calendar month or all time"`
	// Type budget is the payout. Amounts are in the currency of the offer.
	Type string `json:"type" enum:"budget,conversions,clicks,impressions,revenue,events" doc:"What is counted; budget is the payout"`
	// Value is the most that is let through.
	Value money.Amount `json:"value" doc:"The limit, more than 0; an amount for budget and revenue, a whole number for the others"`
	// GoalType is all when empty: one counter for all goals. each has one for
	// each goal, or each of Goals; exact has one for Goals together (D-19).
	// Clicks and impressions have no goals.
	GoalType string `json:"goal_type,omitempty" enum:"all,each,exact" default:"all" doc:"One counter for all goals, one for each, or one for those of goals together"`
	// Goals are offer events by number or name; 0 is the initial conversion,
	// as is its name.
	Goals []string `json:"goals,omitempty" maxItems:"100" doc:"Numbers or names of offer events, 0 is the initial conversion; required for exact, and with each those that have a counter"`
	// SubIDEach has a counter for each first sub id, on top of the other
	// scopes.
	SubIDEach bool `json:"sub_id_each,omitempty" doc:"One counter for each first sub id of a publisher"`
}

// OfferCap is a cap of an offer, with its scope over publishers.
type OfferCap struct {
	Cap
	// AffiliateType and Affiliates are to publishers what GoalType and Goals
	// are to goals.
	AffiliateType string  `json:"affiliate_type,omitempty" enum:"all,each,exact" default:"all" doc:"One counter for all publishers, one for each, or one for those of affiliates together"`
	Affiliates    []int64 `json:"affiliates,omitempty" maxItems:"1000" doc:"Numbers of publishers; required for exact, and with each those that have a counter"`
}

// ConversionRules are what an offer asks of its conversions.
type ConversionRules struct {
	// HoldPeriod is how long an approved conversion is on hold first.
	HoldPeriod int64 `json:"hold_period,omitempty" minimum:"0" maximum:"60" doc:"Days for which conversions are on hold before they are approved; 0 is none"`
	// UniqueConversionRefs takes a conversion reference once, whatever its
	// click.
	UniqueConversionRefs bool `json:"unique_conversion_refs,omitempty" doc:"Takes each conversion_ref once"`
	// ConversionHiatusPeriod is counted from the last conversion of the click
	// that was recorded.
	ConversionHiatusPeriod int64 `json:"conversion_hiatus_period,omitempty" minimum:"0" maximum:"31536000" doc:"Seconds that must lie between two conversions of one click; 0 is no pause"`

	Caps []OfferCap `json:"caps,omitempty" maxItems:"50" doc:"Limits of what is counted; each holds by itself"`
	// CapsStatus are the statuses of the conversions and events that count
	// . When it is empty these are confirmed, pending and hold: what is
	// paid or may yet be. Rejected conversions never were the advertiser's, and
	// those over a cap must not keep it full.
	CapsStatus []string `json:"caps_status,omitempty" enum:"confirmed,pending,hold,not_found,declined" doc:"Statuses of conversions and events that count toward caps; empty is confirmed, pending and hold"`
	// CapsTimezone is the offer's time zone when empty, else UTC.
	CapsTimezone string `json:"caps_timezone,omitempty" doc:"IANA time zone of the days and months of caps; empty is that of the offer, else UTC"`
	// IsRedirectOvercap sends clicks to the fallback while a cap is full
	// (R-56, D-19: a cap of any period).
	IsRedirectOvercap bool `json:"is_redirect_overcap,omitempty" doc:"Sends clicks to the fallback while a cap is full; off, they go on, and surplus conversions wait as pending_cap"`
	// NoticePercentOvercap 0 sends no notices.
	NoticePercentOvercap int64 `json:"notice_percent_overcap,omitempty" minimum:"0" maximum:"100" doc:"Share of a cap in percent at which a notice goes out; 0 is never"`
}
