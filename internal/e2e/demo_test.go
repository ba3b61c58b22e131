package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const (
	landing  = "http://localhost:9090/demo/landing?"
	fallback = "http://localhost:9090/demo/fallback?"
)

// TestDemo plays the visitors that the demo's README and start page speak of,
// each from an address of its own, because the flood filter counts them.
func TestDemo(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	tests := map[string]struct {
		who    visitor
		link   string
		reason string // empty: approved
		parts  []string
	}{
		"curl":           {visitor{"curl/8.0", "81.0.0.1"}, goodLink, "", nil},
		"browser":        {visitor{firefox, "81.0.0.2"}, goodLink, "", nil},
		"bot":            {visitor{googlebot, "81.0.0.3"}, goodLink, "BOT", nil},
		"datacenter":     {visitor{firefox, "198.51.100.7"}, goodLink, "VPN", nil},
		"VPN":            {visitor{firefox, "192.0.2.7"}, goodLink, "VPN", nil},
		"phone on phone": {visitor{android, "203.0.113.7"}, "/click?offer_id=2&publisher_id=1", "", []string{"country=DE"}},
		"desktop":        {visitor{firefox, "203.0.113.8"}, "/click?offer_id=2&publisher_id=1", "TARGETING_DEVICE_TYPE", []string{"offer=2"}},
		"blocked sub id": {visitor{firefox, "81.0.0.4"}, "/click?offer_id=1&publisher_id=2", "SUB_ID_BLOCKED", nil},
		"unknown offer":  {visitor{firefox, "81.0.0.5"}, "/click?offer_id=99&publisher_id=1", "OFFER_UNKNOWN", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			sub := strings.ReplaceAll(name, " ", "-")
			if tt.reason == "SUB_ID_BLOCKED" {
				sub = "bad-source"
			}
			a := n.visit(tt.who, tt.link+"&sub_id="+sub)
			e := n.logged(t, "--filter", "sub_id="+sub, "--filter", "click_ip="+tt.who.address)
			if tt.reason == "" {
				a.wantRedirect(t, landing, append(tt.parts, "click_id="+e.TxID, "sub_id="+sub)...)
				e.want(t, "Approved", "")
				return
			}
			a.wantRedirect(t, fallback, append(tt.parts, "reason="+tt.reason)...)
			e.want(t, "Rejected", tt.reason)
		})
	}
}

// logged is the one event that the filters let through.
func (n *node) logged(t *testing.T, filters ...string) event {
	t.Helper()
	events := n.events(filters...)
	if len(events) != 1 {
		t.Fatalf("tail %q prints %d events, want 1: %+v", filters, len(events), events)
	}
	return events[0]
}

func (e event) want(t *testing.T, status, reason string) {
	t.Helper()
	if e.Status != status || e.Reason != reason {
		t.Errorf("the log has %s %s, want %s %s", e.Status, e.Reason, status, reason)
	}
}

// TestDemoCounts clicks as one visitor until the filters have had enough of
// him: 20 clicks are good, then he is a duplicate, from the 31st on a flood.
func TestDemoCounts(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	who := visitor{firefox, "81.0.1.1"}
	for i := 1; i <= 31; i++ {
		a := n.visit(who, fmt.Sprintf("%s&sub_id=n%d", goodLink, i))
		switch {
		case i <= 20:
			a.wantRedirect(t, landing)
		case i <= 30:
			a.wantRedirect(t, fallback, "reason=DUPLICATE_IP")
		default:
			a.wantRedirect(t, fallback, "reason=CLICK_FLOODING")
		}
	}
	n.logged(t, "--filter", "sub_id=n21").want(t, "Rejected", "DUPLICATE_IP")
	n.logged(t, "--filter", "sub_id=n31").want(t, "Rejected", "CLICK_FLOODING")
	for filter, want := range map[string]int{"status=Approved": 20, "rejected_primary_reason=DUPLICATE_IP": 10} {
		if got := len(n.events("--filter", filter)); got != want {
			t.Errorf("tail --filter %s prints %d events, want %d", filter, got, want)
		}
	}
	n.visit(visitor{firefox, "81.0.1.2"}, goodLink).wantRedirect(t, landing)
}

func TestDemoImpression(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	a := n.visit(visitor{firefox, "81.0.0.1"}, "/impression?offer_id=1&publisher_id=1&sub_id=seen")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/gif" || !strings.HasPrefix(a.body, "GIF89a") {
		t.Errorf("an impression is answered %d %s with %q, want 200 and a GIF", a.status, a.header.Get("Content-Type"), a.body)
	}
	n.logged(t, "--kind", "impression").want(t, "Approved", "")
	if clicks := n.events("--kind", "click"); len(clicks) != 0 {
		t.Errorf("an impression is among the clicks: %+v", clicks)
	}
}

func TestDemoPages(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	if a := n.visit(visitor{}, "/robots.txt"); a.status != http.StatusOK || !strings.Contains(a.body, "Disallow: /") {
		t.Errorf("/robots.txt: %d %q, want 200 and Disallow: /", a.status, a.body)
	}
	for path, want := range map[string]string{
		"/demo/landing?click_id=c1": "c1", "/demo/fallback?reason=BOT": "BOT", "/healthz": "ok",
	} {
		if a := n.operator(path); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s on the operators' listener: %d %q, want 200 and %q", path, a.status, a.body, want)
		}
	}
	if a := n.visit(visitor{}, "/metrics"); a.status != http.StatusNotFound {
		t.Errorf("visitors get %d for /metrics, want 404", a.status)
	}
	if links := n.out.String(); !strings.Contains(links, n.edge[strings.LastIndexByte(n.edge, ':'):]+"/click?") {
		t.Errorf("the start page has no link to %s:\n%s", n.edge, links)
	}
}

// TestDemoJSON asks as a program does.
func TestDemoJSON(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	for reason, who := range map[string]visitor{"BOT": {googlebot, "81.0.0.1"}, "VPN": {firefox, "192.0.2.9"}} {
		a := n.visit(who, goodLink+"&json=1")
		for _, want := range []string{`"status":"rejected"`, `"reason":"` + reason + `"`, fallback} {
			if a.status != http.StatusOK || !strings.Contains(a.body, want) {
				t.Errorf("json=1 for %s is answered %d %s, want 200 and %s", reason, a.status, a.body, want)
			}
		}
	}
}
