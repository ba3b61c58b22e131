package geo

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oschwald/maxminddb-golang/v2"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/testdata"
)

// truth is a record of the source data in its own words. It is read without
// any code under test.
type truth struct {
	City         struct{ Names map[string]string }
	Country      struct{ Iso_code string }
	Subdivisions []struct{ Names map[string]string }
	Postal       struct{ Code string }
	Location     *struct {
		Latitude, Longitude float64
		Time_zone           string
	}
	Autonomous_system_number       uint32
	Autonomous_system_organization string
	Isp, Organization              string
	Connection_type, Domain        string

	Is_anonymous, Is_anonymous_vpn, Is_tor_exit_node, Is_public_proxy bool
	Is_residential_proxy, Is_hosting_provider                         bool
	Provider_name                                                     string
}

func (r truth) geo() click.Geo {
	g := click.Geo{
		Country: r.Country.Iso_code, City: r.City.Names["en"], PostalCode: r.Postal.Code,
		ASN: r.Autonomous_system_number, ISP: r.Isp, Connection: r.Connection_type,
	}
	if len(r.Subdivisions) > 0 {
		g.State = r.Subdivisions[0].Names["en"]
	}
	if r.Location != nil {
		g.Lat, g.Long, g.HasLocation = r.Location.Latitude, r.Location.Longitude, true
		g.Timezone = r.Location.Time_zone
	}
	if g.ISP == "" {
		g.ISP = r.Autonomous_system_organization
	}
	if g.ISP == "" {
		g.ISP = r.Organization
	}
	for _, sign := range []struct {
		set  bool
		sort click.ProxyType
	}{
		{r.Is_anonymous, click.PublicProxy},
		{r.Is_hosting_provider, click.Datacenter},
		{r.Is_residential_proxy, click.ResidentialProxy},
		{r.Is_public_proxy, click.PublicProxy},
		{r.Is_tor_exit_node, click.Tor},
		{r.Is_anonymous_vpn, click.VPN},
	} {
		if sign.set {
			g.Proxy, g.ProxyProvider = sign.sort, r.Provider_name
		}
	}
	return g
}

func TestSourceData(t *testing.T) {
	for _, c := range []struct {
		source, kind string
		networks     int
	}{
		{"GeoLite2-City-Test.json.gz", "place", 242},
		{"GeoIP2-Country-Test.json.gz", "place", 345},
		{"GeoIP2-ISP-Test.json.gz", "isp", 2109},
		{"GeoLite2-ASN-Test.json", "isp", 720},
		{"GeoIP2-Anonymous-IP-Test.json", "proxy", 12},
		{"GeoIP2-Connection-Type-Test.json", "connection", 25},
	} {
		t.Run(c.source, func(t *testing.T) {
			name, _, _ := strings.Cut(c.source, ".")
			s := mustOpen(t, Options{Databases: []string{testdata.Path(t, "geo/test-data/"+name+".mmdb")}})
			if got := s.Status()[0].Kind; got != c.kind {
				t.Errorf("%s.mmdb is of kind %q, want %q", name, got, c.kind)
			}
			want := readSource(t, c.source)
			if len(want) != c.networks {
				t.Errorf("the source has %d networks, want %d", len(want), c.networks)
			}
			for network := range want {
				checkNetwork(t, s, network, want)
			}
		})
	}
}

// readSource returns the records of a source by their networks.
func readSource(t *testing.T, name string) map[netip.Prefix]truth {
	t.Helper()
	var rows []map[string]truth
	if err := json.Unmarshal(testdata.Read(t, "geo/source-data/"+name), &rows); err != nil {
		t.Fatal(err)
	}
	all := make(map[netip.Prefix]truth)
	for _, row := range rows {
		for cidr, r := range row {
			all[parseSource(t, cidr)] = r
		}
	}
	return all
}

// parseSource reads a network of the source data, where IPv4 may be written as
// ::a.b.c.d/96+n.
func parseSource(t *testing.T, cidr string) netip.Prefix {
	t.Helper()
	network, err := netip.ParsePrefix(cidr)
	if err != nil {
		t.Fatal(err)
	}
	network = network.Masked() // one of them is written with bits behind the mask
	b := network.Addr().As16()
	if network.Addr().Is4() || network.Bits() < 96 || [12]byte(b[:12]) != [12]byte{} {
		return network
	}
	return netip.PrefixFrom(netip.AddrFrom4([4]byte(b[12:])), network.Bits()-96)
}

// checkNetwork compares the first and the last address of a network, and the
// ones before and behind it, with what the source says of them.
func checkNetwork(t *testing.T, s *Service, network netip.Prefix, all map[netip.Prefix]truth) {
	t.Helper()
	first, last := network.Addr(), lastAddr(network)
	for _, addr := range []netip.Addr{first.Prev(), first, last, last.Next()} {
		if !addr.IsValid() {
			continue // beyond the end of the addresses
		}
		var got click.Geo
		s.Lookup(addr, &got)
		r, from := sourceOf(addr, all)
		want := r.geo()
		// The writer joins neighbours with equal records, and splits a network
		// only around others inside it.
		if from == network && (!got.Network.Contains(addr) || got.Network.Bits() > network.Bits() && !hasHoles(network, all)) {
			t.Errorf("%s lies in network %s, want %s or a wider one", addr, got.Network, network)
		}
		want.Network = got.Network
		want.PlaceKnown, want.ISPKnown, want.ProxyKnown = got.PlaceKnown, got.ISPKnown, got.ProxyKnown
		if got != want {
			t.Errorf("%s, an end of %s or beside it:\n got %+v\nwant %+v", addr, network, got, want)
		}
	}
}

// sourceOf returns the record of the narrowest network of the source that
// holds an address, and the network; zero for none.
func sourceOf(addr netip.Addr, all map[netip.Prefix]truth) (truth, netip.Prefix) {
	addr = embedded(addr)
	for bits := addr.BitLen(); bits >= 0; bits-- {
		p := netip.PrefixFrom(addr, bits).Masked()
		if r, ok := all[p]; ok {
			return r, p
		}
	}
	return truth{}, netip.Prefix{}
}

// embedded returns the IPv4 address in an IPv6 one where MaxMind's databases
// answer by it: IPv4-compatible, 6to4 and Teredo addresses.
func embedded(addr netip.Addr) netip.Addr {
	b := addr.As16()
	switch {
	case addr.Is4():
		return addr
	case [12]byte(b[:12]) == [12]byte{}:
		return netip.AddrFrom4([4]byte(b[12:]))
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6]))
	case b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0:
		return netip.AddrFrom4([4]byte(b[4:8]))
	}
	return addr
}

func hasHoles(network netip.Prefix, all map[netip.Prefix]truth) bool {
	for other := range all {
		if other != network && network.Contains(other.Addr()) {
			return true
		}
	}
	return false
}

// TestDomainSource reads the one database that a Service has no use for.
func TestDomainSource(t *testing.T) {
	reader, err := maxminddb.Open(testdata.Path(t, "geo/test-data/GeoIP2-Domain-Test.mmdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	all := readSource(t, "GeoIP2-Domain-Test.json")
	if len(all) != 91 {
		t.Errorf("the source has %d networks, want 91", len(all))
	}
	for network, want := range all {
		for _, addr := range []netip.Addr{network.Addr(), lastAddr(network)} {
			var got struct {
				Domain string `maxminddb:"domain"`
			}
			if err := reader.Lookup(addr).Decode(&got); err != nil || got.Domain != want.Domain || got.Domain == "" {
				t.Errorf("%s of %s: domain %q (error %v), want %q", addr, network, got.Domain, err, want.Domain)
			}
		}
	}
}

// strangeDatabases are the paths of what is malformed or of no use.
func strangeDatabases(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"bad-data/*/*.mmdb", "test-data/MaxMind-DB-*.mmdb", "test-data/GeoIP2-Domain-Test.mmdb"} {
		paths, err := filepath.Glob(filepath.Join(testdata.Path(t, "geo"), filepath.FromSlash(pattern)))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d files, error %v", pattern, len(paths), err)
		}
		all = append(all, paths...)
	}
	return all
}

// TestStrangeDatabases opens them: an error is the right answer to each.
func TestStrangeDatabases(t *testing.T) {
	for _, path := range strangeDatabases(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := newDatabase(data, 0); err == nil {
				t.Errorf("%s opens without an error", path)
			}
		})
	}
}

// TestReloadOfStrangeDatabases puts each of them in the place of a good one,
// which goes on serving.
func TestReloadOfStrangeDatabases(t *testing.T) {
	path := writeFile(t, t.TempDir(), "c.mmdb", countryDB(t, "DE"))
	s := mustOpen(t, Options{Databases: []string{path}})
	for _, strange := range strangeDatabases(t) {
		data, err := os.ReadFile(strange)
		if err != nil {
			t.Fatal(err)
		}
		replaceFile(t, path, data)
		if err := s.Reload(); err == nil {
			t.Errorf("%s is taken over without an error", strange)
		}
		if got := countryOf(s, visitor); got != "DE" {
			t.Errorf("with %s: country %q, want the old DE", strange, got)
		}
		if err := CheckDatabase(data); err == nil {
			t.Errorf("%s passes the check of a download", strange)
		}
	}
	replaceFile(t, path, countryDB(t, "FR"))
	if err := s.Reload(); err != nil || countryOf(s, visitor) != "FR" {
		t.Errorf("after the repair: country %q, error %v; want FR", countryOf(s, visitor), err)
	}
}

// TestEveryCutIsRefused cuts a database at every length, as a copy in progress
// would.
func TestEveryCutIsRefused(t *testing.T) {
	data := countryDB(t, "DE")
	for n := range data {
		if _, err := newDatabase(data[:n], 0); err == nil {
			t.Errorf("the first %d of %d bytes open without an error", n, len(data))
		}
	}
}

// TestFlippedBitsAreSurvived damages a database one bit at a time.
func TestFlippedBitsAreSurvived(t *testing.T) {
	data := makeDB(t, "GeoLite2-City", 6, map[string]fields{
		"203.0.113.0/24": cityRecord("DE", "Berlin", "Land Berlin", 52.5, 13.4),
		"2001:db8::/32":  country("FR"),
	})
	opened := 0
	for i := range data {
		damaged := append([]byte(nil), data...)
		damaged[i] ^= 1 << (i % 8)
		db, err := newDatabase(damaged, 0)
		if err != nil {
			continue
		}
		opened++
		probe(db)
	}
	if opened == 0 {
		t.Errorf("none of %d damaged databases opened, so no look-up was tried", len(data))
	}
}

// probe looks up addresses all over a database.
func probe(db *database) {
	for _, s := range []string{"0.0.0.0", "203.0.113.1", "255.255.255.255", "::", "::1", "2001:db8::1", "2002:cb00:7101::", "ffff::"} {
		var g click.Geo
		if r, network := db.find(netip.MustParseAddr(s)); r != nil {
			r.fill(&g, network)
			_ = fmt.Sprint(g) // reads every string
		}
	}
}

// FuzzOpen opens any bytes as a database and looks addresses up in it.
func FuzzOpen(f *testing.F) {
	f.Add(countryDB(f, "DE"))
	f.Add(makeDB(f, "GeoLite2-City", 6, map[string]fields{
		"203.0.113.0/24": cityRecord("DE", "Berlin", "Land Berlin", 52.5, 13.4),
	}))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if db, err := newDatabase(data, 0); err == nil {
			probe(db)
		}
	})
}
