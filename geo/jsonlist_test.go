package geo

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

const googlebot = `{"creationTime": "2026-11-20T15:00:24.000000",
 "prefixes": [{"ipv6Prefix": "2001:4860:4801:10::/64"}, {"ipv4Prefix": "66.249.64.0/27"}]}`

func TestParseJSONList(t *testing.T) {
	for _, c := range []struct{ name, data, want, wantErr string }{
		{"search engine", googlebot, "2001:4860:4801:10::/64 66.249.64.0/27", ""},
		{"byte order mark and blanks", "\ufeff\r\n " + googlebot + "\n", "2001:4860:4801:10::/64 66.249.64.0/27", ""},
		{"cloud", `{"syncToken": "1", "prefixes": [{"ip_prefix": "3.4.12.4/32", "region": "x"}], "ipv6_prefixes": [{"ipv6_prefix": "2600:1f00::/24"}]}`, "3.4.12.4/32 2600:1f00::/24", ""},
		{"address", `{"prefixes": [{"ipv4Prefix": "192.0.2.1"}]}`, "192.0.2.1/32", ""},

		{"no prefixes", `{"prefixes": []}`, "", `JSON list: no "prefixes"`},
		{"something else", `{"error": "rate limited"}`, "", `JSON list: no "prefixes"`},
		{"another form", `{"prefixes": [{"ipv4Prefix": "192.0.2.1"}, {"cidr": "192.0.2.0/24"}]}`, "", "JSON list: prefixes[1]: has none of ipv4Prefix"},
		{"bad prefix", `{"prefixes": [], "ipv6_prefixes": [{"ipv6_prefix": "2600::/200"}]}`, "", `JSON list: ipv6_prefixes[0]: "2600::/200" is not an address`},
		{"wrong type", `{"prefixes": [{"ipv4Prefix": 7}]}`, "", "JSON list: json: cannot unmarshal number"},
		{"cut", googlebot[:60], "", "JSON list: unexpected end of JSON input"},
		{"two documents", googlebot + googlebot, "", "JSON list: invalid character '{'"},
		{"many mistakes", `{"prefixes": [{}` + strings.Repeat(",{}", 50) + `]}`, "", "prefixes[19]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := parseList("l.json", false, []byte(c.data))
			if (err != nil) != (c.wantErr != "") || err != nil && !strings.Contains(err.Error(), c.wantErr) {
				t.Fatalf("error %v, want %q", err, c.wantErr)
			}
			if err != nil && strings.Count(err.Error(), "\n") >= 20 {
				t.Errorf("%d lines of error, want 20 at the most", strings.Count(err.Error(), "\n")+1)
			}
			if got := strings.Trim(fmt.Sprint(list.prefixes), "[]"); err == nil && got != c.want {
				t.Errorf("prefixes %s, want %s", got, c.want)
			}
		})
	}
}

func TestNamedCrawlers(t *testing.T) {
	dir := t.TempDir()
	list := func(name, file, data string) List {
		return List{File: writeFile(t, dir, file, []byte(data)), Kind: KindCrawler, Name: name}
	}
	s := mustOpen(t, Options{Lists: []List{
		list("google", "google.json", googlebot),
		list("bing", "bing.txt", "192.0.2.0/24\n"),
		list("", "others.txt", "198.51.100.0/24\n66.249.64.0/24\n"),
		{File: writeFile(t, dir, "allow.txt", []byte("192.0.2.99\n")), Kind: KindAllow},
	}})
	var both, six click.CrawlerSet
	both, six = both.With(click.Google).With(click.Bing), six.With(click.Google)
	for addr, want := range map[string]click.Geo{
		"66.249.64.1":            {CrawlerListed: true, Crawler: click.Google, CrawlerLists: both},
		"66.249.64.99":           {CrawlerListed: true, CrawlerLists: both}, // on the list without a name only
		"2001:4860:4801:10::1":   {CrawlerListed: true, Crawler: click.Google, CrawlerLists: six},
		"2001:db8::1":            {CrawlerLists: six}, // Bing lists no IPv6: nothing can be said
		"192.0.2.1":              {CrawlerListed: true, Crawler: click.Bing, CrawlerLists: both},
		"198.51.100.1":           {CrawlerListed: true, CrawlerLists: both},
		"203.0.113.1":            {CrawlerLists: both},
		"192.0.2.99":             {}, // allowed: whatever name it goes by
		"::ffff:66.249.64.1":     {CrawlerListed: true, Crawler: click.Google, CrawlerLists: both},
		"::ffff:203.0.113.1%lo0": {CrawlerLists: both},
	} {
		var g click.Geo
		s.Lookup(netip.MustParseAddr(addr), &g)
		if g != want {
			t.Errorf("%s:\n got %+v\nwant %+v", addr, g, want)
		}
	}
}
