package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestExplain asks a running node why it judges as it does: by command and by
// API, about a link and about an event.
func TestExplain(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	out := n.must("explain", goodLink+"&sub_id=x", "--address", "127.0.0.1", "-H", "User-Agent: "+googlebot, "-H", "X-Forwarded-For: 192.0.2.7")
	wantParts(t, "explain", out, "Demo integration (demo)", "sub_id               = x", "address          192.0.2.7", "offer is active Running shoes",
		"BOT: hit -> BOT", "VPN: hit -> VPN", "Rejected BOT, VPN", "by: ")
	if log := n.events(); len(log) != 0 {
		t.Errorf("asking left %d events", len(log))
	}

	n.visit(visitor{agent: googlebot, address: "81.0.0.9"}, goodLink)
	id := n.logged(t).TxID
	out = n.must("explain", "--event", id, "--json")
	var report struct {
		Decision struct {
			Status     string   `json:"status"`
			Rejections []string `json:"rejections"`
		} `json:"decision"`
		Recorded event `json:"recorded"`
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("explain --json printed %s: %v", out, err)
	}
	if report.Decision.Status != "Rejected" || strings.Join(report.Decision.Rejections, ",") != "BOT" || report.Recorded.TxID != id {
		t.Errorf("the event is explained by %s", out)
	}

	key := n.operatorKey()
	a := n.change(key, http.MethodPost, "/explain", `{"event_id":"`+id+`"}`)
	if a.status != http.StatusOK || !strings.Contains(a.body, `"rejected_primary_reason":"BOT"`) {
		t.Errorf("the API answers %d %s", a.status, a.body)
	}
	unknown := strings.Repeat("0", 31) + "1"
	if a := n.change(key, http.MethodPost, "/explain", `{"event_id":"`+unknown+`"}`); a.status != http.StatusNotFound {
		t.Errorf("an unknown event is answered %d %s", a.status, a.body)
	}
	for _, wrong := range [][]string{{}, {"click"}, {goodLink, "--address", "here"}, {goodLink, "-H", "nothing"}, {goodLink, "--event", id}, {goodLink, "--time", "now"}} {
		if r := n.run("explain", wrong...); r.status != 2 || r.crashed() {
			t.Errorf("explain %q ends with status %d, want 2: %s", wrong, r.status, r.err)
		}
	}
}

// TestExplainDocuments judges by documents that are not live.
func TestExplainDocuments(t *testing.T) {
	t.Parallel()
	r := run(t, "explain", goodLink, "--config", demoBoot, "-f", demoDocuments, "--data-dir", t.TempDir(), "-H", "User-Agent: "+firefox, "--address", "127.0.0.1")
	if r.status != 0 {
		t.Fatalf("explain ends with status %d: %s", r.status, r.err)
	}
	wantParts(t, "explain", r.out, "judged by this process", "Approved", "by: landing page")
}

// TestReplayOfTheLog plays the node's own events by another config, and a
// change before it is made.
func TestReplayOfTheLog(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	for range 5 {
		n.visit(visitor{agent: firefox, address: "81.0.0.9"}, goodLink)
	}
	n.visit(visitor{agent: googlebot, address: "81.0.0.10"}, goodLink)
	n.awaitDelivery()
	stop := write(t, "stop.yaml", "{kind: offer, id: shoes, organization: demo, integration: demo, incremental_id: 1, name: Running shoes, advertiser_id: 1, active: false}\n")
	out := n.must("apply", "-f", stop, "--dry-run", "--replay", "1h", "--config", demoBoot)
	wantParts(t, "apply --dry-run --replay", out, "6 clicks judged by both configs, 0 lines unreadable, 6 decided otherwise",
		"5  approved -> OFFER_INACTIVE", "1  BOT -> OFFER_INACTIVE+BOT", "dry run: version 1 stays")
	out = n.must("apply", "-f", stop, "--dry-run", "--replay", "2", "--config", demoBoot)
	wantParts(t, "the last two", out, "2 clicks judged by both configs")
	out = n.must("replay", "--last", "1h", "--config", demoBoot)
	wantParts(t, "replay --last", out, "6 clicks judged, 0 lines unreadable", "5  Approved", "1  BOT")
	out = n.must("replay", "--last", "1h", "--config", demoBoot, "--against", demoDocuments)
	wantParts(t, "replay --against the same", out, "0 decided otherwise")
	for _, wrong := range [][]string{{}, {"x.log"}, {"--last", "yesterday"}, {"--last", "1h", "x.log"}, {"x.log", "--link", "/", "--format", "odd"}} {
		if r := n.run("replay", wrong...); r.status != 2 || r.crashed() {
			t.Errorf("replay %q ends with status %d, want 2: %s", wrong, r.status, r.err)
		}
	}
	if r := n.run("apply", "-f", stop, "--replay", "1h"); r.status != 2 {
		t.Errorf("apply --replay without --dry-run ends with status %d, want 2", r.status)
	}
}
