package geo

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// anonymiser is what stands between an address and the visitor.
type anonymiser struct {
	proxy    click.ProxyType
	provider string // its operator by name
}

// add takes the stronger of two anonymisers.
func (a *anonymiser) add(other anonymiser) {
	if stronger(a.proxy, other.proxy) != a.proxy {
		*a = other
	} else if a.proxy == other.proxy {
		a.provider = either(a.provider, other.provider)
	}
}

// fill adds a to g, where it is the strongest so far. Of equal ones the first
// that names a provider does so.
func (a *anonymiser) fill(g *click.Geo) {
	if a.proxy == click.NoProxy {
		return
	}
	if stronger(g.Proxy, a.proxy) != g.Proxy {
		g.Proxy, g.ProxyProvider = a.proxy, a.provider
	} else if a.proxy == g.Proxy {
		g.ProxyProvider = either(g.ProxyProvider, a.provider)
	}
}

// signs are the fields of Anonymous-IP and Anonymous-Plus databases.
type signs struct {
	Anonymous   bool `maxminddb:"is_anonymous"`
	VPN         bool `maxminddb:"is_anonymous_vpn"`
	Tor         bool `maxminddb:"is_tor_exit_node"`
	Public      bool `maxminddb:"is_public_proxy"`
	Residential bool `maxminddb:"is_residential_proxy"`
	Hosting     bool `maxminddb:"is_hosting_provider"`
	// Confidence is that of a VPN, or in a Residential-Proxy database that of a
	// residential proxy, being in use.
	Confidence uint16 `maxminddb:"anonymizer_confidence"`
	Provider   string `maxminddb:"provider_name"`
}

// anonymiser returns the strongest of the signs that are trusted.
func (s *signs) anonymiser(t trust) anonymiser {
	p := s.proxy(t.believes(s.Confidence))
	if p == click.NoProxy && t.residential {
		return (&feed{Confidence: s.Confidence, Provider: s.Provider}).anonymiser(t)
	}
	if p == click.NoProxy {
		return anonymiser{}
	}
	return anonymiser{proxy: p, provider: s.Provider}
}

// proxy returns the strongest sign. What the confidence is about counts only
// if that is believed.
func (s *signs) proxy(believed bool) click.ProxyType {
	switch {
	case s.VPN && believed:
		return click.VPN
	case s.Tor:
		return click.Tor
	case s.Public:
		return click.PublicProxy
	case s.Residential && believed:
		return click.ResidentialProxy
	case s.Hosting:
		return click.Datacenter
	case s.Anonymous && believed: // hides its visitors, nobody says how
		return click.PublicProxy
	}
	return click.NoProxy
}

// feed is what Insights says about one sort of anonymiser.
type feed struct {
	Confidence uint16 `maxminddb:"confidence"`
	Provider   string `maxminddb:"provider_name"`
}

// anonymiser takes the presence of a feed of residential proxies for one.
func (f *feed) anonymiser(t trust) anonymiser {
	if *f == (feed{}) || !t.believes(f.Confidence) {
		return anonymiser{}
	}
	return anonymiser{proxy: click.ResidentialProxy, provider: f.Provider}
}

// residentialType is in the type of databases that hold residential proxies
// only, and say so in no record.
const residentialType = "Residential-Proxy"

func isResidential(databaseType string) bool { return strings.Contains(databaseType, residentialType) }

// trust is how the records of one database are to be taken.
type trust struct {
	minConfidence uint16
	residential   bool // every record is a residential proxy
}

// believes tells whether a confidence suffices; 0 stands for none given.
func (t trust) believes(confidence uint16) bool {
	return confidence == 0 || confidence >= t.minConfidence
}
