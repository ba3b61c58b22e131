package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/clickgate/clickgate/events"
)

// latest is the row of a conversion as the API tells it.
func (m *market) latest(key, tx string) events.Row {
	m.node.tb.Helper()
	var body struct{ Data json.RawMessage }
	a := m.change(key, http.MethodGet, "/conversions/"+tx, "")
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.status != http.StatusOK {
		m.node.tb.Fatalf("the conversion %s is answered %d %s", tx, a.status, a.body)
	}
	row, err := events.DecodeRow(events.Conversion, body.Data)
	if err != nil {
		m.node.tb.Fatal(err)
	}
	return row
}

// awaitStatus waits until a conversion has a status.
func (m *market) awaitStatus(key, tx, status string) (row events.Row) {
	m.node.tb.Helper()
	eventually(m.node.tb, func() string { return fmt.Sprintf("the conversion is not %s: %s", status, row.Line) }, func() bool {
		a := m.change(key, http.MethodGet, "/conversions/"+tx, "")
		if a.status != http.StatusOK {
			return false // it has not been read yet
		}
		row = m.latest(key, tx)
		return row.Text("status") == status
	})
	return row
}

// update sends a change of a row by the API and returns what became of it.
func (m *market) update(key string, row events.Row, action, more string) string {
	m.node.tb.Helper()
	a := m.change(key, http.MethodPost, "/reports/v2/conversion-update", fmt.Sprintf(`{"updates":[{"tx_id":%q,"hash":%q,"conversion_time":%q,"action":%q%s}]}`,
		row.Text("tx_id"), row.Text("hash"), row.Text("conversion_time"), action, more))
	var body struct{ Results []struct{ Result string } }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.status != http.StatusOK || len(body.Results) != 1 {
		m.node.tb.Fatalf("the update is answered %d %s", a.status, a.body)
	}
	return body.Results[0].Result
}

// callsAt is how often the publisher was called at a door about a conversion, by
// different calls.
func (m *market) callsAt(door, tx string) int {
	keys := map[string]bool{}
	for _, c := range m.about(tx) {
		if c.door == door {
			keys[c.key] = true
		}
	}
	return len(keys)
}

// TestLaterChanges: people and the advertiser change what was recorded. The
// amounts go and come with the status, and the publisher hears of each change,
// once.
func TestLaterChanges(t *testing.T) {
	t.Parallel()
	m := openMarket(t, offerOf(1, cpa, goals)+offerOf(2, cpa+", manually_approve_conversions: true", "")+
		offerOf(3, cpa, with(shave, "throttle_status: Rejected")))
	key := m.operatorKey()

	t.Run("approved by hand", func(t *testing.T) {
		tx := m.convert(m.comeTo(2, 1, ""), "").TxID
		row := m.awaitStatus(key, tx, "Pending")
		if got := m.update(key, row, "approve", ""); got != "changed" {
			t.Errorf("the update is %s", got)
		}
		if got := m.update(key, row, "approve", ""); got != "unchanged" && got != "stale" {
			t.Errorf("the same update is %s", got)
		}
		m.wantChanged(t, key, tx, "Approved", paidOnce)
		m.wantCall(t, "confirmed", tx, "payout 1.2 revenue ")
		m.wantNoMore(t, tx, map[string]int{"by_creating": 1, "pending": 1, "confirmed": 1, "any": 2})
	})
	t.Run("rejected by the advertiser", func(t *testing.T) {
		click := m.comeTo(1, 1, "")
		order, lead := m.convert(click, "").TxID, m.convert(click, "&goal=lead").TxID
		m.awaitStatus(key, order, "Approved")
		m.awaitStatus(key, lead, "Approved")
		a := m.visit(visitor{}, "/conversion?secure=market-secret&new_rejected_reason=returned&goal=lead&transaction_id="+click)
		if a.status != http.StatusOK || !strings.Contains(a.body, `"rejected"`) && !strings.Contains(a.body, `"processing"`) {
			t.Errorf("the rejection is answered %d %s", a.status, a.body)
		}
		m.awaitStatus(key, lead, "Rejected")
		m.wantChanged(t, key, lead, "Rejected", nothing)
		m.wantCall(t, "declined", lead, "payout  revenue ")
		m.wantChanged(t, key, order, "Approved", paidOnce)
		m.wantNoMore(t, lead, map[string]int{"by_creating": 1, "confirmed": 1, "declined": 1, "any": 2})
		m.wantNoMore(t, order, map[string]int{"by_creating": 1, "confirmed": 1, "any": 1})
	})
	t.Run("let through after all", func(t *testing.T) {
		tx := m.convert(m.comeTo(3, 1, ""), "").TxID
		row := m.awaitStatus(key, tx, "Rejected")
		if got := m.update(key, row, "approve", ""); worth(row) != nothing || got != "changed" {
			t.Errorf("the update is %s", got)
		}
		m.wantChanged(t, key, tx, "Approved", paidOnce)
		m.wantCall(t, "confirmed", tx, "payout 1.2 revenue ")
	})
	t.Run("another price", func(t *testing.T) {
		tx := m.convert(m.comeTo(1, 1, ""), "").TxID
		row := m.awaitStatus(key, tx, "Approved")
		if got := m.update(key, row, "modify", `,"update_params":{"payout":0.33,"revenue":0.5}`); got != "changed" {
			t.Errorf("the update is %s", got)
		}
		m.wantChanged(t, key, tx, "Approved", "payout 0.33 revenue 0.5")
	})
	t.Run("two at once", func(t *testing.T) {
		tx := m.convert(m.comeTo(2, 1, ""), "").TxID
		row := m.awaitStatus(key, tx, "Pending")
		results := map[string]int{}
		var mu sync.Mutex
		var both sync.WaitGroup
		for _, action := range []string{"approve", "reject"} {
			both.Go(func() {
				got := m.update(key, row, action, "")
				mu.Lock()
				defer mu.Unlock()
				results[got]++
			})
		}
		both.Wait()
		if results["changed"] != 1 || results["stale"] != 1 {
			t.Errorf("of two changes of one state: %v", results)
		}
	})
	t.Run("of what is unknown", func(t *testing.T) {
		before := len(m.rows("conversion,event"))
		a := m.visit(visitor{}, "/conversion?secure=market-secret&new_rejected_reason=returned&transaction_id="+m.comeTo(1, 1, ""))
		if a.status != http.StatusOK || !strings.Contains(a.body, `"updated":0`) && !strings.Contains(a.body, `"processing"`) {
			t.Errorf("the rejection of nothing is answered %d %s", a.status, a.body)
		}
		if after := len(m.rows("conversion,event")); after != before {
			t.Errorf("%d rows are left by it", after-before)
		}
	})
}

// wantChanged wants the latest row to have a status and a worth, whatever its
// reader is asked first.
func (m *market) wantChanged(t *testing.T, key, tx, status, worthIs string) {
	t.Helper()
	var row events.Row
	eventually(t, func() string { return fmt.Sprintf("want %s, %s: %s", status, worthIs, row.Line) }, func() bool {
		row = m.latest(key, tx)
		return row.Text("status") == status && worth(row) == worthIs
	})
	versions := 0
	for _, r := range m.rows("conversion,event") {
		if r.Text("tx_id") == tx {
			if versions++; r.Text("hash") == row.Text("hash") && worth(r) != worthIs {
				t.Errorf("the log has %s", r.Line)
			}
		}
	}
	if want := 1 + min(1, len(row.Text("updated_time"))); versions != want {
		t.Errorf("the log has %d versions of %s, want %d", versions, tx, want)
	}
}

// wantNoMore waits for calls at doors about a conversion, and wants no others.
func (m *market) wantNoMore(t *testing.T, tx string, want map[string]int) {
	t.Helper()
	have := map[string]int{}
	eventually(t, func() string {
		return fmt.Sprintf("the publisher is called %v times about %s, want %v", have, tx, want)
	}, func() bool {
		same := true
		for door := range doors {
			have[door] = m.callsAt(door, tx)
			same = same && have[door] == want[door]
		}
		return same
	})
}
