package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// TestExplainConversion asks a running node why it takes a conversion as it
// does: before it comes, and once it is in the log, by its id.
func TestExplainConversion(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	n.visit(visitor{agent: firefox, address: "81.0.0.9"}, goodLink)
	click := n.logged(t).TxID
	postback := "/conversion?secure=demo-secret&transaction_id=" + click
	out := n.must("explain", postback, "--address", "127.0.0.1")
	wantParts(t, "explain", out, "yes  secure code is the integration's", "attribution\n  found", "found by         click_id", click, "Approved", `"status":"approved"`)
	if strings.Contains(out, "demo-secret") {
		t.Errorf("the secure code is shown in %s", out)
	}
	out = n.must("explain", "/conversion", "--data", "secure=wrong&transaction_id="+click, "-H", "Content-Type: application/x-www-form-urlencoded", "--address", "127.0.0.1")
	wantParts(t, "a wrong code", out, "wrong_secure_code", "answer\n  403")
	if rows := n.rowsNow("conversion,event,received"); len(rows) != 0 {
		t.Errorf("asking left %d rows", len(rows))
	}

	if a := n.visit(visitor{address: "192.0.2.5"}, postback); a.status != http.StatusOK || !strings.Contains(a.body, `"approved"`) {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	id := strings.Trim(string(n.conversionOf(t, click)["tx_id"]), `"`)
	out = n.must("explain", "--event", id)
	wantParts(t, "the conversion", out, "Demo integration (demo)", "its row. What rows do not keep", "attribution\n  found", "Approved")
	if strings.Contains(out, "recorded otherwise") {
		t.Errorf("it is told otherwise than it was: %s", out)
	}
	out = n.must("explain", postback, "--address", "127.0.0.1")
	wantParts(t, "a repeat", out, "a duplicate of "+id, `"duplicate":true`)
	a := n.change(n.operatorKey(), http.MethodPost, "/explain", `{"event_id":"`+id+`"}`)
	if a.status != http.StatusOK || !strings.Contains(a.body, `"outcome":"found"`) {
		t.Errorf("the API answers %d %s", a.status, a.body)
	}
}

// TestExplainConversionByDocuments has no click store: it says so and tells what
// the request tells.
func TestExplainConversionByDocuments(t *testing.T) {
	t.Parallel()
	r := run(t, "explain", "/conversion?secure=demo-secret&transaction_id=0190a1b2c3d4e5f60718293a4b5c6d7e&offer_id=1",
		"--config", demoBoot, "-f", demoDocuments, "--data-dir", t.TempDir(), "--address", "127.0.0.1")
	if r.status != 0 {
		t.Fatalf("explain ends with status %d: %s", r.status, r.err)
	}
	wantParts(t, "explain", r.out, "judged by this process", "secure code is the integration's", "the click store is not within reach", "Running shoes", "initial conversion")
}
