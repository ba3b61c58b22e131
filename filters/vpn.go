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
	residential bool
	threshold   threshold
}

func newVPN(settings config.Raw, env Env) (Filter, config.Problems) {
	var s vpnSettings
	m := decode(settings, &s)
	s.validate(m)
	return &vpnFilter{s.ResidentialVPNCheck, newThreshold(s.thresholdSettings, "VPN", env)}, m.problems
}

// Check implements Filter. It is unknown, and the click takes no part in the
// share, when there is no database that could have known the address.
func (f *vpnFilter) Check(c *click.Click) Result {
	if c.Geo.Proxy == click.NoProxy && !c.Geo.ProxyKnown {
		return Result{Outcome: Unknown}
	}
	if !f.threshold.rejects(c, f.suspicious(c.Geo.Proxy)) {
		return Result{}
	}
	return Result{Outcome: Hit, Reasons: click.SetOf(click.VPNReason), Detail: c.Geo.Proxy.String()}
}

func (f *vpnFilter) suspicious(p click.ProxyType) bool {
	switch p {
	case click.VPN, click.Tor, click.PublicProxy, click.Datacenter, click.OperatorListed:
		return true
	case click.ResidentialProxy:
		return f.residential
	}
	return false
}
