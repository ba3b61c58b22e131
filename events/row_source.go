package events

import (
	"github.com/clickgate/clickgate/internal/click"
)

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
