//go:build !race

package geo

import (
	"net/netip"
	"testing"

	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/clickgate/clickgate/internal/click"
)

func TestLookupDoesNotAllocate(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, Options{
		Databases: []string{
			writeFile(t, dir, "city.mmdb", makeDB(t, "City", 6, map[string]fields{
				"203.0.113.0/24": cityRecord("DE", "Berlin", "Land Berlin", 52.5, 13.4),
			})),
			writeFile(t, dir, "asn4.mmdb", makeDB(t, "ASN", 4, map[string]fields{
				"203.0.113.0/24": {"autonomous_system_number": mmdbtype.Uint32(64500), "isp": text("Example Access")},
			})),
		},
		Lists: []List{
			{File: writeFile(t, dir, "vpn.txt", []byte("203.0.113.0/24\n2001:db8::/32\n")), Kind: KindVPN},
			{File: writeFile(t, dir, "asn.txt", []byte("AS64500\n")), Kind: KindDatacenter},
			{File: writeFile(t, dir, "google.txt", []byte("8.8.8.0/24\n")), Kind: KindCrawler, Name: "google"},
		},
	})
	for _, addr := range []string{"203.0.113.7", "::ffff:203.0.113.7", "2001:db8::1", "fe80::1%eth0", "8.8.8.8"} {
		a := netip.MustParseAddr(addr)
		var g click.Geo
		if n := testing.AllocsPerRun(100, func() { s.Lookup(a, &g) }); n != 0 {
			t.Errorf("a warm look-up of %s allocates %v times, want 0", addr, n)
		}
	}
}
