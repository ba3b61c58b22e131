package geo

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/testdata"
)

func TestParseList(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       string // prefixes, in order
		wantErr    string
	}{
		{"addresses", "192.0.2.1\n2001:db8::1\n", "192.0.2.1/32 2001:db8::1/128", ""},
		{"networks", "192.0.2.0/24\n2001:db8::/32\n", "192.0.2.0/24 2001:db8::/32", ""},
		{"comments and blank lines", "# a\n; b\n\n \t\n192.0.2.1 # c\n192.0.2.2;d\n", "192.0.2.1/32 192.0.2.2/32", ""},
		{"no newline at the end", "192.0.2.1", "192.0.2.1/32", ""},
		{"Windows lines and byte order mark", "\ufeff192.0.2.1\r\n192.0.2.2\r\n", "192.0.2.1/32 192.0.2.2/32", ""},
		{"bits behind the mask", "192.0.2.77/24\n", "192.0.2.0/24", ""},
		{"IPv4 in IPv6 form", "::ffff:192.0.2.1\n::ffff:192.0.2.0/120\n", "192.0.2.1/32 192.0.2.0/24", ""},
		{"range", "192.0.2.3 - 192.0.2.8\n", "192.0.2.3/32 192.0.2.4/30 192.0.2.8/32", ""},
		{"range of one", "192.0.2.3-192.0.2.3\n", "192.0.2.3/32", ""},
		{"range of all", "0.0.0.0-255.255.255.255\n", "0.0.0.0/0", ""},
		{"range of IPv6", "2001:db8::-2001:db8::2\n", "2001:db8::/127 2001:db8::2/128", ""},
		{"only a comment", "# none today\n", "", ""},
		{"columns", "172.224.226.0/27,GB,GB-EN,London,\n192.0.2.1 , x\n", "172.224.226.0/27 192.0.2.1/32", ""},

		{"empty file", "", "", "the file is empty"},
		{"word", "192.0.2.1\nexample.com\n", "", `l.txt:2: "example.com" is not an address, a CIDR or a range a-b`},
		{"mask too long", "192.0.2.0/33\n", "", `l.txt:1: "192.0.2.0/33" is not`},
		{"zone", "fe80::1%eth0\n", "", `l.txt:1: "fe80::1%eth0" is not`},
		{"wide IPv4 in IPv6 form", "::ffff:0:0/90\n", "", "l.txt:1: \"::ffff:0:0/90\" is wider than"},
		{"two in a line", "192.0.2.1,192.0.2.2\n", "", `"192.0.2.2" follows in one line`},
		{"two networks in a line", "192.0.2.0/28, 2001:db8::/32,\n", "", `"2001:db8::/32" follows in one line`},
		{"range backwards", "192.0.2.2-192.0.2.1\n", "", "ends before it begins"},
		{"range of two families", "192.0.2.2-2001:db8::\n", "", "mixes IPv4 and IPv6"},
		{"range to nowhere", "192.0.2.2-\n", "", `"" is not an address`},
		{"long line", strings.Repeat("x", 1000), "", strings.Repeat("x", 60) + `..."`},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := parseList("l.txt", false, []byte(c.data))
			if c.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), c.wantErr) {
					t.Errorf("parseList(%.40q): error %v, want one with %q", c.data, err, c.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatalf("parseList(%.40q): %v", c.data, err)
			}
			if got := strings.Trim(fmt.Sprint(list.prefixes), "[]"); got != c.want {
				t.Errorf("parseList(%.40q) = %s, want %s", c.data, got, c.want)
			}
		})
	}
}

func TestParseListCountsBadLines(t *testing.T) {
	_, err := parseList("l.txt", false, []byte("# head\n"+strings.Repeat("bad\n", 25)))
	if err == nil {
		t.Fatal("25 bad lines give no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || !strings.HasPrefix(lines[19], "l.txt:21: ") || lines[20] != "l.txt: 5 more bad lines" {
		t.Errorf("25 bad lines give %d lines that end with %q; want 20 lines and a count of 5", len(lines), lines[max(0, len(lines)-2):])
	}
}

// TestRangesCoverExactly compares ranges with every address in and around them.
func TestRangesCoverExactly(t *testing.T) {
	addr := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}) }
	for first := 1; first < 40; first++ {
		for last := first; last < 40; last++ {
			prefixes := spanPrefixes(nil, addr(first), addr(last))
			for i := range 41 {
				n := 0
				for _, p := range prefixes {
					if p.Contains(addr(i)) {
						n++
					}
				}
				if in := i >= first && i <= last; in != (n == 1) || n > 1 {
					t.Fatalf("range .%d-.%d became %v: .%d is in %d of them", first, last, prefixes, i, n)
				}
			}
		}
	}
}

// TestTableAnswersForEveryList compares the merged table with one look at
// every prefix of every list.
func TestTableAnswersForEveryList(t *testing.T) {
	entries := map[netip.Prefix]mark{
		netip.MustParsePrefix("0.0.0.0/0"):          {kinds: kinds[KindOperator]},
		netip.MustParsePrefix("192.0.2.0/24"):       {kinds: kinds[KindDatacenter]},
		netip.MustParsePrefix("192.0.2.0/25"):       {kinds: kinds[KindVPN]},
		netip.MustParsePrefix("192.0.2.0/28"):       {kinds: kinds[KindCrawler] | kinds[KindTor]},
		netip.MustParsePrefix("192.0.2.128/32"):     {kinds: kinds[KindAllow]},
		netip.MustParsePrefix("2001:db8::/32"):      {kinds: kinds[KindVPN], crawlers: 1 << click.Google},
		netip.MustParsePrefix("2001:db8::ff00/120"): {kinds: kinds[KindProxy]},
	}
	table := newTable(entries)
	for _, s := range []string{"192.0.2.1", "192.0.2.100", "192.0.2.128", "192.0.2.200", "8.8.8.8", "2001:db8::1", "2001:db8::ff01", "::1"} {
		addr := netip.MustParseAddr(s)
		var want mark
		for p, set := range entries {
			if p.Contains(addr) {
				want = want.with(set)
			}
		}
		if got, _ := table.Lookup(addr); got != want {
			t.Errorf("the table says %v of %s, the lists say %v", got, s, want)
		}
	}
}

func TestPublicLists(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		file    string
		kind    Kind
		entries int
		member  string
	}{
		{"ips/x4bnet/datacenter-ipv4.txt.gz", KindDatacenter, 42566, ""},
		{"ips/x4bnet/vpn-ipv4.txt", KindVPN, 10862, ""},
		{"ips/x4bnet/vpn-ipv6.txt", KindVPN, 498, ""},
		{"ips/tor/tor-exit-nodes.lst", KindTor, 1746, ""},
		{"ips/cloud/googlebot-ipv4.txt", KindCrawler, 41, ""},
	} {
		data := testdata.Read(t, c.file)
		path := writeFile(t, dir, "list.txt", data)
		s := mustOpen(t, Options{Lists: []List{{File: path, Kind: c.kind}}})
		if got := s.Status()[0].Entries; got != c.entries {
			t.Errorf("%s: %d entries, want %d", c.file, got, c.entries)
		}
		list, _ := parseList("", false, data)
		for _, p := range list.prefixes {
			var g click.Geo
			s.Lookup(p.Addr(), &g)
			if want := kinds[c.kind].strongest(); g.Proxy != want || g.CrawlerListed != (c.kind == KindCrawler) {
				t.Errorf("%s: %s gives proxy %q and crawler %v, want %q", c.file, p.Addr(), g.Proxy, g.CrawlerListed, want)
			}
		}
	}
}

func FuzzParseList(f *testing.F) {
	f.Add([]byte("192.0.2.0/24 # a\n2001:db8::1-2001:db8::ff\n"))
	f.Add([]byte("::ffff:1.2.3.4/97;"))
	f.Add([]byte("ASN,Entity\n64500, \"a, b\"\nAS1 # c\n"))
	f.Add([]byte(googlebot))
	f.Add([]byte("172.224.226.0/27,GB,GB-EN,London,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, asn := range []bool{false, true} {
			list, err := parseList("l", asn, data)
			if err != nil {
				continue
			}
			if len(list.asns) > 0 && len(list.prefixes) > 0 {
				t.Errorf("parseList(%q) gives both prefixes and AS numbers", data)
			}
			for _, p := range list.prefixes {
				if !p.IsValid() || p != p.Masked() || p.Addr().Is4In6() {
					t.Errorf("parseList(%q) gives %s, which is not in normal form", data, p)
				}
			}
			if slices.Contains(list.asns, 0) {
				t.Errorf("parseList(%q) gives AS number 0", data)
			}
		}
	})
}

func TestStrongest(t *testing.T) {
	order := []Kind{KindVPN, KindTor, KindProxy, KindResidential, KindDatacenter, KindOperator}
	for i := range order {
		var set kindSet
		for _, kind := range order[i:] {
			set |= kinds[kind]
		}
		if got, want := (set | crawler).strongest(), kinds[order[i]].strongest(); got != want || got == click.NoProxy {
			t.Errorf("the strongest of %s is %q, want %q", order[i:], got, want)
		}
	}
	if (crawler | allowed).strongest() != click.NoProxy {
		t.Error("a crawler or an allowed address counts as an anonymiser")
	}
}
