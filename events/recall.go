package events

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/click"
)

// Recall fills c with what a row tells of its request: who came, when, by which
// link and with what. What was decided about a click or impression is left out;
// of a conversion or event c.Conversion and the amounts come back too, and what
// filters said does not. The browser's languages lack their weights, and values
// that were cut for the row stay cut. c keeps strings of its own.
func (r Row) Recall(c *click.Click) error {
	at, err := time.Parse(time.RFC3339Nano, r.Text("request_time"))
	if err != nil {
		return fmt.Errorf("recall %s event %s: request_time: %w", r.Kind, r.Text("tx_id"), err)
	}
	c.TimeMS = at.UnixMilli()
	if r.Kind == Impression {
		c.Plane = click.PlaneImpression
	}
	c.Purpose = click.PurposeNamed(r.Text("purpose"))
	copy(c.TxID[:], r.Text("tx_id"))
	c.IP, _ = netip.ParseAddr(r.Text("click_ip"))
	r.recallLink(c)
	r.recallVisitor(c)
	r.recallExtra(c)
	if r.Kind == Conversion || r.Kind == Event {
		return r.recallConversion(c)
	}
	return nil
}

func (r Row) recallLink(c *click.Click) {
	c.Offer, c.Publisher, c.Advertiser = r.Text("real_offer_id"), r.Text("real_publisher"), r.Text("real_advertiser")
	c.SmartLink = r.Text("smart_link_id")
	for i, field := range [...]string{"sub_id", "sub_id_2", "sub_id_3", "sub_id_4", "sub_id_5", "sub_id_6"} {
		c.SubID[i] = r.Text(field)
	}
	if original := r.Text("invalid_sub_id"); original != "" {
		c.SubID[0] = original
	}
	c.DeviceID, c.Keyword, c.Coupon = r.Text("device_id"), r.Text("keyword"), r.Text("coupon_code")
	c.ExternalTransactionID = r.Text("external_transaction_id")
	c.BundleID, c.SiteURL = r.Text("bundle_id"), r.Text("site_url")
}

func (r Row) recallVisitor(c *click.Click) {
	c.UserAgent, c.Referer = r.Text("user_agent"), r.Text("referer")
	c.AcceptLanguage = r.Text("browser_language")
	c.UUID, c.Fingerprint = r.Text("uuid"), r.Text("fingerprint")
	for name := range strings.SplitSeq(r.Text("bot_signals"), ",") {
		if s, ok := click.SignalNamed(name); ok {
			c.Signals = c.Signals.With(s)
		}
	}
	c.Device = &click.Device{
		BrowserName: r.Text("browser_name"), BrowserVersion: r.Text("browser_version"),
		OSName: r.Text("os_name"), OSVersion: r.Text("os_version"), Type: r.Text("device_type"),
	}
}

func (r Row) recallExtra(c *click.Click) {
	var extra struct {
		Keys   []string `json:"keys"`
		Values []string `json:"values"`
	}
	if json.Unmarshal(r.fields["extra_params"], &extra) != nil {
		return
	}
	for i := range min(len(extra.Keys), len(extra.Values)) {
		c.Params = append(c.Params, click.Param{Name: extra.Keys[i], Value: extra.Values[i]})
	}
}
