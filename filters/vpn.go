package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var vpn = Type{
	Code: "VPN", Name: "vpn",
	Doc:     "Rejects visitors behind VPNs, proxies and hosting addresses, all of them or once a publisher sends too many.",
	Example: `{"lookback_hours": 24, "minimum_request_count": 100, "threshold_percentage": 20, "check_by_sub_id": true, "residential_vpn_check": false}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: []click.Reason{click.VPNReason},
	New:     newVPN,
}

type vpnSettings struct {
	thresholdSettings
	// ResidentialVPNCheck makes proxies on private lines suspicious too.
	ResidentialVPNCheck bool `json:"residential_vpn_check"`
}

type vpnFilter struct {
	settings  vpnSettings
	threshold threshold
}

func newVPN(settings config.Raw, env Env) (Filter, config.Problems) {
	f := new(vpnFilter)
	m := decode(settings, &f.settings)
	f.settings.validate(m, env)
	f.threshold = newThreshold(f.settings.thresholdSettings, click.FilterVPN, "", env)
	return f, m.problems
}

// Check implements Filter. It is unknown, and the click takes no part in the
// share, when there is no database that could have known the address.
func (f *vpnFilter) Check(c *click.Click) Result {
	if c.Geo.Proxy == click.NoProxy && !c.Geo.ProxyKnown {
		return Result{Outcome: Unknown}
	}
	return f.threshold.judge(c, f.suspicious(c.Geo.Proxy), click.VPNReason, c.Geo.Proxy.String())
}

func (f *vpnFilter) suspicious(p click.ProxyType) bool {
	switch p {
	case click.VPN, click.Tor, click.PublicProxy, click.Datacenter, click.OperatorListed:
		return true
	case click.ResidentialProxy:
		return f.settings.ResidentialVPNCheck
	}
	return false
}

// Explain implements Explainer.
func (f *vpnFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	e.Input("ip", c.IP)
	e.Input("proxy_type", c.Geo.Proxy)
	e.Input("proxy_known", c.Geo.ProxyKnown)
	f.threshold.explain(c, e)
}
