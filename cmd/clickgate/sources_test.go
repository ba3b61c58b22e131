package main

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/site"
)

// TestSourcesOutliveTheirServers starts on lists behind URLs, and again when
// nobody serves them any more.
func TestSourcesOutliveTheirServers(t *testing.T) {
	lists := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/vpn.txt":
			_, _ = w.Write([]byte("192.0.2.0/24\n"))
		case "/spam.txt":
			_, _ = w.Write([]byte("spam.example\n"))
		default:
			_, _ = w.Write([]byte("<html>no such list</html>"))
		}
	}))
	s := boot.Default()
	s.DataDir = t.TempDir()
	s.Geo.Lists = []geo.List{
		{URL: lists.URL + "/vpn.txt?key=secret", Kind: geo.KindVPN},
		{URL: lists.URL + "/gone.txt", Kind: geo.KindTor},
	}
	s.Categories.Lists = []site.List{{URL: lists.URL + "/spam.txt", Category: "fraud"}}
	for _, when := range []string{"with the network", "without it"} {
		n, _ := newNode(s, zap.NewNop())
		if err := n.openSources(); err != nil {
			t.Fatal(err)
		}
		var g click.Geo
		n.geo.Lookup(netip.MustParseAddr("192.0.2.1"), &g)
		if g.Proxy != click.VPN || n.sites.Lookup("https://www.spam.example/") != click.CategoryFraud {
			t.Errorf("%s: proxy %q, categories %v; want VPN and fraud", when, g.Proxy, n.sites.Lookup("https://www.spam.example/"))
		}
		detail, err := n.probeFiles()
		files, ok := detail.([]fileReport)
		if err != nil || !ok || len(files) != 3 {
			t.Fatalf("%s: the probe tells %+v, error %v", when, detail, err)
		}
		if vpn := files[0]; vpn.Error != "" || !strings.HasSuffix(vpn.URL, "/vpn.txt?...") || vpn.CheckedAt.IsZero() || vpn.Kind != "vpn" {
			t.Errorf("%s: the list is reported as %+v", when, vpn)
		}
		if gone := files[1]; !strings.Contains(gone.Error, "fetch "+lists.URL+"/gone.txt: ") || gone.Kind != "tor" {
			t.Errorf("%s: the list that is none is reported as %+v", when, gone)
		}
		n.cancel()
		lists.Close()
	}
}
