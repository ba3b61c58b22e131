package click

import (
	"net/netip"

	"github.com/clickgate/clickgate/internal/money"
)

// Conversion is what a conversion or event has beside the fields of its click.
// The Click around it is the conversion: TxID and TimeMS are its own, the
// fields of the visitor and the link are those of its click. All times are unix
// milliseconds; 0 is unknown. Strings live as long as those of the Click.
type Conversion struct {
	// TimeMS is when it happened, where its request says so; ConversionMS is
	// when it happened in any case.
	TimeMS int64
	// IP is the address the request reports for the buyer, ServerIP the one of
	// ours that took the request, RequestID the request's own id.
	IP, ServerIP netip.Addr
	RequestID    string

	// ClickTxID names the attributed click, or impression where ViewThrough is
	// set. MatchedBy is how it was found: "click_id", "device_id", "uuid"
	// or "ip_user_agent". All are empty for a click that was not found.
	ClickTxID   string
	ClickTimeMS int64
	ViewThrough bool
	MatchedBy   string

	// EventID is the opaque id of the offer's event, EventNumber its incremental
	// id in decimal; empty for the initial conversion.
	EventID, EventNumber, EventName string

	// ConversionRef is the advertiser's id of the order. DedupeKeys are the keys
	// under which the conversion is recorded at most once (events.ClaimKey).
	ConversionRef string
	DedupeKeys    []string
	// Currency is that of the amounts, an ISO 4217 code.
	Currency string
	// PurchaseValue is the value of the order; RequestPayout and RequestRevenue
	// are amounts that the request itself names. 0 is none.
	PurchaseValue, RequestPayout, RequestRevenue money.Amount
	// RejectedPayout and RejectedRevenue are what a Rejected conversion would
	// have earned (D-29): an approval gives them back.
	RejectedPayout, RejectedRevenue money.Amount

	AppID, AppVersion string
	// BeginInstallMS and FinishInstallMS are what the attribution provider
	// says about the install.
	BeginInstallMS, FinishInstallMS int64
	// ThirdPartyReason is the other platform's reason for a rejection,
	// ThirdPartyStatus its status.
	ThirdPartyReason, ThirdPartyStatus string

	Status Status
	// Throttled tells that a throttle gave the status. CapReason names
	// the cap that is full.
	Throttled bool
	CapReason string
	// HoldUntilMS is when a Hold ends.
	HoldUntilMS int64
	// PostbackManagerIDs are the managers that fire for it.
	PostbackManagerIDs []string

	// Update is the last change by hand; zero where there was none (A24).
	Update Update
}

// Update is what a row tells about changes by hand (A24, R-31).
type Update struct {
	// RealSimpleReason and RealAdvancedReason are the reasons for a rejection
	// before the first change.
	RealSimpleReason, RealAdvancedReason string
	TimeMS                               int64
	// By is who made the change, Note what he said about it.
	By, Note string
}

// IsEvent tells an event after the initial conversion from that conversion.
func (v *Conversion) IsEvent() bool { return v.EventID != "" || v.EventNumber != "" }

// ConversionMS is when the conversion happened: as its request says, else when
// that arrived.
func (c *Click) ConversionMS() int64 {
	if c.Conversion.TimeMS != 0 {
		return c.Conversion.TimeMS
	}
	return c.TimeMS
}

// SessionMS is the time from click to conversion; ok is false when the click is
// not known. A conversion before its click has a negative one.
func (c *Click) SessionMS() (ms int64, ok bool) {
	return c.ConversionMS() - c.Conversion.ClickTimeMS, c.Conversion.ClickTimeMS != 0
}
