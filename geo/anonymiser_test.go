package geo

import (
	"net/netip"
	"testing"

	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/clickgate/clickgate/internal/click"
)

const yesBool = mmdbtype.Bool(true)

// TestAnonymisers opens a database for each form of record.
func TestAnonymisers(t *testing.T) {
	plus := fields{
		"is_anonymous": yesBool, "is_anonymous_vpn": yesBool, "is_hosting_provider": yesBool,
		"anonymizer_confidence": mmdbtype.Uint16(30), "network_last_seen": text("2026-11-20"), "provider_name": text("ExampleVPN"),
	}
	insights := fields{"country": fields{"iso_code": text("DE")}, "anonymizer": fields{
		"confidence": mmdbtype.Uint16(99), "is_anonymous": yesBool, "is_anonymous_vpn": yesBool, "provider_name": text("ExampleVPN"),
	}}
	privacy := func(set string) fields {
		f := fields{"service": text("Example Service")}
		for _, name := range []string{"vpn", "proxy", "tor", "relay", "hosting"} {
			f[mmdbtype.String(name)] = text("")
		}
		f[mmdbtype.String(set)] = text("true")
		return f
	}
	for _, c := range []struct {
		name, databaseType string
		record             fields
		minConfidence      int
		want               click.ProxyType
		provider           string
	}{
		{"vpn", "GeoIP-Anonymous-Plus", plus, 0, click.VPN, "ExampleVPN"},
		{"vpn, sure enough", "GeoIP-Anonymous-Plus", plus, 30, click.VPN, "ExampleVPN"},
		{"vpn, not sure enough", "GeoIP-Anonymous-Plus", plus, 31, click.Datacenter, "ExampleVPN"},
		{"anonymous for a doubtful vpn", "GeoIP-Anonymous-Plus", fields{
			"is_anonymous": yesBool, "is_anonymous_vpn": yesBool, "anonymizer_confidence": mmdbtype.Uint16(1),
		}, 50, click.NoProxy, ""},
		{"tor needs no confidence", "GeoIP-Anonymous-Plus", fields{
			"is_anonymous": yesBool, "is_tor_exit_node": yesBool, "anonymizer_confidence": mmdbtype.Uint16(1),
		}, 50, click.Tor, ""},
		{"no confidence given", "GeoIP2-Anonymous-IP", fields{"is_anonymous": yesBool, "is_anonymous_vpn": yesBool}, 99, click.VPN, ""},
		{"public proxy", "GeoIP2-Anonymous-IP", fields{"is_public_proxy": yesBool, "is_residential_proxy": yesBool}, 0, click.PublicProxy, ""},
		{"provider of a clean network", "GeoIP-Anonymous-Plus", fields{"provider_name": text("ExampleVPN"), "is_anonymous": mmdbtype.Bool(false)}, 0, click.NoProxy, ""},
		{"residential database", "GeoIP-Residential-Proxy", fields{
			"anonymizer_confidence": mmdbtype.Uint16(25), "network_last_seen": text("2026-11-20"), "provider_name": text("exampleproxy"),
		}, 0, click.ResidentialProxy, "exampleproxy"},
		{"residential database, not sure enough", "GeoIP-Residential-Proxy", fields{
			"anonymizer_confidence": mmdbtype.Uint16(25), "provider_name": text("exampleproxy"),
		}, 30, click.NoProxy, ""},
		{"anonymizer object", "GeoIP2-Enterprise", insights, 0, click.VPN, "ExampleVPN"},
		{"anonymizer object, not sure enough", "GeoIP2-Enterprise", fields{"country": fields{"iso_code": text("DE")}, "anonymizer": fields{
			"confidence": mmdbtype.Uint16(30), "is_anonymous": yesBool, "is_anonymous_vpn": yesBool,
		}}, 50, click.NoProxy, ""},
		{"anonymizer object with anonymizer_confidence", "GeoIP2-Enterprise", fields{"country": fields{"iso_code": text("DE")}, "anonymizer": fields{
			"anonymizer_confidence": mmdbtype.Uint16(30), "is_residential_proxy": yesBool,
		}}, 50, click.NoProxy, ""},
		{"residential feed alone", "GeoIP2-Enterprise", fields{"country": fields{"iso_code": text("DE")}, "anonymizer": fields{
			"residential": fields{"confidence": mmdbtype.Uint16(80), "provider_name": text("exampleproxy")},
		}}, 50, click.ResidentialProxy, "exampleproxy"},
		{"anonymizer object within traits", "GeoIP2-Enterprise", fields{"traits": fields{"anonymizer": fields{"is_tor_exit_node": yesBool}}}, 0, click.Tor, ""},
		{"top level and object: the stronger", "GeoIP2-Enterprise", fields{
			"is_hosting_provider": yesBool, "anonymizer": fields{"is_public_proxy": yesBool, "provider_name": text("p")},
		}, 0, click.PublicProxy, "p"},
		{"IPinfo vpn", "ipinfo standard_privacy.mmdb", privacy("vpn"), 0, click.VPN, "Example Service"},
		{"IPinfo proxy", "ipinfo standard_privacy.mmdb", privacy("proxy"), 0, click.PublicProxy, "Example Service"},
		{"IPinfo tor", "ipinfo standard_privacy.mmdb", privacy("tor"), 0, click.Tor, "Example Service"},
		{"IPinfo relay", "ipinfo standard_privacy.mmdb", privacy("relay"), 0, click.PublicProxy, "Example Service"},
		{"IPinfo hosting", "ipinfo standard_privacy.mmdb", privacy("hosting"), 0, click.Datacenter, "Example Service"},
		{"IPinfo nothing", "ipinfo standard_privacy.mmdb", privacy("service"), 0, click.NoProxy, ""},
		{"IPinfo in booleans", "ipinfo", fields{"vpn": mmdbtype.Bool(false), "tor": yesBool}, 0, click.Tor, ""},
		{"IPinfo with everything", "ipinfo", fields{"country_code": text("DE"), "is_anonymous": yesBool, "is_vpn": yesBool}, 0, click.VPN, ""},
		{"IPinfo false in words", "ipinfo", fields{"vpn": text("false"), "hosting": text("true")}, 0, click.Datacenter, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeFile(t, t.TempDir(), "db.mmdb", makeDB(t, c.databaseType, 4, map[string]fields{"203.0.113.0/24": c.record}))
			s := mustOpen(t, Options{Databases: []string{path}, MinConfidence: c.minConfidence})
			var g click.Geo
			s.Lookup(netip.MustParseAddr(visitor), &g)
			if !g.ProxyKnown {
				t.Errorf("the database is of kind %q: nothing is known of proxies", s.Status()[0].Kind)
			}
			if c.want == click.NoProxy {
				c.provider = ""
			}
			if g.Proxy != c.want || g.ProxyProvider != c.provider {
				t.Errorf("proxy %q by %q, want %q by %q", g.Proxy, g.ProxyProvider, c.want, c.provider)
			}
		})
	}
}

// TestProviderComesWithItsProxy asks two databases of one address.
func TestProviderComesWithItsProxy(t *testing.T) {
	dir := t.TempDir()
	db := func(name, sign, provider string) string {
		record := fields{mmdbtype.String(sign): yesBool}
		if provider != "" {
			record["provider_name"] = text(provider)
		}
		return writeFile(t, dir, name, makeDB(t, "GeoIP-Anonymous-Plus", 4, map[string]fields{"203.0.113.0/24": record}))
	}
	hostingOfA, vpn, vpnOfB, vpnOfC := db("1", "is_hosting_provider", "A"), db("2", "is_anonymous_vpn", ""),
		db("3", "is_anonymous_vpn", "B"), db("4", "is_anonymous_vpn", "C")
	allow := []List{{File: writeFile(t, dir, "allow.txt", []byte(visitor+"\n")), Kind: KindAllow}}
	for _, c := range []struct {
		name  string
		o     Options
		proxy click.ProxyType
		want  string
	}{
		{"the stronger one's", Options{Databases: []string{hostingOfA, vpnOfB}}, click.VPN, "B"},
		{"in any order", Options{Databases: []string{vpnOfB, hostingOfA}}, click.VPN, "B"},
		{"none of the weaker one", Options{Databases: []string{hostingOfA, vpn}}, click.VPN, ""},
		{"the first of equals that names one", Options{Databases: []string{vpn, vpnOfB, vpnOfC}}, click.VPN, "B"},
		{"none where it is allowed", Options{Databases: []string{vpnOfB}, Lists: allow}, click.NoProxy, ""},
	} {
		var g click.Geo
		mustOpen(t, c.o).Lookup(netip.MustParseAddr(visitor), &g)
		if g.Proxy != c.proxy || g.ProxyProvider != c.want {
			t.Errorf("%s: proxy %q by %q, want %q by %q", c.name, g.Proxy, g.ProxyProvider, c.proxy, c.want)
		}
	}
}
