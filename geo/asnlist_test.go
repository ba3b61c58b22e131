package geo

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/testdata"
)

func TestParseASNList(t *testing.T) {
	for _, c := range []struct {
		name    string
		asn     bool
		data    string
		want    string
		wantErr string
	}{
		{"X4BNet", false, "AS45090 # Tencent, they dont care\nAS3223 # VOXILITY, RO\n", "45090 3223", ""},
		{"small letters", false, "as1\nAs2\n", "1 2", ""},
		{"CSV with a header", false, "ASN,Entity\n198375,\"INULOGIC SARL, FR\"\n51447, \"RootLayer Web Services Ltd, NL\"\n", "198375 51447", ""},
		{"CSV with quoted numbers", false, "\"asn\",\"name\"\n\"AS1\",\"a; b\"\n", "1", ""},
		{"numbers", false, "\n# bad ones\n64500\n64501\n", "64500 64501", ""},
		{"numbers after a list's setting", true, "64500\n", "64500", ""},
		{"highest", false, "4294967295\n", "4294967295", ""},
		{"a header alone", false, "ASN,Entity\n", "", ""},
		{"nothing, where numbers are expected", true, "# none today\n", "", ""},

		{"an address among numbers", false, "AS1\n192.0.2.1\n", "", `l.txt:2: "192.0.2.1" is not an AS number such as AS64500`},
		{"addresses in a list of AS numbers", true, "192.0.2.1\n", "", `"192.0.2.1" is not an AS number`},
		{"JSON in a list of AS numbers", true, "{}\n", "", "is not an AS number"},
		{"a number among addresses", false, "192.0.2.1\n19\n", "", `l.txt:2: "19" is not an address`},
		{"zero", false, "AS1\nAS0\n", "", `"AS0" is not an AS number`},
		{"too high", false, "AS1\n4294967296\n", "", "is not an AS number"},
		{"signs", true, "+1\n", "", "is not an AS number"},
		{"no number", true, "AS\n", "", "is not an AS number"},
		{"two in a line", false, "AS1,AS2\n", "", `"AS2" follows in one line`},
		{"a header in the middle", false, "AS1\nASN\n", "", `l.txt:2: "ASN" is not`},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := parseList("l.txt", c.asn, []byte(c.data))
			if (err != nil) != (c.wantErr != "") || err != nil && !strings.Contains(err.Error(), c.wantErr) {
				t.Fatalf("error %v, want %q", err, c.wantErr)
			}
			if got := strings.Trim(fmt.Sprint(list.asns), "[]"); err == nil && (got != c.want || len(list.prefixes) > 0) {
				t.Errorf("AS numbers %s and prefixes %v, want %s", got, list.prefixes, c.want)
			}
		})
	}
}

func asnDB(t *testing.T, ipVersion int) []byte {
	networks := map[string]fields{
		"203.0.113.0/24":  {"autonomous_system_number": mmdbtype.Uint32(64500)},
		"198.51.100.0/24": {"autonomous_system_number": mmdbtype.Uint32(64501)},
	}
	if ipVersion == 6 {
		networks["2001:db8::/32"] = fields{"autonomous_system_number": mmdbtype.Uint32(64500)}
	}
	return makeDB(t, "GeoLite2-ASN", ipVersion, networks)
}

func TestASNLists(t *testing.T) {
	dir := t.TempDir()
	list := func(name, data string, kind Kind) List {
		return List{File: writeFile(t, dir, name, []byte(data)), Kind: kind}
	}
	dc, vpn := list("dc.txt", "AS64500\n", KindDatacenter), list("vpn.txt", "203.0.113.128/25\n", KindVPN)
	allow, google := list("allow.txt", "64500\n", KindAllow), list("google.txt", "AS64501\n", KindCrawler)
	google.Name = "google"
	v4, v6 := writeFile(t, dir, "asn4.mmdb", asnDB(t, 4)), writeFile(t, dir, "asn6.mmdb", asnDB(t, 6))
	for _, c := range []struct {
		name, addr, db string
		lists          []List
		want           click.ProxyType
		known          bool
		crawler        click.Crawler
	}{
		{"listed", "203.0.113.1", v6, []List{dc}, click.Datacenter, true, 0},
		{"listed, IPv6", "2001:db8::1", v6, []List{dc}, click.Datacenter, true, 0},
		{"not listed", "198.51.100.1", v6, []List{dc}, click.NoProxy, true, 0},
		{"no AS", "192.0.2.1", v6, []List{dc}, click.NoProxy, true, 0},
		{"nobody tells the AS of IPv6", "2001:db8::1", v4, []List{dc}, click.NoProxy, false, 0},
		{"nobody tells the AS", "203.0.113.1", "", []List{dc}, click.NoProxy, false, 0},
		{"list of addresses is stronger", "203.0.113.200", v6, []List{dc, vpn}, click.VPN, true, 0},
		{"and says nothing of others", "203.0.113.1", v6, []List{dc, vpn}, click.Datacenter, true, 0},
		{"allowed AS", "203.0.113.200", v6, []List{dc, vpn, allow}, click.NoProxy, true, 0},
		{"crawler's AS", "198.51.100.1", v6, []List{google}, click.NoProxy, false, click.Google},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{Lists: c.lists}
			if c.db != "" {
				o.Databases = []string{c.db}
			}
			s := mustOpen(t, o)
			var g click.Geo
			s.Lookup(netip.MustParseAddr(c.addr), &g)
			if g.Proxy != c.want || g.ProxyKnown != c.known || g.Crawler != c.crawler || g.CrawlerListed != (c.crawler != 0) {
				t.Errorf("proxy %q, known %v, crawler %q; want %q, %v, %q", g.Proxy, g.ProxyKnown, g.Crawler, c.want, c.known, c.crawler)
			}
			for _, st := range s.Status() {
				if useless := c.db == "" && st.Kind != ""; (st.Err != nil) != useless {
					t.Errorf("status of %s: %v; want an error: %v", st.Path, st.Err, useless)
				}
			}
		})
	}
}

func TestPublicASNLists(t *testing.T) {
	for file, want := range map[string]int{
		"ips/x4bnet/datacenter-asn.txt": 906, "ips/x4bnet/vpn-asn.txt": 15, "ips/asn/bad-asn-list.csv": 742,
	} {
		list, err := parseList(file, false, testdata.Read(t, file))
		if err != nil || len(list.asns) != want {
			t.Errorf("%s: %d AS numbers (error %v), want %d", file, len(list.asns), err, want)
		}
	}
}

// TestASNListOnSourceData applies a public list through MaxMind's database.
func TestASNListOnSourceData(t *testing.T) {
	db, file := testdata.Path(t, "geo/test-data/GeoLite2-ASN-Test.mmdb"), testdata.Path(t, "ips/x4bnet/datacenter-asn.txt")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, Options{Databases: []string{db}, Lists: []List{{File: file, Kind: KindDatacenter, ASN: true}}})
	listed := make(map[uint32]bool)
	list, _ := parseList("", true, data)
	for _, asn := range list.asns {
		listed[asn] = true
	}
	hits := 0
	for network, r := range readSource(t, "GeoLite2-ASN-Test.json") {
		var g click.Geo
		s.Lookup(network.Addr(), &g)
		if want := listed[r.Autonomous_system_number]; (g.Proxy == click.Datacenter) != want {
			t.Errorf("%s of AS%d: proxy %q, listed %v", network, r.Autonomous_system_number, g.Proxy, want)
		} else if want {
			hits++
		}
	}
	if hits == 0 {
		t.Error("no network of the source is of a listed AS: nothing was tested")
	}
}
