package filters

import "github.com/clickgate/clickgate/internal/click"

// clickFields are the values of a click that requests bring, by their names in
// documents: whatever parameter fed them.
var clickFields = map[string]func(c *click.Click) string{
	"offer":                   func(c *click.Click) string { return c.Offer },
	"publisher":               func(c *click.Click) string { return c.Publisher },
	"advertiser":              func(c *click.Click) string { return c.Advertiser },
	"landing_page":            func(c *click.Click) string { return c.LandingPage },
	"sub_id":                  func(c *click.Click) string { return c.SubID[0] },
	"sub_id_2":                func(c *click.Click) string { return c.SubID[1] },
	"sub_id_3":                func(c *click.Click) string { return c.SubID[2] },
	"sub_id_4":                func(c *click.Click) string { return c.SubID[3] },
	"sub_id_5":                func(c *click.Click) string { return c.SubID[4] },
	"sub_id_6":                func(c *click.Click) string { return c.SubID[5] },
	"device_id":               func(c *click.Click) string { return c.DeviceID },
	"keyword":                 func(c *click.Click) string { return c.Keyword },
	"external_transaction_id": func(c *click.Click) string { return c.ExternalTransactionID },
	"bundle_id":               func(c *click.Click) string { return c.BundleID },
	"site_url":                func(c *click.Click) string { return c.SiteURL },
	"coupon_code":             func(c *click.Click) string { return c.Coupon },
	"user_email":              func(c *click.Click) string { return c.UserEmail },
}
