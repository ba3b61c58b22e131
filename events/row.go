package events

import (
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/click"
)

// Limits of what a row keeps of one value, in bytes of the value. Visitors
// choose these values, and a row must stay small whatever they send.
const (
	maxUserAgent = 512
	maxURL       = 2048
	maxText      = 255
	maxExtra     = 64 // extra parameters a row keeps
	maxLanguages = 16
	maxLanguage  = 35 // the longest tag RFC 5646 asks to be stored
)

// Meta is what a row says about the edge that wrote it.
type Meta struct {
	// ConfigVersion names the live config the click was judged by.
	ConfigVersion string
	// Node is the name of the edge node, Region where it stands (the field
	// server_region). Empty ones are left out.
	Node, Region string
}

// AppendRow appends the row of a click or impression to dst: one line of JSON
// and a line feed. The field names are those of the report rows (A22), and
// user_agent, uuid, config_version, purpose and node besides. A line begins
// with its tx_id; empty fields are left out, long values are cut, and bytes
// that are no UTF-8 become U+FFFD. The row holds copies only: c may be reused
// at once. AppendRow allocates nothing when dst has room.
func AppendRow(dst []byte, c *click.Click, m Meta) []byte {
	dst = appendString(append(dst, `{"tx_id":`...), string(c.TxID[:]))
	dst = appendString(append(dst, `,"real_tx_id":`...), string(c.TxID[:]))
	dst = appendTime(dst, c.TimeMS)
	dst = appendVerdict(dst, c)
	dst = appendLink(dst, c)
	dst = appendSource(dst, c)
	dst = appendVisitor(dst, c)
	dst = appendGeo(dst, &c.Geo)
	dst = appendDevice(dst, c.Device)
	dst = appendExtra(dst, c.Params)
	dst = appendText(dst, `,"server_region":`, m.Region, maxText)
	dst = appendText(dst, `,"node":`, m.Node, maxText)
	dst = appendText(dst, `,"config_version":`, m.ConfigVersion, maxText)
	if !c.Counts() {
		dst = appendText(dst, `,"purpose":`, c.Purpose.String(), maxText)
	}
	return append(dst, '}', '\n')
}

func appendTime(dst []byte, ms int64) []byte {
	dst = append(dst, `,"request_time":"`...)
	start := len(dst)
	dst = appendISO(dst, time.UnixMilli(ms).UTC())
	date := dst[start : start+len(time.DateOnly)]
	dst = append(dst, `","request_date":"`...)
	return append(append(dst, date...), '"')
}

// appendISO appends t as 2006-01-02T15:04:05.000Z, at a fifth of the cost of
// AppendFormat, which reads its layout anew each time. Years have four digits.
func appendISO(dst []byte, t time.Time) []byte {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = append(appendDigits(dst, year, 4), '-')
	dst = append(appendDigits(dst, int(month), 2), '-')
	dst = append(appendDigits(dst, day, 2), 'T')
	dst = append(appendDigits(dst, hour, 2), ':')
	dst = append(appendDigits(dst, minute, 2), ':')
	dst = append(appendDigits(dst, second, 2), '.')
	return append(appendDigits(dst, t.Nanosecond()/1e6, 3), 'Z')
}

// appendDigits appends n with leading zeros.
func appendDigits(dst []byte, n, width int) []byte {
	dst = append(dst, "0000"[:width]...)
	for i := len(dst) - 1; width > 0; i, width, n = i-1, width-1, n/10 {
		dst[i] = byte('0' + n%10)
	}
	return dst
}

func appendVerdict(dst []byte, c *click.Click) []byte {
	v := &c.Verdict
	if v.Rejected() {
		dst = append(dst, `,"status":"Rejected"`...)
	} else {
		dst = append(dst, `,"status":"Approved"`...)
	}
	dst = appendFlag(dst, `,"blocked":`, v.Blocked)
	dst = appendFlag(dst, `,"monitoring_mode":`, v.Monitoring)
	dst = appendBot(dst, c)
	dst = appendFlag(dst, `,"is_old_browser":`, v.Suspicious.Has(click.FilterOldBrowser))
	dst = appendFlag(dst, `,"is_old_os":`, v.Suspicious.Has(click.FilterOldOS))
	if c.Plane == click.PlaneClick {
		dst = appendFlag(dst, `,"preview_url_enabled":`, v.PreviewUsed)
	}
	if v.Rejected() {
		dst = appendRejections(dst, v)
	}
	dst = appendFilters(dst, `,"filters_passed":[`, v.Passed)
	dst = appendFilters(dst, `,"filters_hit":[`, v.Hit)
	dst = appendFilters(dst, `,"filters_unknown":[`, v.Unknown)
	dst = appendText(dst, `,"filter_group_id":`, v.FilterGroupID, maxText)
	dst = appendText(dst, `,"real_filter_group_id":`, v.FilterGroupID, maxText)
	dst = appendText(dst, `,"targeting_group_id":`, v.TargetingGroupID, maxText)
	dst = appendMoney(dst, `,"payout":`, v.Payout)
	return appendMoney(dst, `,"revenue":`, v.Revenue)
}

// appendBot appends what is known of a program: its class by the MRC, its name
// and the marks of automation in the request.
func appendBot(dst []byte, c *click.Click) []byte {
	class := c.BotClass()
	dst = appendFlag(dst, `,"is_bot":`, class != click.NoBot)
	dst = appendText(dst, `,"bot_class":`, class.String(), maxText)
	if c.Device != nil {
		dst = appendText(dst, `,"bot_name":`, c.Device.BotName, maxText)
	}
	if c.Signals.Empty() {
		return dst
	}
	dst = append(dst, `,"bot_signals":[`...)
	for rest := c.Signals; !rest.Empty(); {
		var s click.Signal
		s, rest = rest.Next()
		dst = append(appendString(dst, s.String()), ',')
	}
	return closeList(dst)
}

// appendFilters appends the codes of a set of filters, and nothing for none.
func appendFilters(dst []byte, prefix string, set click.FilterSet) []byte {
	if set.Empty() {
		return dst
	}
	dst = append(dst, prefix...)
	for !set.Empty() {
		var f click.Filter
		f, set = set.Next()
		dst = append(dst, '"')
		dst = append(append(dst, f.String()...), '"', ',')
	}
	return closeList(dst)
}

// closeList ends a list by putting a bracket over its last comma.
func closeList(dst []byte) []byte {
	dst[len(dst)-1] = ']'
	return dst
}

func appendRejections(dst []byte, v *click.Verdict) []byte {
	dst = appendText(dst, `,"rejected_primary_reason":`, v.Primary.String(), maxText)
	dst = appendText(dst, `,"rejected_simple_reason":`, v.Primary.String(), maxText)
	dst = appendText(dst, `,"rejected_advanced_reason":`, v.Detail, maxText)
	dst = appendText(dst, `,"rejected_language":`, v.RejectedLanguage, maxText)
	dst = appendText(dst, `,"rejection_type":`, v.Primary.Kind(), maxText)
	dst = append(dst, `,"rejections":[`...)
	dst = appendString(dst, v.Primary.String())
	for r, rest := v.Rejections.Next(); r != click.None; r, rest = rest.Next() {
		if r != v.Primary {
			dst = appendString(append(dst, ','), r.String())
		}
	}
	return append(dst, ']')
}

// appendLink appends what the link named and what it resolved to.
func appendLink(dst []byte, c *click.Click) []byte {
	l := &c.Link
	dst = encodedOr(dst, l.OfferRow, l, appendOffer)
	dst = encodedOr(dst, l.PublisherRow, l, appendPublisher)
	if l.OfferNumber == "" {
		dst = appendText(dst, `,"offer_id":`, c.Offer, maxText)
	}
	if l.AdvertiserNumber == "" {
		dst = appendText(dst, `,"advertiser_id":`, c.Advertiser, maxText)
	}
	dst = appendText(dst, `,"real_offer_id":`, c.Offer, maxText)
	dst = appendText(dst, `,"real_advertiser":`, c.Advertiser, maxText)
	dst = appendText(dst, `,"real_publisher":`, c.Publisher, maxText)
	dst = appendText(dst, `,"landing_page_id":`, l.LandingPageNumber, maxText)
	return appendSmartLink(dst, &c.Verdict)
}

// appendSmartLink appends the smart link of a click and the offer it ended at.
func appendSmartLink(dst []byte, v *click.Verdict) []byte {
	dst = appendText(dst, `,"smart_link_id":`, v.SmartLinkNumber, maxText)
	dst = appendText(dst, `,"smartlink_db_id":`, v.SmartLinkID, maxText)
	dst = appendText(dst, `,"final_offer":`, v.FinalOfferName, maxText)
	return appendText(dst, `,"final_offer_id":`, v.FinalOfferNumber, maxText)
}

func encodedOr(dst []byte, encoded string, l *click.Link, appendParts func([]byte, *click.Link) []byte) []byte {
	if encoded != "" {
		return append(dst, encoded...)
	}
	return appendParts(dst, l)
}

// OfferRow encodes a link's integration, offer and advertiser for
// click.Link.OfferRow.
func OfferRow(l *click.Link) string { return string(appendOffer(make([]byte, 0, 512), l)) }

// PublisherRow encodes a link's publisher for click.Link.PublisherRow.
func PublisherRow(l *click.Link) string { return string(appendPublisher(nil, l)) }

func appendOffer(dst []byte, l *click.Link) []byte {
	dst = appendText(dst, `,"integration_id":`, l.IntegrationID, maxText)
	dst = appendText(dst, `,"integration_type":`, l.IntegrationType, maxText)
	dst = appendText(dst, `,"organization_id":`, l.OrganizationID, maxText)
	dst = appendText(dst, `,"offer":`, l.OfferName, maxText)
	dst = appendText(dst, `,"offer_id":`, l.OfferNumber, maxText)
	dst = appendText(dst, `,"offer_db_id":`, l.OfferID, maxText)
	dst = appendText(dst, `,"advertiser":`, l.AdvertiserName, maxText)
	dst = appendText(dst, `,"advertiser_id":`, l.AdvertiserNumber, maxText)
	dst = appendText(dst, `,"advertiser_db_id":`, l.AdvertiserID, maxText)
	return appendText(dst, `,"manager_id":`, l.ManagerID, maxText)
}

func appendPublisher(dst []byte, l *click.Link) []byte {
	dst = appendText(dst, `,"publisher":`, l.PublisherName, maxText)
	return appendText(dst, `,"publisher_db_id":`, l.PublisherID, maxText)
}

// appendSource appends what the publisher said about where the click is from.
func appendSource(dst []byte, c *click.Click) []byte {
	dst = appendSubID(dst, c)
	dst = appendText(dst, `,"sub_id_2":`, c.SubID[1], maxText)
	dst = appendText(dst, `,"sub_id_3":`, c.SubID[2], maxText)
	dst = appendText(dst, `,"sub_id_4":`, c.SubID[3], maxText)
	dst = appendText(dst, `,"sub_id_5":`, c.SubID[4], maxText)
	dst = appendText(dst, `,"sub_id_6":`, c.SubID[5], maxText)
	dst = appendText(dst, `,"external_transaction_id":`, c.ExternalTransactionID, maxText)
	dst = appendText(dst, `,"coupon_code":`, c.Coupon, maxText)
	dst = appendText(dst, `,"bundle_id":`, c.BundleID, maxText)
	dst = appendText(dst, `,"keyword":`, c.Keyword, maxText)
	dst = appendText(dst, `,"site_url":`, c.SiteURL, maxURL)
	dst = appendCategories(dst, `,"site_url_categories":[`, c.SiteCategories)
	dst = appendText(dst, `,"referer":`, c.Referer, maxURL)
	return appendCategories(dst, `,"referer_categories":[`, c.RefererCategories)
}

// What stands in sub_id when the one that came is not to be reported: it failed
// its check, or the publisher uses too many (C3).
const (
	invalidSubID = "INVALID_SUB_ID"
	surplusSubID = "TOO_MANY_UNIQUE_SUB_ID"
)

// appendSubID appends the first sub id, or its stand-in and the original.
func appendSubID(dst []byte, c *click.Click) []byte {
	standIn := ""
	switch {
	case c.Verdict.SurplusSubID:
		standIn = surplusSubID
	case c.Verdict.InvalidSubID:
		standIn = invalidSubID
	default:
		return appendText(dst, `,"sub_id":`, c.SubID[0], maxText)
	}
	dst = appendText(dst, `,"sub_id":`, standIn, maxText)
	return appendText(dst, `,"invalid_sub_id":`, c.SubID[0], maxText)
}

func appendCategories(dst []byte, prefix string, set click.CategorySet) []byte {
	if set == 0 {
		return dst
	}
	dst = append(dst, prefix...)
	for name := range set.Each {
		dst = append(appendString(dst, name), ',')
	}
	return closeList(dst)
}

func appendVisitor(dst []byte, c *click.Click) []byte {
	if c.IP.IsValid() {
		dst = append(dst, `,"click_ip":"`...)
		dst = append(c.IP.WithZone("").AppendTo(dst), '"')
	}
	dst = appendText(dst, `,"uuid":`, c.UUID, maxText)
	dst = appendText(dst, `,"fingerprint":`, c.Fingerprint, maxText)
	dst = appendText(dst, `,"device_id":`, c.DeviceID, maxText)
	dst = appendText(dst, `,"user_agent":`, c.UserAgent, maxUserAgent)
	return appendLanguages(dst, c.AcceptLanguage)
}

// appendLanguages appends the language tags of an Accept-Language header in
// the header's order, without their weights.
func appendLanguages(dst []byte, header string) []byte {
	prefix := `,"browser_language":[`
	for n := 0; n < maxLanguages && header != ""; {
		var item string
		item, header, _ = strings.Cut(header, ",")
		item, _, _ = strings.Cut(item, ";")
		item = strings.Trim(item, " \t")
		if item == "" {
			continue
		}
		dst = appendText(dst, prefix, item, maxLanguage)
		prefix = ","
		n++
	}
	if prefix == "," {
		dst = append(dst, ']')
	}
	return dst
}

func appendGeo(dst []byte, g *click.Geo) []byte {
	dst = appendText(dst, `,"country":`, g.Country, maxText)
	dst = appendText(dst, `,"city":`, g.City, maxText)
	dst = appendText(dst, `,"postal_code":`, g.PostalCode, maxText)
	if g.HasLocation {
		dst = appendNumber(dst, `,"lat":`, g.Lat)
		dst = appendNumber(dst, `,"long":`, g.Long)
	}
	if g.Network.IsValid() {
		dst = append(dst, `,"ip_network":"`...)
		dst = append(g.Network.AppendTo(dst), '"')
	}
	if g.ASN != 0 {
		dst = strconv.AppendUint(append(dst, `,"asn":`...), uint64(g.ASN), 10)
	}
	dst = appendText(dst, `,"isp":`, g.ISP, maxText)
	return appendText(dst, `,"proxy_type":`, g.Proxy.String(), maxText)
}

func appendDevice(dst []byte, d *click.Device) []byte {
	if d == nil {
		return dst
	}
	dst = appendText(dst, `,"browser_name":`, d.BrowserName, maxText)
	dst = appendText(dst, `,"browser_version":`, d.BrowserVersion, maxText)
	dst = appendText(dst, `,"os_name":`, d.OSName, maxText)
	dst = appendText(dst, `,"os_version":`, d.OSVersion, maxText)
	return appendText(dst, `,"device_type":`, d.Type, maxText)
}

// appendExtra appends the parameters that feed no field, names and values in
// two lists of equal length.
func appendExtra(dst []byte, params []click.Param) []byte {
	start := len(dst)
	dst, n := appendExtraList(dst, `,"extra_params":{"keys":[`, params, func(p *click.Param) string { return p.Name })
	if n == 0 {
		return dst[:start]
	}
	dst, _ = appendExtraList(dst, `],"values":[`, params, func(p *click.Param) string { return p.Value })
	return append(dst, "]}"...)
}

func appendExtraList(dst []byte, prefix string, params []click.Param, part func(*click.Param) string) ([]byte, int) {
	dst = append(dst, prefix...)
	n := 0
	for i := range params {
		if params[i].Claimed || n == maxExtra {
			continue
		}
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, cut(part(&params[i]), maxText))
		n++
	}
	return dst, n
}
