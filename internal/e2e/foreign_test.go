package e2e

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestForeignFormats: links and postbacks of other systems work as they are
// where only the mapping says how they are read.
func TestForeignFormats(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	t.Run("affise", func(t *testing.T) { affise(t, n) })
	t.Run("tune", func(t *testing.T) { tune(t, n) })
	t.Run("24metrics", func(t *testing.T) { metrics24(t, n) })
}

// affise speaks as its advertisers' servers do: status 1 is confirmed, 2
// pending, 3 declined, 5 hold; whatever is taken is answered with 200.
func affise(t *testing.T, n *node) {
	for status, want := range map[string]struct {
		number          float64
		status, revenue string
	}{"1": {1, "Approved", "3"}, "2": {2, "Pending", "3"}, "3": {3, "Rejected", ""}, "5": {5, "Hold", "3"}, "": {1, "Approved", "3"}} {
		id := idIn(n.visit(visitor{agent: firefox}, "/i/affise/click?pid=1&offer_id=10&sub1=abc&sub2=def").location)
		a := n.visit(visitor{}, "/i/affise/postback?click_id="+id+"&action_id=A"+status+"&goal=1&sum=20&status="+status+"&secure=demo-secret")
		var said struct {
			Status     int     `json:"status"`
			Conversion float64 `json:"conversion_status"`
		}
		if err := json.Unmarshal([]byte(a.body), &said); err != nil || a.status != 200 || said.Status != 1 || said.Conversion != want.number {
			t.Errorf("status %q: answered %d %s, want 200 and conversion_status %v", status, a.status, a.body, want.number)
		}
		row := n.conversionOf(t, id)
		row.want(t, map[string]string{
			"status": want.status, "external_transaction_id": "A" + status, "sub_id": "abc", "sub_id_2": "def", "purchase_value": "20",
			"publisher_db_id": "blog", "revenue": want.revenue, "integration_id": "affise",
		})
	}
	if a := n.visit(visitor{}, "/i/affise/postback?click_id="+strings.Repeat("a", 32)+"&secure=demo-secret"); a.status != 403 || !strings.Contains(a.body, `"error"`) {
		t.Errorf("a forged click: answered %d %s", a.status, a.body)
	}
}

// tune speaks as its advertisers' servers do, which send no secret.
func tune(t *testing.T, n *node) {
	a := n.visit(visitor{agent: firefox}, "/i/tune/aff_c?offer_id=11&aff_id=1&aff_sub=abc")
	_, id, _ := strings.Cut(a.location, "transaction_id=")
	a = n.visit(visitor{}, "/i/tune/aff_lsr?transaction_id="+id+"&amount=20.50")
	if a.status != 200 || !strings.HasPrefix(a.body, "success=true;") {
		t.Errorf("answered %d %q", a.status, a.body)
	}
	n.conversionOf(t, id).want(t, map[string]string{
		"status": "Approved", "sub_id": "abc", "purchase_value": "20.5", "payout": "2.025", "revenue": "4.05", "integration_type": "HasOffer",
	})
	if a := n.visit(visitor{}, "/i/tune/aff_lsr?transaction_id=no&amount=1"); !strings.HasPrefix(a.body, "success=false;") {
		t.Errorf("no click: answered %d %q", a.status, a.body)
	}
}

// metrics24 asks for an answer in JSON with fields of the row.
func metrics24(t *testing.T, n *node) {
	var clicked struct {
		Data struct {
			Status string `json:"status"`
			ID     string `json:"transaction_id"`
		} `json:"data"`
	}
	a := n.visit(visitor{agent: firefox}, "/i/metrics24/click?offer_id=12&publisher_id=1&json=1")
	if err := json.Unmarshal([]byte(a.body), &clicked); err != nil || clicked.Data.Status != "approved" {
		t.Fatalf("the click was answered %d %s", a.status, a.body)
	}
	a = n.visit(visitor{}, "/i/metrics24/conversion?transaction_id="+clicked.Data.ID+"&secure=demo-secret&fields=payout,offer,reason")
	var said struct {
		Status string      `json:"status"`
		ID     string      `json:"transaction_id"`
		Payout json.Number `json:"payout"`
		Offer  string      `json:"offer"`
	}
	if err := json.Unmarshal([]byte(a.body), &said); err != nil || said.Status != "approved" || said.ID == "" || said.Payout != "2" || said.Offer != "App" {
		t.Errorf("answered %d %s, %v", a.status, a.body, err)
	}
	a = n.visit(visitor{}, "/i/metrics24/conversion?transaction_id="+clicked.Data.ID+"&secure=no")
	if a.status != 403 || !strings.Contains(a.body, `"reason":"wrong_secure_code"`) {
		t.Errorf("a wrong code: answered %d %s", a.status, a.body)
	}
}

// row is an event as tail prints it.
type row map[string]json.RawMessage

func (r row) want(t *testing.T, fields map[string]string) {
	t.Helper()
	for name, want := range fields {
		if got := strings.Trim(string(r[name]), `"`); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// conversionOf waits for the conversion of a click in the log.
func (n *node) conversionOf(t *testing.T, click string) (found row) {
	t.Helper()
	eventually(t, func() string { return "no conversion of click " + click + " has been recorded" }, func() bool {
		out := n.must("tail", "--from-start", "--no-follow", "--json", "--kind", "conversion,event", "--filter", "click_tx_id="+click)
		for line := range strings.Lines(out) {
			found = nil
			if err := json.Unmarshal([]byte(line), &found); err != nil {
				t.Fatalf("tail --json printed %q: %v", line, err)
			}
		}
		return found != nil
	})
	return found
}
