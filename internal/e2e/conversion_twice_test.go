package e2e

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
)

// again is a pair of conversions, of one click or of two.
type again struct {
	name          string
	offer         string
	first, second string
	otherClick    bool
	// rows is how many are recorded.
	rows int
}

const (
	often = ", allow_duplicate_conversions: true"
	goals = `
---
{kind: offer_event, id: eNUMBER, organization: demo, offer: oNUMBER, incremental_id: 900NUMBER, name: Lead, active: true, payout_type: CPA, payout: 5}
---
{kind: offer_event, id: fNUMBER, organization: demo, offer: oNUMBER, incremental_id: 800NUMBER, name: Visit, active: true, allow_multiple_events: true, payout_type: CPA, payout: 6}
`
)

var pairs = []again{
	{name: "the same", rows: 1},
	{name: "the same with another amount", second: "&purchase_value=7", rows: 1},
	{name: "the same, allowed", offer: often, rows: 2},
	{name: "another click", otherClick: true, rows: 2},
	{name: "an event besides", second: "&goal=lead", rows: 2},
	{name: "an event twice, by name and number", first: "&goal=lead", second: "&event_id=900NUMBER", rows: 1},
	{name: "an event twice, allowed", first: "&goal=visit", second: "&goal=visit", rows: 2},
	{name: "an event twice, the offer's switch", offer: often, first: "&goal=lead", second: "&goal=lead", rows: 1},
	{name: "two events", first: "&goal=lead", second: "&goal=visit", rows: 2},
	{name: "external id, another click", first: "&external_transaction_id=aNUMBER", second: "&external_transaction_id=aNUMBER", otherClick: true, rows: 1},
	{name: "external id, duplicates allowed", offer: often, first: "&external_transaction_id=aNUMBER", second: "&external_transaction_id=aNUMBER", rows: 1},
	{name: "other external ids", offer: often, first: "&external_transaction_id=aNUMBER", second: "&external_transaction_id=bNUMBER", rows: 2},
	{name: "external id of another event", first: "&external_transaction_id=aNUMBER", second: "&external_transaction_id=aNUMBER&goal=lead", rows: 2},
	{name: "reference", offer: ", unique_conversion_refs: true", first: "&conversion_ref=r", second: "&conversion_ref=r", otherClick: true, rows: 1},
	{name: "reference, duplicates allowed", offer: often + ", unique_conversion_refs: true", first: "&conversion_ref=r", second: "&conversion_ref=r", rows: 1},
	{name: "other references", offer: often + ", unique_conversion_refs: true", first: "&conversion_ref=r", second: "&conversion_ref=s", rows: 2},
	{name: "reference that nobody looks at", offer: often, first: "&conversion_ref=r", second: "&conversion_ref=r", rows: 2},
	{name: "after a rejection", first: "&status=declined", rows: 1},
}

// TestTwice: of conversions that are the same one is recorded, and the publisher
// is told of one.
func TestTwice(t *testing.T) {
	t.Parallel()
	m := openMarket(t, offersOf(pairs))
	wantPairs(t, m, pairs, func() {})
}

// forgotten are pairs whose second comes when external ids are forgotten.
var forgotten = []again{
	{name: "duplicates allowed", offer: often, first: "&external_transaction_id=aNUMBER", second: "&external_transaction_id=aNUMBER", rows: 2},
	{name: "another click", first: "&external_transaction_id=aNUMBER", second: "&external_transaction_id=aNUMBER", otherClick: true, rows: 2},
	{name: "the click is not forgotten", first: "&external_transaction_id=aNUMBER", second: "&external_transaction_id=aNUMBER", rows: 1},
}

// TestExternalIDsAreForgotten: they count for as long as the integration says.
func TestExternalIDsAreForgotten(t *testing.T) {
	t.Parallel()
	m := openMarket(t, offersOf(forgotten), "expiry_seconds: 3600", "expiry_seconds: 1")
	wantPairs(t, m, forgotten, func() {
		sent := time.Now()
		eventually(t, func() string { return "time stands still" }, func() bool { return time.Since(sent) > 1100*time.Millisecond })
	})
}

func offersOf(pairs []again) string {
	var documents strings.Builder
	for i, p := range pairs {
		documents.WriteString(offerOf(i+1, cpa+p.offer, goals))
	}
	return documents.String()
}

// wantPairs sends all firsts, waits, sends all seconds and looks at what is
// recorded.
func wantPairs(t *testing.T, m *market, pairs []again, wait func()) {
	t.Helper()
	answers := make([][2]report, len(pairs))
	clicks := make([]string, len(pairs))
	for i, p := range pairs {
		clicks[i] = m.comeTo(i+1, 1, "")
		answers[i][0] = m.convert(clicks[i], numbered(p.first, i+1))
	}
	wait()
	for i, p := range pairs {
		click := clicks[i]
		if p.otherClick {
			click = m.comeTo(i+1, 1, "")
		}
		answers[i][1] = m.convert(click, numbered(p.second, i+1))
	}
	rows := m.rows("conversion,event")
	byTxID(t, rows)
	for i, p := range pairs {
		t.Run(p.name, func(t *testing.T) { m.wantPair(t, p, ofOffer(rows, i+1), answers[i][0], answers[i][1]) })
	}
}

// ofOffer are the rows of an offer by their id.
func ofOffer(rows []events.Row, number int) map[string]events.Row {
	found := map[string]events.Row{}
	for _, row := range rows {
		if row.Text("offer_db_id") == "o"+strconv.Itoa(number) {
			found[row.Text("tx_id")] = row
		}
	}
	return found
}

// wantPair looks at the rows of a pair, and at what each side was told.
func (m *market) wantPair(t *testing.T, p again, rows map[string]events.Row, first, second report) {
	t.Helper()
	if len(rows) != p.rows || rows[first.TxID].Line == nil {
		t.Fatalf("%d rows, want %d; the answers are %+v and %+v", len(rows), p.rows, first, second)
	}
	for tx, row := range rows {
		m.wantCall(t, "by_creating", tx, "payout "+row.Text("payout")+" revenue ")
	}
	switch repeats := second.TxID == first.TxID; {
	case p.rows == 2 && (second.Duplicate || repeats || rows[second.TxID].Line == nil):
		t.Errorf("the second is answered %+v, the first %+v", second, first)
	case p.rows == 1 && second.Status != "processing" && (!second.Duplicate || !repeats):
		t.Errorf("the second is answered %+v, the first %+v", second, first)
	case p.rows == 1 && second.Duplicate && second.Status != "duplicate" && first.Status != "processing" && second.Status != first.Status:
		t.Errorf("the second hears %q, the first %q", second.Status, first.Status)
	}
}

func numbered(query string, number int) string {
	return strings.ReplaceAll(query, "NUMBER", strconv.Itoa(number))
}
