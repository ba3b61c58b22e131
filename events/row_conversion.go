package events

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strconv"
	"time"

	"github.com/clickgate/clickgate/internal/click"
)

// AppendConversionRow appends the row of a conversion or event to dst, as
// AppendRow does for clicks and under its rules. The fields are those of the
// conversion column of A22, and beside them what the attribution, the caps and
// the postbacks go by: dedupe_keys, conversion_ref, currency, matched_by,
// view_through, rejected_payout, rejected_revenue, throttled, cap_reason, hold_until, request_id, the verdicts of
// the filters, and updated_time, updated_by and update_note of changes by hand.
//
// The row ends with its hash (A24): the first 32 hex digits of the SHA-256 of
// all that stands before `,"hash":` in the line. Whoever changes a row gives it
// a new one, see Rewrite.
func AppendConversionRow(dst []byte, c *click.Click, m Meta) []byte {
	start := len(dst)
	dst = appendString(append(dst, `{"tx_id":`...), string(c.TxID[:]))
	dst = appendString(append(dst, `,"real_tx_id":`...), string(c.TxID[:]))
	dst = appendTime(dst, c.TimeMS)
	dst = appendAttribution(dst, c)
	dst = appendConversionVerdict(dst, c)
	dst = appendEvent(dst, &c.Conversion)
	dst = appendLink(dst, c)
	dst = appendNames(dst, &c.Link)
	dst = appendSource(dst, c)
	dst = appendVisitor(dst, c)
	dst = appendGeo(dst, &c.Geo)
	dst = appendText(dst, `,"state":`, c.Geo.State, maxText)
	dst = appendDevice(dst, c.Device)
	dst = appendInstall(dst, &c.Conversion)
	dst = appendRequest(dst, &c.Conversion)
	dst = appendExtra(dst, c.Params)
	dst = appendText(dst, `,"server_region":`, m.Region, maxText)
	dst = appendText(dst, `,"node":`, m.Node, maxText)
	dst = appendText(dst, `,"config_version":`, m.ConfigVersion, maxText)
	dst = appendText(dst, `,"incarnation":`, m.Incarnation, maxText)
	return appendHash(dst, start)
}

// hashPrefix begins the last field of a conversion's row.
const hashPrefix = `,"hash":"`

// appendHash ends a row that begins at start with its hash.
func appendHash(dst []byte, start int) []byte {
	sum := sha256.Sum256(dst[start:])
	dst = append(dst, hashPrefix...)
	dst = hex.AppendEncode(dst, sum[:16])
	return append(dst, '"', '}', '\n')
}

// appendAttribution appends the conversion's own time and the click that it
// comes from.
func appendAttribution(dst []byte, c *click.Click) []byte {
	v := &c.Conversion
	dst = appendMoment(dst, `,"conversion_time":"`, c.ConversionMS())
	dst = appendText(dst, `,"click_tx_id":`, v.ClickTxID, maxText)
	dst = appendMoment(dst, `,"click_time":"`, v.ClickTimeMS)
	if ms, ok := c.SessionMS(); ok {
		dst = strconv.AppendInt(append(dst, `,"session_time":`...), ms/1000, 10)
	}
	dst = appendText(dst, `,"matched_by":`, v.MatchedBy, maxText)
	return appendFlag(dst, `,"view_through":`, v.ViewThrough)
}

// appendMoment appends a time, and nothing for 0. prefix ends in a quote.
func appendMoment(dst []byte, prefix string, ms int64) []byte {
	if ms == 0 {
		return dst
	}
	return append(appendISO(append(dst, prefix...), time.UnixMilli(ms).UTC()), '"')
}

func appendConversionVerdict(dst []byte, c *click.Click) []byte {
	v := &c.Verdict
	dst = appendText(dst, `,"status":`, c.Conversion.Status.String(), maxText)
	dst = appendFlag(dst, `,"rejected":`, c.Conversion.Status == click.Rejected)
	dst = appendBot(dst, c)
	dst = appendFlag(dst, `,"is_old_browser":`, v.Suspicious.Has(click.FilterOldBrowser))
	dst = appendFlag(dst, `,"is_old_os":`, v.Suspicious.Has(click.FilterOldOS))
	dst = appendFlag(dst, `,"is_click_spam":`, v.Suspicious.Has(click.FilterClickSpam))
	dst = appendFlag(dst, `,"is_low_session_time":`, v.Suspicious.Has(click.FilterLowSessionTimeAnomaly))
	if v.Rejected() {
		dst = appendRejections(dst, v)
	}
	dst = appendFilters(dst, `,"filters_passed":[`, v.Passed)
	dst = appendFilters(dst, `,"filters_hit":[`, v.Hit)
	dst = appendFilters(dst, `,"filters_unknown":[`, v.Unknown)
	dst = appendText(dst, `,"filter_group_id":`, v.FilterGroupID, maxText)
	dst = appendText(dst, `,"real_filter_group_id":`, v.FilterGroupID, maxText)
	dst = appendText(dst, `,"targeting_group_id":`, v.TargetingGroupID, maxText)
	dst = appendOutcome(dst, &c.Conversion)
	dst = appendMoney(dst, `,"payout":`, v.Payout)
	dst = appendMoney(dst, `,"revenue":`, v.Revenue)
	dst = appendMoney(dst, `,"rejected_payout":`, c.Conversion.RejectedPayout)
	dst = appendMoney(dst, `,"rejected_revenue":`, c.Conversion.RejectedRevenue)
	dst = appendMoney(dst, `,"purchase_value":`, c.Conversion.PurchaseValue)
	return appendText(dst, `,"currency":`, c.Conversion.Currency, maxText)
}

// appendOutcome appends what besides filters has made the status, and what
// people have changed since.
func appendOutcome(dst []byte, v *click.Conversion) []byte {
	dst = appendFlag(dst, `,"throttled":`, v.Throttled)
	dst = appendText(dst, `,"cap_reason":`, v.CapReason, maxText)
	switch {
	case v.Throttled:
		dst = appendText(dst, `,"rejected_internal_reason":`, "throttled", maxText)
	case v.CapReason != "":
		dst = appendText(dst, `,"rejected_internal_reason":`, v.CapReason, maxText)
	}
	dst = appendMoment(dst, `,"hold_until":"`, v.HoldUntilMS)
	u := &v.Update
	dst = appendText(dst, `,"real_rejected_simple_reason":`, u.RealSimpleReason, maxText)
	dst = appendText(dst, `,"real_rejected_advanced_reason":`, u.RealAdvancedReason, maxText)
	dst = appendMoment(dst, `,"updated_time":"`, u.TimeMS)
	dst = appendText(dst, `,"updated_by":`, u.By, maxText)
	return appendText(dst, `,"update_note":`, u.Note, maxText)
}

// appendEvent appends which event it is. A22 does not say how event_status
// counts; it is Affise's number, the only one that the documents know.
func appendEvent(dst []byte, v *click.Conversion) []byte {
	number := v.EventNumber
	if _, err := strconv.ParseUint(number, 10, 64); err != nil {
		number = "0" // the initial conversion
	}
	dst = append(append(dst, `,"event_id":`...), number...)
	dst = appendText(dst, `,"event_db_id":`, v.EventID, maxText)
	dst = appendText(dst, `,"event_name":`, v.EventName, maxText)
	if v.Status == click.NoStatus {
		return dst
	}
	return strconv.AppendInt(append(dst, `,"event_status":`...), int64(v.Status.AffiseNumber()), 10)
}

// appendNames appends the names that only rows of conversions have.
func appendNames(dst []byte, l *click.Link) []byte {
	dst = appendText(dst, `,"advertiser_name":`, l.AdvertiserName, maxText)
	dst = appendText(dst, `,"publisher_name":`, l.PublisherName, maxText)
	if l.OfferNumber == "" || l.OfferName == "" {
		return dst
	}
	dst = append(append(dst, `,"offer_id_name":"`...), l.OfferNumber...)
	quote := len(dst)
	dst = appendString(dst, cut(l.OfferName, maxText))
	dst[quote] = ' '
	return dst
}

// appendInstall appends what the other platforms say.
func appendInstall(dst []byte, v *click.Conversion) []byte {
	dst = appendText(dst, `,"app_id":`, v.AppID, maxText)
	dst = appendText(dst, `,"app_version":`, v.AppVersion, maxText)
	dst = appendMoment(dst, `,"begin_install_time":"`, v.BeginInstallMS)
	dst = appendMoment(dst, `,"finish_install_time":"`, v.FinishInstallMS)
	dst = appendText(dst, `,"third_party_rejection_reason":`, v.ThirdPartyReason, maxText)
	return appendText(dst, `,"third_party_status":`, v.ThirdPartyStatus, maxText)
}

// appendRequest appends what the request was, and what keeps it from coming
// twice.
func appendRequest(dst []byte, v *click.Conversion) []byte {
	dst = appendAddress(dst, `,"conversion_ip":"`, v.IP)
	dst = appendAddress(dst, `,"server_ip":"`, v.ServerIP)
	dst = appendText(dst, `,"request_id":`, v.RequestID, maxText)
	dst = appendText(dst, `,"conversion_ref":`, v.ConversionRef, maxText)
	dst = appendTexts(dst, `,"dedupe_keys":[`, v.DedupeKeys)
	return appendTexts(dst, `,"postback_manager_ids":[`, v.PostbackManagerIDs)
}

// appendAddress appends a valid address. prefix ends in a quote.
func appendAddress(dst []byte, prefix string, ip netip.Addr) []byte {
	if !ip.IsValid() {
		return dst
	}
	return append(ip.WithZone("").AppendTo(append(dst, prefix...)), '"')
}

// appendTexts appends a list, and nothing for an empty one.
func appendTexts(dst []byte, prefix string, list []string) []byte {
	if len(list) == 0 {
		return dst
	}
	dst = append(dst, prefix...)
	for _, s := range list {
		dst = append(appendString(dst, cut(s, maxText)), ',')
	}
	return closeList(dst)
}
