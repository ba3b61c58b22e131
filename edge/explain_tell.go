package edge

import (
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// values gathers named values and leaves empty ones out.
type values []explain.Value

func (l *values) add(name, value string) {
	if value != "" {
		*l = append(*l, explain.Value{Name: name, Value: strings.Clone(value)})
	}
}

func (v *visit) tellParameters() []explain.Parameter {
	list := make([]explain.Parameter, len(v.click.Params))
	for i, p := range v.click.Params {
		list[i] = explain.Parameter{
			Name: strings.Clone(p.Name), Value: strings.Clone(p.Value),
			Field: strings.Join(v.in.mapping.Fields(p.Name), ","),
		}
	}
	return list
}

func (v *visit) tellVisitor() (l values) {
	c := &v.click
	g, d := &c.Geo, c.Device
	if c.IP.IsValid() {
		l.add("address", c.IP.String())
	}
	l.add("purpose", c.Purpose.String())
	l.add("country", g.Country)
	l.add("city", g.City)
	l.add("isp", g.ISP)
	if g.ASN != 0 {
		l.add("asn", strconv.FormatUint(uint64(g.ASN), 10))
	}
	l.add("connection", g.Connection)
	l.add("proxy_type", g.Proxy.String())
	l.add("proxy_provider", g.ProxyProvider)
	l.add("crawler", g.Crawler.String())
	l.add("user_agent", c.UserAgent)
	l.add("browser", strings.TrimSpace(d.BrowserName+" "+d.BrowserVersion))
	l.add("os", strings.TrimSpace(d.OSName+" "+d.OSVersion))
	l.add("device_type", d.Type)
	l.add("device", v.tellModel())
	l.add("bot_name", d.BotName)
	l.add("bot_class", c.BotClass().String())
	for rest := c.Signals; !rest.Empty(); {
		var s click.Signal
		s, rest = rest.Next()
		l.add("bot_signal", s.String())
	}
	l.add("languages", c.AcceptLanguage)
	l.add("referer", c.Referer)
	for name := range c.RefererCategories.Each {
		l.add("referer_category", name)
	}
	for name := range c.SiteCategories.Each {
		l.add("site_category", name)
	}
	l.add("uuid", c.UUID)
	l.add("fingerprint", c.Fingerprint)
	return l
}

// tellModel is the visitor's device, by client hints or else the user agent.
func (v *visit) tellModel() string {
	d := v.click.Device
	brand, model := d.Brand, d.Model
	if model == "" {
		brand, model = v.edge.Devices.Model(v.click.UserAgent)
	}
	return strings.TrimSpace(brand + " " + model)
}

func (v *visit) tellLink() (l values) {
	k := &v.click.Link
	l.add("offer", named(k.OfferNumber, k.OfferName, k.OfferID))
	l.add("advertiser", named(k.AdvertiserNumber, k.AdvertiserName, k.AdvertiserID))
	l.add("publisher", named(k.PublisherNumber, k.PublisherName, k.PublisherID))
	l.add("landing_page", named(k.LandingPageNumber, "", k.LandingPageID))
	return l
}

// named is how a thing is called: "7 Shoes (k3a...)".
func named(number, name, id string) string {
	if id == "" {
		return ""
	}
	return strings.TrimSpace(number+" "+name) + " (" + id + ")"
}

func (v *visit) tellDecision() *explain.Decision {
	verdict := &v.click.Verdict
	d := &explain.Decision{
		Status: "Approved", Primary: verdict.Primary.String(), Rejections: reasonCodes(verdict),
		Detail: strings.Clone(verdict.Detail), Monitoring: verdict.Monitoring, Blocked: verdict.Blocked, BlockPage: verdict.BlockPage,
		BotClass: v.click.BotClass().String(), Payout: verdict.Payout, Revenue: verdict.Revenue,
		PayoutBy: v.earned.PayoutBy, RevenueBy: v.earned.RevenueBy,
	}
	if verdict.Rejected() {
		d.Status = "Rejected"
	}
	return d
}

// reasonCodes are the codes of all reasons, the primary one first.
func reasonCodes(v *click.Verdict) []string {
	if !v.Rejected() {
		return nil
	}
	codes := []string{v.Primary.String()}
	for r, rest := v.Rejections.Next(); r != click.None; r, rest = rest.Next() {
		if r != v.Primary {
			codes = append(codes, r.String())
		}
	}
	return codes
}

func (v *visit) tellDestination() *explain.Destination {
	d := &explain.Destination{URL: string(v.url), By: v.by, Status: v.ctx.Response.StatusCode()}
	if len(v.url) == 0 {
		d.By = "nothing gave a destination: a blank page"
	}
	return d
}
