package geo

import (
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/clickgate/clickgate/internal/click"
)

// cityRecord is a record with every field of a place.
func cityRecord(iso, city, state string, lat, long float64) fields {
	return fields{
		"city":         fields{"names": fields{"en": text(city), "de": text("?")}},
		"country":      fields{"iso_code": text(iso), "names": fields{"en": text("?")}},
		"subdivisions": mmdbtype.Slice{fields{"names": fields{"en": text(state)}}, fields{"names": fields{"en": text("?")}}},
		"postal":       fields{"code": text("10115")},
		"location": fields{
			"latitude": mmdbtype.Float64(lat), "longitude": mmdbtype.Float64(long),
			"time_zone": text("Europe/Berlin"),
		},
	}
}

func TestLookup(t *testing.T) {
	dir := t.TempDir()
	files := map[string][]byte{
		"city": makeDB(t, "GeoLite2-City", 6, map[string]fields{
			"203.0.113.0/24": cityRecord("DE", "Berlin", "Land Berlin", 52.5, 13.4),
			"2001:db8::/32":  cityRecord("DE", "Berlin", "Land Berlin", 0, 0),
		}),
		"country": makeDB(t, "GeoIP2-Country", 6, map[string]fields{
			"203.0.113.0/24":  country("FR"),
			"198.51.100.0/24": country("US"),
		}),
		"asn4": makeDB(t, "GeoLite2-ASN", 4, map[string]fields{
			"203.0.113.0/25": {"autonomous_system_number": mmdbtype.Uint32(64500), "autonomous_system_organization": text("Example Net")},
			"203.0.113.0/26": {"autonomous_system_number": mmdbtype.Uint32(64501)},
		}),
		"isp": makeDB(t, "GeoIP2-ISP", 6, map[string]fields{
			"203.0.113.128/25": {"isp": text("Example Access"), "organization": text("Example School")},
			"203.0.113.64/26":  {"isp": text("Example Access")},
			"192.0.2.0/24":     {"organization": text("Example School")},
		}),
		"anonymous": makeDB(t, "GeoIP2-Anonymous-IP", 6, map[string]fields{
			"192.0.2.0/25":   {"is_anonymous": mmdbtype.Bool(true), "is_hosting_provider": mmdbtype.Bool(true)},
			"192.0.2.128/25": {"is_anonymous": mmdbtype.Bool(true)},
		}),
		"connection": makeDB(t, "GeoIP2-Connection-Type", 6, map[string]fields{
			"192.0.2.0/24":   {"connection_type": text("Cellular")},
			"203.0.113.0/24": {"connection_type": text("Corporate")},
		}),
		"enterprise": makeDB(t, "GeoIP2-Enterprise", 6, map[string]fields{
			"203.0.113.0/24": {
				"country": fields{"iso_code": text("DE")},
				"traits": fields{
					"autonomous_system_number": mmdbtype.Uint32(64500), "isp": text("Example Cable"),
					"connection_type": text("Cable/DSL"), "is_residential_proxy": mmdbtype.Bool(true),
				},
			},
		}),
		"ipinfo": makeDB(t, "ipinfo generic_lite_free.mmdb", 6, map[string]fields{
			"203.0.113.0/24": {
				"country": text("Germany"), "country_code": text("DE"),
				"asn": text("AS64509"), "as_name": text("Example Backbone"),
			},
			"198.51.100.0/24": {"country": text("Germany"), "asn": text("none")},
		}),
		"ipinfo-sea":   makeDB(t, "ipinfo", 6, map[string]fields{"192.0.2.0/24": {"country": text("FR")}}),
		"ipinfo-lower": makeDB(t, "ipinfo", 6, map[string]fields{"192.0.2.0/24": {"country": text("fr")}}),
		"sea": makeDB(t, "City", 6, map[string]fields{
			"192.0.2.0/24": {"location": fields{"latitude": mmdbtype.Float64(1), "longitude": mmdbtype.Float64(2)}},
		}),
		"ipinfo-location": makeDB(t, "ipinfo standard_location.mmdb", 6, map[string]fields{
			"203.0.113.0/24": {
				"country": text("DE"), "city": text("Berlin"), "region": text("Land Berlin"),
				"lat": text("52.5"), "lng": text("13.4"), "postal_code": text("10115"), "timezone": text("Europe/Berlin"),
			},
		}),
	}
	for name, data := range files {
		writeFile(t, dir, name+".mmdb", data)
	}
	writeFile(t, dir, "datacenter.txt", []byte("192.0.2.0/24\n198.51.100.0/24\n"))
	writeFile(t, dir, "vpn.txt", []byte("192.0.2.0/28\n2001:db8::/32\n"))
	writeFile(t, dir, "tor.txt", []byte("198.51.100.0/24\n"))
	writeFile(t, dir, "crawler.txt", []byte("192.0.2.64/26\n"))
	writeFile(t, dir, "allow.txt", []byte("192.0.2.0/29\n192.0.2.64\n"))

	berlin := click.Geo{
		Country: "DE", City: "Berlin", State: "Land Berlin", PostalCode: "10115", Timezone: "Europe/Berlin",
		Lat: 52.5, Long: 13.4, HasLocation: true, PlaceKnown: true,
		Network: netip.MustParsePrefix("203.0.113.0/24"),
	}
	with := func(g click.Geo, change func(*click.Geo)) click.Geo {
		change(&g)
		return g
	}
	prefix := netip.MustParsePrefix
	for _, c := range []struct {
		name, files, addr string
		want              click.Geo
	}{
		{"no files", "", "203.0.113.1", click.Geo{}},
		{"city", "city", "203.0.113.1", berlin},
		{"IPv4 in IPv6 form", "city", "::ffff:203.0.113.1", berlin},
		{"zone is ignored", "city", "2001:db8::1%eth0", with(berlin, func(g *click.Geo) {
			g.Lat, g.Long, g.Network = 0, 0, prefix("2001:db8::/32")
		})},
		{"not in the database", "city", "192.0.2.1", click.Geo{PlaceKnown: true}},
		{"first database wins whole", "country city", "203.0.113.1",
			click.Geo{Country: "FR", PlaceKnown: true, Network: prefix("203.0.113.0/24")}},
		{"second database fills in", "city country", "198.51.100.9",
			click.Geo{Country: "US", PlaceKnown: true, Network: prefix("198.51.100.0/24")}},
		{"narrowest network", "city asn4", "203.0.113.127", with(berlin, func(g *click.Geo) {
			g.ASN, g.ISP, g.ISPKnown, g.Network = 64500, "Example Net", true, prefix("203.0.113.64/26")
		})},
		{"ISP before AS organization in any order", "asn4 isp", "203.0.113.65",
			click.Geo{ASN: 64500, ISP: "Example Access", ISPKnown: true, Network: prefix("203.0.113.64/26")}},
		{"ISP before organization", "isp", "203.0.113.129",
			click.Geo{ISP: "Example Access", ISPKnown: true, Network: prefix("203.0.113.128/25")}},
		{"organization alone", "isp", "192.0.2.1",
			click.Geo{ISP: "Example School", ISPKnown: true, Network: prefix("192.0.2.0/24")}},
		{"IPv4 database says nothing of IPv6", "asn4", "2001:db8::1", click.Geo{}},
		{"hosting", "anonymous", "192.0.2.1",
			click.Geo{Proxy: click.Datacenter, ProxyKnown: true, Network: prefix("192.0.2.0/25")}},
		{"anonymous, how is not said", "anonymous", "192.0.2.129",
			click.Geo{Proxy: click.PublicProxy, ProxyKnown: true, Network: prefix("192.0.2.128/25")}},
		{"connection", "connection", "192.0.2.1",
			click.Geo{Connection: "Cellular", Network: prefix("192.0.2.0/24")}},
		{"traits", "enterprise", "203.0.113.1", click.Geo{
			Country: "DE", ASN: 64500, ISP: "Example Cable", Connection: "Cable/DSL", Proxy: click.ResidentialProxy,
			PlaceKnown: true, ISPKnown: true, ProxyKnown: true, Network: prefix("203.0.113.0/24"),
		}},
		{"IPinfo", "ipinfo", "203.0.113.1", click.Geo{
			Country: "DE", ASN: 64509, ISP: "Example Backbone",
			PlaceKnown: true, ISPKnown: true, Network: prefix("203.0.113.0/24"),
		}},
		{"IPinfo without a code", "ipinfo", "198.51.100.1",
			click.Geo{PlaceKnown: true, ISPKnown: true, Network: prefix("198.51.100.0/24")}},
		{"first AS organization wins", "asn4 ipinfo", "203.0.113.127", click.Geo{
			Country: "DE", ASN: 64500, ISP: "Example Net",
			PlaceKnown: true, ISPKnown: true, Network: prefix("203.0.113.64/26"),
		}},
		{"first of each wins, wider network last", "connection isp enterprise", "203.0.113.129", click.Geo{
			Country: "DE", ASN: 64500, ISP: "Example Access", Connection: "Corporate", Proxy: click.ResidentialProxy,
			PlaceKnown: true, ISPKnown: true, ProxyKnown: true, Network: prefix("203.0.113.128/25"),
		}},
		{"place without a country is kept", "sea anonymous", "192.0.2.1", click.Geo{
			Lat: 1, Long: 2, HasLocation: true, Proxy: click.Datacenter,
			PlaceKnown: true, ProxyKnown: true, Network: prefix("192.0.2.0/25"),
		}},
		{"place with a country beats one without", "sea ipinfo-sea", "192.0.2.1", click.Geo{
			Country: "FR", PlaceKnown: true, Network: prefix("192.0.2.0/24"),
		}},
		{"IPinfo, code in lower case", "ipinfo-lower", "192.0.2.1", click.Geo{
			Country: "FR", PlaceKnown: true, Network: prefix("192.0.2.0/24"),
		}},
		{"IPinfo location", "ipinfo-location", "203.0.113.1", berlin},
		{"list", "datacenter.txt", "198.51.100.1", click.Geo{Proxy: click.Datacenter, ProxyKnown: true}},
		{"not on the list", "datacenter.txt", "203.0.113.1", click.Geo{ProxyKnown: true}},
		{"zone is ignored by lists", "vpn.txt", "2001:db8::1%eth0", click.Geo{Proxy: click.VPN, ProxyKnown: true}},
		{"same network on two lists", "tor.txt datacenter.txt", "198.51.100.1", click.Geo{Proxy: click.Tor, ProxyKnown: true}},
		{"strongest list wins", "datacenter.txt vpn.txt", "192.0.2.9", click.Geo{Proxy: click.VPN, ProxyKnown: true}},
		{"list is stronger than database", "anonymous vpn.txt", "192.0.2.9",
			click.Geo{Proxy: click.VPN, ProxyKnown: true, Network: prefix("192.0.2.0/25")}},
		{"database is stronger than list", "anonymous datacenter.txt", "192.0.2.130",
			click.Geo{Proxy: click.PublicProxy, ProxyKnown: true, Network: prefix("192.0.2.128/25")}},
		{"crawler", "crawler.txt", "192.0.2.65", click.Geo{CrawlerListed: true}},
		{"crawler in a datacenter", "crawler.txt datacenter.txt", "192.0.2.65",
			click.Geo{CrawlerListed: true, Proxy: click.Datacenter, ProxyKnown: true}},
		{"allowed wins over lists and databases", "anonymous datacenter.txt vpn.txt allow.txt", "192.0.2.1",
			click.Geo{ProxyKnown: true, Network: prefix("192.0.2.0/25")}},
		{"allowed crawler", "crawler.txt allow.txt", "192.0.2.64", click.Geo{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mustOpen(t, optionsOf(c.files).In(dir))
			for _, heat := range []string{"cold", "warm"} {
				got := click.Geo{Country: "stale", CrawlerListed: true}
				s.Lookup(netip.MustParseAddr(c.addr), &got)
				if got != c.want {
					t.Errorf("%s look-up of %s in %q:\n got %+v\nwant %+v", heat, c.addr, c.files, got, c.want)
				}
			}
		})
	}
}

// optionsOf turns names of files into options: "city vpn.txt".
func optionsOf(names string) Options {
	var o Options
	for _, name := range strings.Fields(names) {
		if kind, isList := strings.CutSuffix(name, ".txt"); isList {
			o.Lists = append(o.Lists, List{File: name, Kind: Kind(kind)})
			continue
		}
		o.Databases = append(o.Databases, name+".mmdb")
	}
	return o
}

func TestLookupOfNoAddress(t *testing.T) {
	path := writeFile(t, t.TempDir(), "all.txt", []byte("0.0.0.0/0\n::/0\n"))
	s := mustOpen(t, Options{Lists: []List{{File: path, Kind: KindVPN}}})
	g := click.Geo{Country: "stale"}
	s.Lookup(netip.Addr{}, &g)
	if g != (click.Geo{}) {
		t.Errorf("the zero address gives %+v, want nothing known", g)
	}
}

func TestLookupIsSafeWhileReloading(t *testing.T) {
	dir := t.TempDir()
	db := writeFile(t, dir, "country.mmdb", makeDB(t, "Country", 4, map[string]fields{"203.0.113.0/24": country("DE")}))
	list := writeFile(t, dir, "vpn.txt", []byte("203.0.113.0/24\n"))
	s := mustOpen(t, Options{Databases: []string{db}, Lists: []List{{File: list, Kind: KindVPN}}})
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			var g click.Geo
			for {
				select {
				case <-stop:
					return
				default:
				}
				s.Lookup(netip.MustParseAddr("203.0.113.7"), &g)
				if g.Country != "DE" && g.Country != "FR" || g.Proxy != click.VPN {
					t.Errorf("look-up during a reload: country %q, proxy %s, want DE or FR and VPN", g.Country, g.Proxy)
					return
				}
				s.Status()
			}
		})
	}
	for i := range 50 {
		iso := []string{"FR", "DE"}[i%2]
		replaceFile(t, db, makeDB(t, "Country", 4, map[string]fields{"203.0.113.0/24": country(iso)}))
		if err := s.Reload(); err != nil {
			t.Errorf("reload %d: %v", i, err)
		}
	}
	close(stop)
	wg.Wait()
}
