package explain

import (
	"encoding/json"
	"time"

	"github.com/clickgate/clickgate/internal/money"
)

// Report is the whole way of a click, impression, conversion or event, step by
// step in the order of R-71.
type Report struct {
	Node          string    `json:"node,omitempty"`
	ConfigVersion string    `json:"config_version"`
	Time          time.Time `json:"time"`
	// Refused says why the request leaves no event; the steps it did not come to
	// are empty.
	Refused     string       `json:"refused,omitempty"`
	Integration *Integration `json:"integration,omitempty"`
	Parameters  []Parameter  `json:"parameters,omitempty"`
	// Conversion is nil for clicks and impressions.
	Conversion *Conversion `json:"conversion,omitempty"`
	Visitor    []Value     `json:"visitor,omitempty"`
	// Source is the check of excluded and whitelisted sources.
	Source    *Rule      `json:"source,omitempty"`
	SmartLink *SmartLink `json:"smart_link,omitempty"`
	Link      []Value    `json:"link,omitempty"`
	// Rules are those of link, offer and targeting.
	Rules   []Rule   `json:"rules,omitempty"`
	Groups  []Group  `json:"groups,omitempty"`
	Filters []Filter `json:"filters,omitempty"`
	// Decision and Destination are what comes of it.
	Decision    *Decision    `json:"decision,omitempty"`
	Destination *Destination `json:"destination,omitempty"`
	// Event is the row that it would leave.
	Event json.RawMessage `json:"event,omitempty"`
	// Recorded is the row that the one of event_id has left.
	Recorded json.RawMessage `json:"recorded,omitempty"`
}

// Integration is how the request came to its integration.
type Integration struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Plane string `json:"plane"`
}

// Parameter is a parameter and the field it feeds; none for an extra parameter
//
type Parameter struct {
	Name string `json:"name"`
	// Value is empty for a secret.
	Value string `json:"value"`
	Field string `json:"field,omitempty"`
	// Note says why a value is not shown, or not believed.
	Note string `json:"note,omitempty"`
}

// Value is a named value.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Rule is one check of a click or a conversion.
type Rule struct {
	// Part is what the rule belongs to: source, link, offer, targeting, caps,
	// conversion, or one of the parts of a Conversion.
	Part string `json:"part"`
	Name string `json:"rule"`
	// Value is what was looked at, Wants what the rule asks for.
	Value string `json:"value"`
	Wants string `json:"wants,omitempty"`
	Fits  bool   `json:"fits"`
	// Reason is the code of the rejection or refusal when it does not fit.
	Reason string `json:"reason,omitempty"`
}

// SmartLink is how an offer was chosen.
type SmartLink struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Strategy   string      `json:"strategy"`
	Candidates []Candidate `json:"candidates"`
	// Chosen is the opaque id of the offer the click went to; empty for none.
	Chosen string `json:"chosen,omitempty"`
}

// Candidate is an offer of a smart link, in the order they were tried.
type Candidate struct {
	Offer string `json:"offer"`
	Name  string `json:"name,omitempty"`
	// Fallback marks the offer that catches the rest.
	Fallback bool `json:"fallback,omitempty"`
	Chosen   bool `json:"chosen"`
	// Rejections are why it was skipped.
	Rejections []string `json:"rejections,omitempty"`
}

// Group is a filter group and how well it matches.
type Group struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name"`
	Kind     string `json:"kind"` // filter_group, defaults or fraud_filter_group
	Priority int64  `json:"priority"`
	Matches  bool   `json:"matches"`
	Score    int    `json:"score"`
	Judges   bool   `json:"judges"`
	// Why says it in words.
	Why string `json:"why"`
}

// Filter is one filter and its verdict.
type Filter struct {
	Type string `json:"type"`
	// Group is the id of the group it stands in; empty for the defaults.
	Group    string          `json:"group,omitempty"`
	Settings json.RawMessage `json:"settings,omitempty"`
	Invert   bool            `json:"invert,omitempty"`
	// Inputs are what it looked at, the counts it found among them.
	Inputs []Value `json:"inputs,omitempty"`
	// Verdict is pass, hit or unknown.
	Verdict    string `json:"verdict"`
	Suspicious bool   `json:"suspicious,omitempty"`
	// Skipped tells that the matched group has a filter of this type, which
	// wins over the one of the offer's fraud filter group.
	Skipped bool     `json:"skipped,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
	Detail  string   `json:"detail,omitempty"`
}

// Decision is the verdict and what follows from it.
type Decision struct {
	// Status is Approved or Rejected; of a conversion any of D-25.
	Status     string       `json:"status"`
	Primary    string       `json:"rejected_primary_reason,omitempty"`
	Rejections []string     `json:"rejections,omitempty"`
	Detail     string       `json:"detail,omitempty"`
	Monitoring bool         `json:"monitoring_mode"`
	Blocked    bool         `json:"blocked"`
	BlockPage  bool         `json:"block_page"`
	BotClass   string       `json:"bot_class,omitempty"`
	Payout     money.Amount `json:"payout"`
	Revenue    money.Amount `json:"revenue"`
	// PayoutBy and RevenueBy name the terms that settled the side, as "custom
	// payout" or "offer"; empty where there are none.
	PayoutBy  string `json:"payout_by,omitempty"`
	RevenueBy string `json:"revenue_by,omitempty"`
	// Currency is that of a conversion's amounts.
	Currency string `json:"currency,omitempty"`
	// RejectedPayout and RejectedRevenue are what a rejected conversion would
	// have earned.
	RejectedPayout  money.Amount `json:"rejected_payout,omitzero"`
	RejectedRevenue money.Amount `json:"rejected_revenue,omitzero"`
	// Duplicate is the tx_id of the conversion that this one repeats: nothing is
	// recorded, and the sender hears what became of the first.
	Duplicate string `json:"duplicate,omitempty"`
}

// Destination is where the visitor goes.
type Destination struct {
	URL string `json:"url,omitempty"`
	// By names the step of that gave it.
	By string `json:"by"`
	// Status is the HTTP status of the answer.
	Status int `json:"status"`
}
