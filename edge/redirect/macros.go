package redirect

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/clickgate/clickgate/internal/click"
)

// group names the request values that an operator can withhold from targets
//
type group uint8

const (
	always group = iota // never withheld
	offerGroup
	publisherGroup
	advertiserGroup
	deviceGroup
	subIDGroup
	extraGroup

	groupCount
)

// macro is a name in braces and the value it stands for: text, or compute for
// values that have to be written first.
type macro struct {
	name    string
	aliases []string
	group   group
	text    func(*click.Click) string
	compute func([]byte, *click.Click) []byte
}

// macros are the known ones. Ids are incremental numbers where the link
// resolved, else the value as it came.
var macros = []macro{
	{name: "tx_id", aliases: []string{"click_id", "transaction_id"},
		compute: func(b []byte, c *click.Click) []byte { return append(b, c.TxID[:]...) }},
	{name: "offer_id", group: offerGroup,
		text: func(c *click.Click) string { return cmp.Or(c.Link.OfferNumber, c.Offer) }},
	{name: "offer_name", group: offerGroup, text: func(c *click.Click) string { return c.Link.OfferName }},
	{name: "publisher_id", group: publisherGroup,
		text: func(c *click.Click) string { return cmp.Or(c.Link.PublisherNumber, c.Publisher) }},
	{name: "publisher_name", group: publisherGroup, text: func(c *click.Click) string { return c.Link.PublisherName }},
	{name: "advertiser_id", group: advertiserGroup,
		text: func(c *click.Click) string { return cmp.Or(c.Link.AdvertiserNumber, c.Advertiser) }},
	{name: "advertiser_name", group: advertiserGroup, text: func(c *click.Click) string { return c.Link.AdvertiserName }},
	{name: "landing_page_id",
		text: func(c *click.Click) string { return cmp.Or(c.Link.LandingPageNumber, c.LandingPage) }},
	{name: "integration_id", text: func(c *click.Click) string { return c.Link.IntegrationID }},
	{name: "sub_id", group: subIDGroup, text: func(c *click.Click) string { return c.SubID[0] }},
	{name: "sub_id_2", group: subIDGroup, text: func(c *click.Click) string { return c.SubID[1] }},
	{name: "sub_id_3", group: subIDGroup, text: func(c *click.Click) string { return c.SubID[2] }},
	{name: "sub_id_4", group: subIDGroup, text: func(c *click.Click) string { return c.SubID[3] }},
	{name: "sub_id_5", group: subIDGroup, text: func(c *click.Click) string { return c.SubID[4] }},
	{name: "sub_id_6", group: subIDGroup, text: func(c *click.Click) string { return c.SubID[5] }},
	{name: "device_id", group: deviceGroup, text: func(c *click.Click) string { return c.DeviceID }},
	{name: "keyword", text: func(c *click.Click) string { return c.Keyword }},
	{name: "external_transaction_id", text: func(c *click.Click) string { return c.ExternalTransactionID }},
	{name: "bundle_id", text: func(c *click.Click) string { return c.BundleID }},
	{name: "site_url", text: func(c *click.Click) string { return c.SiteURL }},
	{name: "uuid", text: func(c *click.Click) string { return c.UUID }},

	{name: "referer", text: func(c *click.Click) string { return c.Referer }},
	{name: "user_agent", text: func(c *click.Click) string { return c.UserAgent }},
	{name: "browser_languages", text: func(c *click.Click) string { return c.AcceptLanguage }},
	{name: "click_ip", compute: appendIP},
	{name: "geo_country", aliases: []string{"country"}, text: func(c *click.Click) string { return c.Geo.Country }},
	{name: "geo_city", aliases: []string{"city"}, text: func(c *click.Click) string { return c.Geo.City }},
	{name: "isp", text: func(c *click.Click) string { return c.Geo.ISP }},
	{name: "asn", compute: appendASN},
	{name: "os", text: func(c *click.Click) string { return device(c).OSName }},
	{name: "os_version", text: func(c *click.Click) string { return device(c).OSVersion }},
	{name: "browser", text: func(c *click.Click) string { return device(c).BrowserName }},
	{name: "browser_version", text: func(c *click.Click) string { return device(c).BrowserVersion }},
	{name: "device_type", text: func(c *click.Click) string { return device(c).Type }},

	// In UTC, as 2006-01-02T15:04:05Z and as seconds.
	{name: "date_time", compute: func(b []byte, c *click.Click) []byte {
		return time.UnixMilli(c.TimeMS).UTC().AppendFormat(b, time.RFC3339)
	}},
	{name: "unix_time", compute: func(b []byte, c *click.Click) []byte { return strconv.AppendInt(b, c.TimeMS/1000, 10) }},
	// A number that differs each time, against caches.
	{name: "random", compute: func(b []byte, _ *click.Click) []byte { return strconv.AppendUint(b, rand.Uint64(), 10) }},
	{name: "status", text: status},
	{name: "rejection_reason", text: func(c *click.Click) string { return c.Verdict.Primary.String() }},
	{name: "payout", compute: func(b []byte, c *click.Click) []byte { return c.Verdict.Payout.AppendTo(b) }},
	{name: "revenue", compute: func(b []byte, c *click.Click) []byte { return c.Verdict.Revenue.AppendTo(b) }},
}

// macroByName finds a macro by its name or alias.
var macroByName = func() map[string]*macro {
	byName := make(map[string]*macro)
	for i := range macros {
		m := &macros[i]
		for _, name := range append([]string{m.name}, m.aliases...) {
			byName[name] = m
		}
	}
	return byName
}()

// MacroNames lists the macros that templates may use, aliases too, sorted.
// {param:NAME} for an extra parameter comes on top of them.
func MacroNames() []string {
	names := make([]string, 0, len(macroByName))
	for name := range macroByName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// noDevice stands in for a click that has not been enriched.
var noDevice click.Device

func device(c *click.Click) *click.Device { return cmp.Or(c.Device, &noDevice) }

func status(c *click.Click) string {
	if c.Verdict.Rejected() {
		return "rejected"
	}
	return "approved"
}

func appendIP(b []byte, c *click.Click) []byte {
	if !c.IP.IsValid() {
		return b
	}
	return c.IP.AppendTo(b)
}

func appendASN(b []byte, c *click.Click) []byte {
	if c.Geo.ASN == 0 {
		return b
	}
	return strconv.AppendUint(b, uint64(c.Geo.ASN), 10)
}

// extra returns the first value that the request's extra parameter name has.
func extra(c *click.Click, name string) string {
	for i := range c.Params {
		if p := &c.Params[i]; !p.Claimed && p.Name == name && p.Value != "" {
			return p.Value
		}
	}
	return ""
}
