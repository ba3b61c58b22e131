package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
)

// ledger is a click store, and a log that it reads at once.
type ledger struct {
	tb    testing.TB
	store *store.Store
	mu    sync.Mutex
	keys  map[string]string
	rows  int
	away  string // the tx_id that the log does not take
}

func (b *bench) ledger() *ledger {
	b.tb.Helper()
	s, err := store.Open(store.Options{Dir: filepath.Join(b.tb.TempDir(), "clicks"), Settings: store.Settings{CacheBytes: 1 << 20, ClickDays: 100, ImpressionDays: 8, MatchDays: 8}})
	if err != nil {
		b.tb.Fatal(err)
	}
	b.tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.tb.Error(err)
		}
	})
	l := &ledger{tb: b.tb, store: s, keys: map[string]string{}}
	b.api.Finder, b.api.Recorder = s, l
	return l
}

func (l *ledger) Record(_ context.Context, c *events.Claim) (bool, string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.TxID == l.away {
		return false, "", errors.New("the log is away")
	}
	if version, taken := l.keys[c.Keys[0]]; taken {
		return version == c.Version, c.TxID, nil
	}
	l.keys[c.Keys[0]] = c.Version
	l.apply(bytes.Clone(c.Line))
	return true, "", nil
}

func (l *ledger) apply(line []byte) {
	l.rows++
	err := l.store.Apply([]store.Block{{Kind: events.Conversion, Sequence: uint64(l.rows), LoggedMS: time.Now().UnixMilli(), Data: line}})
	if err != nil {
		l.tb.Error(err)
	}
}

const convertedAt = "2026-11-21T10:00:00.000Z"

func convID(n int) string { return fmt.Sprintf("%012x%020x", 1795255200000, n) }

// add records a conversion of the world.
func (l *ledger) add(w world, n int, fields string) {
	l.apply([]byte(fmt.Sprintf(`{"tx_id":%q,"conversion_time":%q,"organization_id":"demo","integration_id":%q,"offer_db_id":%q,"publisher_db_id":%q,`+
		`"advertiser":"Acme","revenue":2.5,"payout":1.25,"click_ip":"192.0.2.1",%s,"hash":"h%d"}`+"\n", convID(n), convertedAt, w.integration, w.offer, w.publisher, fields, n)))
}

func (l *ledger) row(n int) events.Row {
	l.tb.Helper()
	a, err := l.store.Find(context.Background(), attribution.Query{ConversionID: convID(n)})
	if err != nil || len(a.Conversions) != 1 {
		l.tb.Fatalf("%+v, %v", a, err)
	}
	row, err := events.DecodeRow(events.Conversion, a.Conversions[0].Row)
	if err != nil {
		l.tb.Fatal(err)
	}
	return row
}

const (
	updateFull   = "/api/v2/reports/v2/conversion-update"
	updateStatus = "/api/v2/reports/conversion-update"
)

// update is a body with items, each for conversion n as it was recorded.
func update(items ...string) string { return `{"updates":[` + strings.Join(items, ",") + `]}` }

func updateOf(n int, action, more string) string {
	return fmt.Sprintf(`{"tx_id":%q,"hash":"h%d","conversion_time":%q,"action":%q%s}`, convID(n), n, convertedAt, action, more)
}

// resultsOf are the results of an update in its order.
func resultsOf(r reply) string {
	var list []string
	results, _ := r.body["results"].([]any)
	for _, item := range results {
		list = append(list, item.(map[string]any)["result"].(string))
	}
	return strings.Join(list, " ")
}

func TestUpdateConversions(t *testing.T) {
	b := newBench(t)
	w, l := b.world(), b.ledger()
	for n := range 8 {
		l.add(w, n, `"status":"Pending"`)
	}
	l.add(w, 8, `"status":"?"`)
	got := b.ask("POST", updateFull, update(
		updateOf(0, "Approve", ""),
		updateOf(1, "reject", `,"new_rejected_advanced_reason":"fake"`),
		updateOf(2, "Modify", `,"update_params":{"payout":0.1,"revenue":99999999.99,"purchase_value":12.345678}`),
		updateOf(3, "Approve", `,"update_params":{"payout":3,"revenue":null}`),
		strings.Replace(updateOf(4, "Approve", ""), "h4", "h5", 1),
		strings.Replace(updateOf(5, "Approve", ""), convertedAt, "2026-11-21T10:00:00.001Z", 1),
		strings.Replace(updateOf(6, "Approve", ""), convertedAt, "2026-11-21 10:00:00", 1),
		updateOf(99, "Approve", ""),
		updateOf(8, "Approve", ""),
	)).want(t, "update", http.StatusOK)
	if got.body["success"] != true || resultsOf(got) != "changed changed changed changed stale stale changed not_found impossible" {
		t.Errorf("answered %s", got.text)
	}
	for n, want := range map[int]string{
		0: "Approved 1.25 2.5   ", 1: "Rejected   1.25 2.5 fake", 2: "Pending 0.1 99999999.99   ", 3: "Approved 3 2.5   ", 4: "Pending 1.25 2.5   ",
		5: "Pending 1.25 2.5   ", 6: "Approved 1.25 2.5   ",
	} {
		row := l.row(n)
		var have []string
		for _, field := range []string{"status", "payout", "revenue", "rejected_payout", "rejected_revenue", "rejected_advanced_reason"} {
			have = append(have, row.Text(field))
		}
		if strings.Join(have, " ") != want {
			t.Errorf("conversion %d is %q, want %q", n, strings.Join(have, " "), want)
		}
	}
	if row := l.row(2); row.Text("purchase_value") != "12.345678" || row.Text("updated_by") == "" {
		t.Errorf("conversion 2 is %s", row.Line)
	}
	again := b.ask("POST", updateFull, update(updateOf(0, "Approve", ""), updateOf(7, "Approve", ""))).want(t, "again", http.StatusOK)
	if resultsOf(again) != "stale changed" {
		t.Errorf("again answered %s", again.text)
	}
}

func TestUpdateConversionStatus(t *testing.T) {
	b := newBench(t)
	w, l := b.world(), b.ledger()
	l.add(w, 0, `"status":"Pending"`)
	l.add(w, 1, `"status":"Approved"`)
	item := func(n int, action string) string {
		return fmt.Sprintf(`{"tx_id":%q,"hash":"h%d","action":%q}`, convID(n), n, action)
	}
	body := `{"organization_id":"demo",` + update(item(0, "Approve"), item(1, "Reject"))[1:]
	if got := b.ask("POST", updateStatus, body).want(t, "update", http.StatusOK); resultsOf(got) != "changed changed" || got.body["success"] != true {
		t.Errorf("answered %s", got.text)
	}
	if l.row(0).Text("status") != "Approved" || l.row(1).Text("status") != "Rejected" {
		t.Errorf("they are %s and %s", l.row(0).Line, l.row(1).Line)
	}
	l.add(w, 4, `"status":"Pending","organization_id":"x"`)
	if got := b.ask("POST", updateStatus, `{"organization_id":"demo",`+update(item(4, "Approve"))[1:]).want(t, "another organization's", http.StatusOK); resultsOf(got) != "not_found" {
		t.Errorf("answered %s", got.text)
	}
	second := b.create("/api/v2/integrations", strings.Replace(goodIntegration, "Main", "Second", 1))
	l.add(w, 5, `"status":"Pending"`)
	for _, pair := range [][2]string{{second, "not_found"}, {w.integration, "changed"}} {
		id, want := pair[0], pair[1]
		if got := b.ask("POST", updateStatus, `{"integration_id":"`+id+`",`+update(item(5, "Approve"))[1:]).want(t, "an integration", http.StatusOK); resultsOf(got) != want {
			t.Errorf("answered %s, want %s", got.text, want)
		}
	}
	l.add(w, 2, `"status":"Rejected"`)
	hash := l.row(2).RowHash()
	l.add(w, 3, `"status":"Approved"`)
	same := fmt.Sprintf(`{"tx_id":%q,"hash":%q,"action":"Approve"}`, convID(3), "h3")
	if got := b.ask("POST", updateStatus, update(item(2, "Reject"), same)).want(t, "as they are", http.StatusOK); hash == "" || resultsOf(got) != "changed unchanged" {
		t.Errorf("answered %s", got.text) // the rejected loses what it was paid all the same
	}
}

func TestUpdatesAreChecked(t *testing.T) {
	b := newBench(t)
	w, l := b.world(), b.ledger()
	l.add(w, 0, `"status":"Pending"`)
	good := updateOf(0, "Approve", "")
	for name, tt := range map[string]struct {
		path, body, location string
		status               int
	}{
		"nothing":               {updateFull, `{}`, "body.updates", 400},
		"no items":              {updateFull, update(), "body.updates", 400},
		"too many":              {updateFull, update(strings.Split(strings.Repeat(good+"\n", 1001), "\n")[:1001]...), "body.updates", 400},
		"an unknown field":      {updateFull, update(updateOf(0, "Approve", `,"status":"x"`)), "body.updates[0].status", 400},
		"an unknown action":     {updateFull, update(updateOf(0, "Delete", "")), "body.updates[0].action", 400},
		"no time":               {updateFull, update(strings.Replace(good, `"conversion_time":"`+convertedAt+`",`, "", 1)), "body.updates[0].conversion_time", 400},
		"an empty hash":         {updateFull, update(strings.Replace(good, "h0", "", 1)), "body.updates[0].hash", 400},
		"a negative amount":     {updateFull, update(updateOf(0, "Modify", `,"update_params":{"payout":-1}`)), "body.updates[0].update_params.payout", 400},
		"an amount of text":     {updateFull, update(updateOf(0, "Modify", `,"update_params":{"payout":"1"}`)), "body.updates[0].update_params.payout", 400},
		"amounts in the short":  {updateStatus, update(`{"tx_id":"` + convID(0) + `","hash":"h0","action":"Approve","update_params":{}}`), "body.updates[0].update_params", 400},
		"modify in the short":   {updateStatus, update(`{"tx_id":"` + convID(0) + `","hash":"h0","action":"Modify"}`), "body.updates[0].action", 400},
		"no id":                 {updateFull, update(good, strings.Replace(updateOf(1, "Approve", ""), convID(1), "17", 1)), "body.updates[1].tx_id", 422},
		"a time that is none":   {updateFull, update(strings.Replace(good, convertedAt, "noon", 1)), "body.updates[0].conversion_time", 422},
		"an amount too fine":    {updateFull, update(updateOf(0, "Modify", `,"update_params":{"revenue":0.1234567}`)), "body.updates[0].update_params.revenue", 422},
		"an amount too large":   {updateFull, update(updateOf(0, "Modify", `,"update_params":{"revenue":1e300}`)), "body.updates[0].update_params.revenue", 422},
		"modify nothing":        {updateFull, update(updateOf(0, "Modify", `,"update_params":{"payout":null}`)), "body.updates[0].update_params", 422},
		"a reason to approve":   {updateFull, update(updateOf(0, "Approve", `,"new_rejected_advanced_reason":"x"`)), "body.updates[0].new_rejected_advanced_reason", 422},
		"the same twice":        {updateFull, update(good, good), "body.updates[1].tx_id", 422},
		"a foreign integration": {updateFull, `{"integration_id":"x",` + update(good)[1:], "body.integration_id", 422},
		"no organization":       {updateFull, `{"organization_id":"x",` + update(good)[1:], "body.organization_id", 422},
	} {
		t.Run(name, func(t *testing.T) {
			got := b.ask("POST", tt.path, tt.body).want(t, name, tt.status)
			if !strings.Contains(got.text, `"`+tt.location+`"`) {
				t.Errorf("no mistake at %s in %s", tt.location, got.text)
			}
		})
	}
	b.ask("POST", updateFull+"?x=1", update(good)).want(t, "a parameter", 400)
	if l.rows != 1 {
		t.Errorf("a refused request changed something")
	}
}

// What cannot be changed now is told, and the same request changes the rest.
func TestUpdatesGoOn(t *testing.T) {
	b := newBench(t)
	w := b.world()
	one := update(updateOf(0, "Approve", ""))
	b.ask("POST", updateFull, one).want(t, "without a store", http.StatusServiceUnavailable)
	b.ask("GET", "/api/v2/conversions/"+convID(0), "").want(t, "without a store", http.StatusServiceUnavailable)
	l := b.ledger()
	var items []string
	for n := range 40 {
		l.add(w, n, `"status":"Pending"`)
		items = append(items, updateOf(n, "Approve", ""))
	}
	l.away = convID(7)
	got := b.ask("POST", updateFull, update(items...)).want(t, "a log that is away", http.StatusServiceUnavailable)
	if at := got.locations(); len(at) != 1 || at[0] != "body.updates[7]" || got.header.Get("Retry-After") == "" {
		t.Errorf("answered %s", got.text)
	}
	l.away = ""
	again := b.ask("POST", updateFull, update(items...)).want(t, "again", http.StatusOK)
	if strings.Count(resultsOf(again), "changed") != 1 || strings.Count(resultsOf(again), "stale") != 39 || l.rows != 80 {
		t.Errorf("answered %s", again.text)
	}
	if err := l.store.Close(); err != nil {
		t.Fatal(err)
	}
	b.ask("GET", "/api/v2/conversions/"+convID(0), "").want(t, "a store that is away", http.StatusServiceUnavailable)
}

// TestConversionScopes: who sees a conversion, and who changes it.
func TestConversionScopes(t *testing.T) {
	b := newBench(t)
	w, l := b.world(), b.ledger()
	const limited = `"advertiser_manager_access":"Limited","publisher_manager_access":"Limited"`
	const restricted = `"advertiser_manager_access":"Restricted","publisher_manager_access":"Restricted"`
	const both = `"is_advertiser_manager":true,"is_publisher_manager":true`
	mine, mineKey := b.person("mine", "accountManager", `{`+both+`,`+limited+`}`)
	b.ask("PATCH", "/api/v2/publishers/"+w.publisher, `{"name":"Blog","manager_id":"`+mine+`"}`).want(t, "manager", http.StatusOK)
	_, halfKey := b.person("half", "accountManager", `{`+both+`,`+restricted+`}`)
	keys := map[string]string{"mine": mineKey, "half": halfKey, "": b.key, "foreigner": b.admin("other")}
	_, keys["admin"] = b.person("boss", "admin", "")
	_, keys["global"] = b.person("global", "accountManager", `{`+both+`}`)
	_, keys["reader"] = b.person("reader", "accountManager", `{"is_advertiser_manager":false}`)
	_, keys["limited"] = b.person("limited", "accountManager", `{`+both+`,`+limited+`}`)
	keys["publisher"] = b.publisherKey(w.publisher, "p")
	keys["another publisher"] = b.publisherKey(b.create("/api/v2/publishers", `{"name":"Other","active":true}`), "q")
	n := 0
	for name, tt := range map[string]struct {
		fields string // more of the row
		who    string
		see    bool
		update string // a result, or a status
	}{
		"super admin":                       {who: "", see: true, update: "changed"},
		"admin":                             {who: "admin", see: true, update: "changed"},
		"a foreigner":                       {who: "foreigner", update: "not_found"},
		"manager of all":                    {who: "global", see: true, update: "changed"},
		"manager of the publisher":          {who: "mine", see: true, update: "changed"},
		"manager of others":                 {who: "limited", see: true, update: "forbidden"},
		"no manager":                        {who: "reader", see: true, update: "forbidden"},
		"manager who sees neither":          {who: "half", update: "not_found"},
		"manager, conversion of nobody":     {fields: `,"offer_db_id":"","publisher_db_id":""`, who: "global", update: "not_found"},
		"admin, conversion of nobody":       {fields: `,"offer_db_id":"","publisher_db_id":""`, who: "admin", see: true, update: "changed"},
		"manager, offer that is gone":       {fields: `,"offer_db_id":"gone"`, who: "global", update: "not_found"},
		"no organization":                   {fields: `,"organization_id":""`, who: "admin", update: "not_found"},
		"super admin, another organization": {fields: `,"organization_id":"x"`, who: "", see: true, update: "changed"},
		"its publisher":                     {who: "publisher", see: true, update: "403"},
		"another publisher":                 {who: "another publisher", update: "403"},
		"its publisher elsewhere":           {fields: `,"organization_id":"other"`, who: "publisher", update: "403"},
	} {
		n++
		t.Run(name, func(t *testing.T) {
			l.add(w, n, `"status":"Pending"`+tt.fields)
			status := http.StatusNotFound
			if tt.see {
				status = http.StatusOK
			}
			b.askNode(b.api, "GET", "/api/v2/conversions/"+convID(n), "", "API-KEY", keys[tt.who]).want(t, "read", status)
			got := b.askNode(b.api, "POST", updateFull, update(updateOf(n, "Approve", "")), "API-KEY", keys[tt.who])
			if result := resultsOf(got); result != tt.update && fmt.Sprint(got.status) != tt.update {
				t.Errorf("updated as %q: %s, want %s", result, got.text, tt.update)
			}
			if changed := l.row(n).Text("status") == "Approved"; changed != (tt.update == "changed") {
				t.Errorf("changed: %v", changed)
			}
		})
	}
}

// publisherKey makes a user of a publisher and returns his key.
func (b *bench) publisherKey(publisher, name string) string {
	b.tb.Helper()
	users := "/api/v2/publishers/" + publisher + "/users"
	id := b.create(users, `{"email":"`+name+`@blog.example"}`)
	key, _ := b.ask("POST", users+"/"+id+"/api-keys", `{}`).want(b.tb, "key of "+name, http.StatusCreated).body["key"].(string)
	return key
}

func TestReadConversion(t *testing.T) {
	b := newBench(t)
	w, l := b.world(), b.ledger()
	l.add(w, 0, `"status":"Approved","sub_id":"s","rejections":["VPN"],"updated_by":"ann@example.com"`)
	path := "/api/v2/conversions/" + convID(0)
	got := b.ask("GET", path, "").want(t, "read", http.StatusOK)
	if !strings.Contains(got.text, `"payout":1.25`) || got.data()["revenue"] != 2.5 || got.data()["hash"] != "h0" || got.data()["advertiser"] != "Acme" {
		t.Errorf("read %s", got.text)
	}
	seen := b.askNode(b.api, "GET", path, "", "API-KEY", b.publisherKey(w.publisher, "p")).want(t, "read by its publisher", http.StatusOK).data()
	if seen["payout"] != 1.25 || seen["sub_id"] != "s" || seen["status"] != "Approved" {
		t.Errorf("its publisher is told %v", seen)
	}
	for _, secret := range []string{"revenue", "rejected_revenue", "advertiser", "hash", "click_ip", "rejections", "updated_by"} {
		if _, told := seen[secret]; told {
			t.Errorf("its publisher is told %s", secret)
		}
	}
	b.ask("GET", "/api/v2/conversions/"+convID(1), "").want(t, "unknown", http.StatusNotFound)
	b.ask("GET", "/api/v2/conversions/x", "").want(t, "no id", http.StatusNotFound)
	b.ask("GET", path+"?x=1", "").want(t, "a parameter", http.StatusBadRequest)
	b.askNode(b.api, "GET", path, "").want(t, "without a key", http.StatusUnauthorized)
}
