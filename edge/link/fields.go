package link

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// field is a value of the click, or a request option, that a parameter feeds.
type field uint8

const (
	offer field = iota
	publisher
	advertiser
	landingPage
	smartLink
	subID
	subID2
	subID3
	subID4
	subID5
	subID6
	deviceID
	keyword
	externalTransactionID
	bundleID
	siteURL
	redirectURL
	fallbackURL
	coupon
	userEmail
	uuid
	optJSON
	optNoRedirect
	optJSCheckData

	fieldCount
)

// canonical are the names of the fields that no list names, in the
// order in which they are tried.
//
// R-22 also names user_agent, click_ip, referer, browser_languages and the
// amounts. They are for trusted servers that report other people's clicks; on
// a public link a visitor would choose his own address, so they stay extra.
var canonical = [fieldCount][]string{
	offer:                 {"offer_id", "offer"},
	publisher:             {"publisher_id", "publisher"},
	advertiser:            {"advertiser_id", "advertiser"},
	landingPage:           {"landing_page_id", "landing_page"},
	smartLink:             {"smart_link_id", "smart_link"},
	subID:                 {"sub_id"},
	subID2:                {"sub_id_2"},
	subID3:                {"sub_id_3"},
	subID4:                {"sub_id_4"},
	subID5:                {"sub_id_5"},
	subID6:                {"sub_id_6"},
	deviceID:              {"device_id"},
	keyword:               {"keyword"},
	externalTransactionID: {"external_transaction_id"},
	bundleID:              {"bundle_id"},
	siteURL:               {"site_url"},
	redirectURL:           {"redirect_url"},
	fallbackURL:           {"fallback_url"},
	coupon:                {"coupon_code"},
	userEmail:             {"user_email"},
	uuid:                  {"uuid"},
	optJSON:               {"json"},
	optNoRedirect:         {"no_redirect"},
	optJSCheckData:        {"js_check_data"},
}

// configured are the lists an operator can write, by field.
func configured(p config.ClickParameters) [fieldCount][]string {
	return [fieldCount][]string{
		offer:      p.Offer,
		publisher:  p.Publisher,
		advertiser: p.Advertiser,
		subID:      p.SubID,
		subID2:     p.SubID2,
		subID3:     p.SubID3,
		subID4:     p.SubID4,
		subID5:     p.SubID5,
		subID6:     p.SubID6,
		deviceID:   p.DeviceID,
		keyword:    p.Keyword,
	}
}

// fill writes the values to the click.
func (v *values) fill(c *click.Click) {
	c.Offer = v[offer].value
	c.Publisher = v[publisher].value
	c.Advertiser = v[advertiser].value
	c.LandingPage = v[landingPage].value
	c.SmartLink = v[smartLink].value
	for i := range c.SubID {
		c.SubID[i] = v[subID+field(i)].value
	}
	c.DeviceID = v[deviceID].value
	c.Keyword = v[keyword].value
	c.ExternalTransactionID = v[externalTransactionID].value
	c.BundleID = v[bundleID].value
	c.SiteURL = v[siteURL].value
	c.RedirectURL = v[redirectURL].value
	c.FallbackURL = v[fallbackURL].value
	c.Coupon = v[coupon].value
	c.UserEmail = v[userEmail].value
	if c.UUID == "" {
		c.UUID = v[uuid].value
	}
}
