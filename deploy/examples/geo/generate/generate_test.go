package main

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/click"
)

// TestCommittedFilesAreCurrent fails when the tables were changed and the
// files were not written again.
func TestCommittedFilesAreCurrent(t *testing.T) {
	files, err := makeFiles(networks())
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 6 {
		t.Errorf("%d files are made, want 2 databases and 4 lists", len(files))
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what its tables give: run go generate ./deploy/examples/geo/generate", name)
		}
	}
}

func TestRunWritesTheFiles(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"demo-city.mmdb", "demo-asn.mmdb", "datacenter.txt", "vpn.txt", "tor.txt", "crawler.txt"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s was not written: %v", name, err)
		}
	}
	if err := run(filepath.Join(dir, "missing")); err == nil {
		t.Error("writing into a missing folder gives no error")
	}
}

func TestNetworksAreInNormalForm(t *testing.T) {
	seen := make(map[netip.Prefix]bool)
	for _, n := range networks() {
		p, err := netip.ParsePrefix(n.cidr)
		if err != nil || p != p.Masked() || p.String() != n.cidr {
			t.Errorf("network %q is not in normal form (%v)", n.cidr, err)
		}
		if seen[p] {
			t.Errorf("network %s stands in the tables twice", p)
		}
		seen[p] = true
		if len(n.place.country) != 2 || n.asn == 0 || n.name == "" {
			t.Errorf("network %s lacks a country, an AS number or a name: %+v", p, n)
		}
	}
}

// TestDemoAnswers looks up what the README promises.
func TestDemoAnswers(t *testing.T) {
	s, err := geo.Open(geo.Options{
		Databases: []string{"demo-city.mmdb", "demo-asn.mmdb"},
		Lists: []geo.List{
			{File: "datacenter.txt", Kind: geo.KindDatacenter},
			{File: "vpn.txt", Kind: geo.KindVPN},
			{File: "tor.txt", Kind: geo.KindTor},
			{File: "crawler.txt", Kind: geo.KindCrawler},
		},
	}.In(".."))
	if err != nil {
		t.Fatal(err)
	}
	type answer struct {
		country, city, isp, connection string
		proxy                          click.ProxyType
		crawler                        bool
	}
	for addr, want := range map[string]answer{
		"203.0.113.7":     {"DE", "Berlin", "Example Broadband", "Cable/DSL", click.NoProxy, false},
		"198.51.100.7":    {"US", "Ashburn", "Example Hosting", "Corporate", click.Datacenter, false},
		"192.0.2.7":       {"CH", "Zurich", "Example VPN", "Corporate", click.VPN, false},
		"2001:db8::7":     {"DE", "Berlin", "Example Broadband", "Cable/DSL", click.NoProxy, false},
		"2001:db8:1::7":   {"US", "New York", "Example Cable", "Cable/DSL", click.NoProxy, false},
		"2001:db8:2::7":   {"GB", "London", "Example Fibre", "Cable/DSL", click.NoProxy, false},
		"2001:db8:3::7":   {"FR", "Paris", "Example Telecom", "Cable/DSL", click.NoProxy, false},
		"2001:db8:4::7":   {"AT", "Vienna", "Example Mobile", "Cellular", click.NoProxy, false},
		"2001:db8:dc::7":  {"US", "Ashburn", "Example Hosting", "Corporate", click.Datacenter, false},
		"2001:db8:ee::7":  {"CH", "Zurich", "Example VPN", "Corporate", click.VPN, false},
		"2001:db8:ff::7":  {"CH", "Zurich", "Example Onion", "Corporate", click.Tor, false},
		"8.8.8.8":         {"US", "", "Google", "Corporate", click.Datacenter, false},
		"1.1.1.1":         {"AU", "", "Cloudflare", "Corporate", click.Datacenter, false},
		"66.249.66.1":     {"US", "", "Googlebot", "Corporate", click.NoProxy, true},
		"84.130.1.1":      {"DE", "", "Deutsche Telekom", "Cable/DSL", click.NoProxy, false},
		"88.99.1.1":       {"DE", "", "Hetzner", "Corporate", click.Datacenter, false},
		"185.220.101.1":   {"DE", "", "Stiftung Erneuerbare Freiheit", "Corporate", click.Tor, false},
		"172.40.0.1":      {"US", "", "T-Mobile USA", "Cellular", click.NoProxy, false},
		"127.0.0.1":       {},
		"255.255.255.255": {},
	} {
		var g click.Geo
		s.Lookup(netip.MustParseAddr(addr), &g)
		got := answer{g.Country, g.City, g.ISP, g.Connection, g.Proxy, g.CrawlerListed}
		if got != want {
			t.Errorf("%s gives %+v, want %+v", addr, got, want)
		}
		if !g.PlaceKnown || !g.ISPKnown || !g.ProxyKnown {
			t.Errorf("%s: place, ISP and proxy known are %v, %v, %v; want all", addr, g.PlaceKnown, g.ISPKnown, g.ProxyKnown)
		}
	}
}
