package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/events"
)

// order is a conversion as an advertiser's system knows it.
var order = map[string]string{
	"secure": "market-secret", "purchase_value": "49.90", "external_transaction_id": "", "coupon_code": "Ö&=+ 10%",
	"conversion_ip": "198.51.100.9", "goal": "lead", "site": "shop/ä", "fields": "payout,country,purchase_value",
}

// own are the fields of a row that differ from conversion to conversion.
var own = []string{"tx_id", "real_tx_id", "request_time", "conversion_time", "click_tx_id", "click_time", "external_transaction_id", "click_ip", "dedupe_keys", "session_time", "uuid", "hash"}

// TestForms: the same conversion comes as a query, a form, JSON and a batch, by
// every path, and leaves the same row.
func TestForms(t *testing.T) {
	t.Parallel()
	m := openMarket(t, offerOf(1, cpa, goals))
	forms := map[string]func(values url.Values) answer{
		"query":              func(v url.Values) answer { return m.visit(visitor{}, "/conversion?"+v.Encode()) },
		"query, other path":  func(v url.Values) answer { return m.visit(visitor{}, "/conversions?"+v.Encode()) },
		"query, integration": func(v url.Values) answer { return m.visit(visitor{}, "/i/market/conversion?"+v.Encode()) },
		"form": func(v url.Values) answer {
			return m.post("/conversion", "application/x-www-form-urlencoded", v.Encode())
		},
		"JSON":             func(v url.Values) answer { return m.post("/conversion", "application/json", object(v)) },
		"text of a beacon": func(v url.Values) answer { return m.post("/conversion", "text/plain;charset=UTF-8", object(v)) },
		"query and JSON": func(v url.Values) answer {
			query := url.Values{"secure": v["secure"], "goal": v["goal"]}
			v.Del("secure")
			v.Del("goal")
			return m.post("/conversion?"+query.Encode(), "application/json", object(v))
		},
		"batch": func(v url.Values) answer { return m.post("/conversions", "application/json", "["+object(v)+"]") },
		"image": func(v url.Values) answer { return m.visit(visitor{}, "/pixel.gif?"+v.Encode()) },
		"page":  func(v url.Values) answer { return m.visit(visitor{}, "/pixel?"+v.Encode()) },
	}
	for name, send := range forms {
		values := url.Values{"transaction_id": {m.comeTo(1, 1, "&sub_id=forms")}}
		for field, value := range order {
			values.Set(field, value)
		}
		values.Set("external_transaction_id", name)
		before := m.handled()
		if a := send(values); a.status != http.StatusOK {
			t.Fatalf("%s: answered %d %s", name, a.status, a.body)
		}
		eventually(t, func() string { return name + " is not recorded" }, func() bool { return m.handled() > before })
	}
	rows := m.rows("event")
	if len(rows) != len(forms) {
		t.Fatalf("%d events are recorded, want %d", len(rows), len(forms))
	}
	want := shared(t, rows[0])
	for _, row := range rows {
		if got := shared(t, row); got != want {
			t.Errorf("the row of %q is\n%s\nthat of %q is\n%s", row.Text("external_transaction_id"), got, rows[0].Text("external_transaction_id"), want)
		}
		if row.Text("coupon_code") != order["coupon_code"] || row.Text("payout") != "5" || row.Text("purchase_value") != "49.9" || row.Text("event_name") != "Lead" {
			t.Errorf("the row of %q is %s", row.Text("external_transaction_id"), row.Line)
		}
	}
}

// object is a JSON object of the values.
func object(v url.Values) string {
	flat := map[string]any{}
	for name, values := range v {
		flat[name] = values[0]
	}
	text, err := json.Marshal(flat)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// shared is what a row says that those of the same order share.
func shared(t *testing.T, row events.Row) string {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(row.Line, &fields); err != nil {
		t.Fatal(err)
	}
	for _, field := range own {
		delete(fields, field)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestBatch: a thousand conversions come at once, and each is answered for
// itself in its place.
func TestBatch(t *testing.T) {
	t.Parallel()
	const size = 1000
	m := openMarket(t, offerOf(1, "allow_duplicate_conversions: true, default_payout: {payout_type: CPS, payout_percent: 10, revenue_type: RPS, revenue_percent: 20}", ""))
	clicks := make([]string, 100)
	for i := range clicks {
		clicks[i] = m.comeTo(1, 1, "")
	}
	batch := make([]string, size)
	for i := range batch {
		batch[i] = fmt.Sprintf(`{"transaction_id":%q,"external_transaction_id":"r%d","purchase_value":%d.%02d}`, clicks[i%len(clicks)], i, i/100, i%100)
	}
	batch[17] = `{"transaction_id":"17","external_transaction_id":"r17"}`
	batch[18] = `{"transaction_id":[]}`
	batch[999] = batch[998] // twice in one batch
	a := m.post("/conversions?secure=market-secret", "application/json", "["+strings.Join(batch, ",")+"]")
	var body struct {
		Data []struct{ Data report }
	}
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.status != http.StatusOK || len(body.Data) != size {
		t.Fatalf("answered %d with %d answers: %.300s", a.status, len(body.Data), a.body)
	}
	for i, want := range map[int]string{17: "invalid_transaction_id", 18: "invalid_request"} {
		if got := body.Data[i].Data; got.Status != "refused" || got.Reason != want {
			t.Errorf("conversion %d is answered %+v, want %s", i, got, want)
		}
	}
	const recorded = size - 3 // two are refused, 999 is 998 again
	m.awaitMetric("clickgate_edge_conversions_total", strconv.Itoa(recorded), func(n float64) bool { return n >= recorded })
	wantBatch(t, m.rows("conversion"), body.Data[998].Data, body.Data[999].Data)
}

// wantBatch wants a row for each conversion of the batch, with its own amount.
func wantBatch(t *testing.T, rows []events.Row, twins ...report) {
	t.Helper()
	byRef := map[string]events.Row{}
	for _, row := range rows {
		byRef[row.Text("external_transaction_id")] = row
	}
	if len(rows) != 997 || len(byRef) != 997 {
		t.Errorf("%d rows of %d conversions, want 997", len(rows), len(byRef))
	}
	for i := 1; i < 999; i++ { // r0 was worth nothing
		if i == 17 || i == 18 {
			continue
		}
		row := byRef["r"+strconv.Itoa(i)]
		want := strings.TrimRight(fmt.Sprintf("%d.%03d", i/1000, i%1000), "0")
		if want = strings.TrimSuffix(want, "."); row.Text("payout") != want {
			t.Errorf("r%d has the payout %q, want %q: %s", i, row.Text("payout"), want, row.Line)
		}
	}
	if twins[0].Duplicate == twins[1].Duplicate && twins[0].Status != "processing" && twins[1].Status != "processing" {
		t.Errorf("the twins are answered %+v", twins)
	}
}

// TestBatchesThatAreRefused leave nothing behind.
func TestBatchesThatAreRefused(t *testing.T) {
	t.Parallel()
	m := openMarket(t, offerOf(1, cpa, ""))
	click := m.comeTo(1, 1, "")
	one := `{"transaction_id":"` + click + `","secure":"market-secret"}`
	for name, tt := range map[string]struct {
		body, want string
	}{
		"one too many":     {"[" + strings.Repeat(one+",", 1000) + one + "]", "1 to 1000 conversions, not 1001"},
		"none":             {"[]", "1 to 1000 conversions, not 0"},
		"cut off":          {"[" + one, "ends too soon"},
		"something behind": {"[" + one + "] x", "follows the list"},
	} {
		a := m.post("/conversions", "application/json", tt.body)
		if a.status != http.StatusBadRequest || !strings.Contains(a.body, tt.want) {
			t.Errorf("%s: answered %d %.200s, want 400 and %q", name, a.status, a.body, tt.want)
		}
	}
	if rows := m.rows("conversion,event,received"); len(rows) != 0 {
		t.Errorf("%d rows are left", len(rows))
	}
}
