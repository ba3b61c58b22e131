package match

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// base are the documents that rows are of.
func base() []config.Document {
	return []config.Document{
		&config.Integration{Meta: config.Meta{ID: "int1"}},
		&config.Offer{Meta: config.Meta{ID: "off1"}, IncrementalID: 7},
		&config.Offer{Meta: config.Meta{ID: "off2"}, IncrementalID: 8},
		&config.Publisher{Meta: config.Meta{ID: "pub1"}, IncrementalID: 12, PostbackManagerEnabled: true},
		&config.Publisher{Meta: config.Meta{ID: "pub2"}, IncrementalID: 13},
	}
}

func compile(t *testing.T, documents ...config.Document) *Rules {
	t.Helper()
	set, problems := config.NewSet(append(base(), documents...)...)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return Compile(set, nil)
}

type fields map[string]any

// row is an event of pub1 on off1 with the fields of other besides.
func row(t *testing.T, kind events.Kind, other fields) events.Row {
	t.Helper()
	all := fields{
		"tx_id": "tx1", "request_time": "2026-11-21T11:00:00.000Z", "status": "Approved", "integration_id": "int1", "organization_id": "org1",
		"offer_db_id": "off1", "offer_id": "7", "offer": "Shoes", "publisher": "Blog", "publisher_db_id": "pub1", "real_publisher": "12",
	}
	maps.Copy(all, other)
	line, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	r, err := events.DecodeRow(kind, line)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// owners are who asks for calls, sorted, with what their keys are made of.
func owners(t *testing.T, r *Rules, row events.Row) []string {
	t.Helper()
	asked := r.Ask(row, now)
	if len(asked.Errs) > 0 {
		t.Fatal(asked.Errs)
	}
	var all []string
	for _, c := range asked.Calls {
		all = append(all, c.Owner)
	}
	slices.Sort(all)
	return all
}

func manager(id string, change func(*config.PostbackManager)) *config.PostbackManager {
	d := &config.PostbackManager{
		Meta: config.Meta{ID: id}, Integration: "int1", ServiceType: "conversion", URL: "https://p.example/?c={click_id}", Active: true,
	}
	if change != nil {
		change(d)
	}
	return d
}

// TestManagers is R-61.
func TestManagers(t *testing.T) {
	type change = func(*config.PostbackManager)
	rejected := fields{"status": "Rejected", "rejections": []string{"BOT", "VPN"}, "rejected_simple_reason": "BOT"}
	for _, tt := range []struct {
		name   string
		change change
		kind   events.Kind
		row    fields
		want   bool
	}{
		{"no filters", nil, events.Conversion, nil, true},
		{"inactive", func(d *config.PostbackManager) { d.Active = false }, events.Conversion, nil, false},
		{"other service", nil, events.Event, nil, false},
		{"clicks", func(d *config.PostbackManager) { d.ServiceType = "click" }, events.Click, nil, true},
		{"clicks that are previews", func(d *config.PostbackManager) { d.ServiceType = "click" }, events.Click, fields{"purpose": "unfurl"}, false},
		{"impressions", func(d *config.PostbackManager) { d.ServiceType = "impression" }, events.Impression, rejected, true},
		{"events", func(d *config.PostbackManager) { d.ServiceType = "event" }, events.Event, nil, true},
		{"other integration", nil, events.Conversion, fields{"integration_id": "int2"}, false},
		{"offer by id", func(d *config.PostbackManager) { d.Filters.OfferID = "off1" }, events.Conversion, nil, true},
		{"offer by number", func(d *config.PostbackManager) { d.Filters.OfferID = "7" }, events.Conversion, nil, true},
		{"other offer", func(d *config.PostbackManager) { d.Filters.OfferID = "off2" }, events.Conversion, nil, false},
		{"other offer by number", func(d *config.PostbackManager) { d.Filters.OfferID = "8" }, events.Conversion, nil, false},
		{"offer without one", func(d *config.PostbackManager) { d.Filters.OfferID = "7" }, events.Conversion, fields{"offer_db_id": "", "offer_id": ""}, false},
		{"publisher by id", func(d *config.PostbackManager) { d.Filters.PublisherID = "pub1" }, events.Conversion, nil, true},
		{"publisher by number", func(d *config.PostbackManager) { d.Filters.PublisherID = "12" }, events.Conversion, nil, true},
		{"other publisher", func(d *config.PostbackManager) { d.Filters.PublisherID = "13" }, events.Conversion, nil, false},
		{"publisher and offer", func(d *config.PostbackManager) { d.Filters.PublisherID, d.Filters.OfferID = "12", "off1" }, events.Conversion, nil, true},
		{"publisher and other offer", func(d *config.PostbackManager) { d.Filters.PublisherID, d.Filters.OfferID = "12", "off2" }, events.Conversion, nil, false},
		{"event by number", func(d *config.PostbackManager) { d.ServiceType, d.Filters.EventID = "event", "3" }, events.Event, fields{"event_id": 3}, true},
		{"event by id", func(d *config.PostbackManager) { d.ServiceType, d.Filters.EventID = "event", "ev3" }, events.Event, fields{"event_id": 3, "event_db_id": "ev3"}, true},
		{"other event", func(d *config.PostbackManager) { d.ServiceType, d.Filters.EventID = "event", "4" }, events.Event, fields{"event_id": 3}, false},
		{"any of a rejected one", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Any" }, events.Conversion, rejected, true},
		{"approved", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Approved" }, events.Conversion, nil, true},
		{"approved of a rejected one", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Approved" }, events.Conversion, rejected, false},
		{"rejected", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Rejected" }, events.Conversion, rejected, true},
		{"rejected of one not found", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Rejected" }, events.Conversion, fields{"status": "Not_Found"}, false},
		{"pending", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Pending" }, events.Conversion, fields{"status": "Pending"}, true},
		{"pending of one on hold", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Pending" }, events.Conversion, fields{"status": "Hold"}, true},
		{"pending of one over a cap", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Pending" }, events.Conversion, fields{"status": "Pending_Cap"}, true},
		{"exact", func(d *config.PostbackManager) { d.Filters.Statuses = []string{"Pending", "Hold"} }, events.Conversion, fields{"status": "Hold"}, true},
		{"exact of another", func(d *config.PostbackManager) { d.Filters.Statuses = []string{"Pending"} }, events.Conversion, fields{"status": "Hold"}, false},
		{"reason", func(d *config.PostbackManager) { d.Filters.RejectionReasons = []string{"VPN"} }, events.Conversion, rejected, true},
		{"other reason", func(d *config.PostbackManager) { d.Filters.RejectionReasons = []string{"ISP"} }, events.Conversion, rejected, false},
		{"reasons are about rejected ones", func(d *config.PostbackManager) { d.Filters.RejectionReasons = []string{"ISP"} }, events.Conversion, nil, true},
		{"of a publisher", func(d *config.PostbackManager) { d.CreatedByPublisher = true }, events.Conversion, nil, true},
		{"of a publisher who may not", func(d *config.PostbackManager) { d.CreatedByPublisher = true }, events.Conversion, fields{"publisher_db_id": "pub2"}, false},
		{"of a publisher who is gone", func(d *config.PostbackManager) { d.CreatedByPublisher = true }, events.Conversion, fields{"publisher_db_id": "pub9"}, false},
		{"any, told when it changes", nil, events.Conversion, fields{"updated_time": "2026-11-21T11:30:00.000Z"}, false},
		{"any that tells the status, when it changes", func(d *config.PostbackManager) { d.URL += "&s={status}" }, events.Conversion, fields{"updated_time": "2026-11-21T11:30:00.000Z"}, true},
		{"approved later", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Approved" }, events.Conversion, fields{"updated_time": "2026-11-21T11:30:00.000Z"}, true},
		{"a row of no status", nil, events.Conversion, fields{"status": ""}, false},
		{"a row of no id", nil, events.Conversion, fields{"tx_id": ""}, false},
		{"a postback's own row", nil, events.Postback, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compile(t, manager("m1", tt.change))
			if len(r.Problems()) > 0 {
				t.Fatal(r.Problems())
			}
			event := row(t, tt.kind, tt.row)
			if got := owners(t, r, event); (len(got) == 1) != tt.want {
				t.Errorf("fires %v, want %v", got, tt.want)
			}
			if got := r.Managers(event); (len(got) == 1) != tt.want {
				t.Errorf("the row would name %v, want %v", got, tt.want)
			}
			preview, err := r.Preview(manager("m1", tt.change), event, now)
			if err == nil && preview.Fires != tt.want {
				t.Errorf("the preview says it fires: %v, want %v", preview.Fires, tt.want)
			}
		})
	}
}

// TestPublisherPostbacks is.
func TestPublisherPostbacks(t *testing.T) {
	postback := func(id string, publisher, offer int64, status, goal string) *config.PublisherPostback {
		return &config.PublisherPostback{
			Meta: config.Meta{ID: id}, PublisherIncrementalID: publisher, OfferIncrementalID: offer,
			URL: "https://p.example/?c={sub_id}", Status: status, Goal: goal, Active: true,
		}
	}
	byPublisher := postback("by_publisher", 13, 0, "", "")
	byPublisher.CreatedByPublisher = true
	inactive := postback("inactive", 12, 0, "", "")
	inactive.Active = false
	r := compile(t,
		postback("all", 12, 0, "", ""), postback("creating", 12, 0, "by_creating", ""), postback("confirmed", 12, 0, "confirmed", ""),
		postback("pending", 12, 0, "pending", ""), postback("declined", 12, 0, "declined", ""), postback("hold", 12, 0, "hold", ""),
		postback("not_found", 12, 0, "not_found", ""), postback("initial", 12, 0, "confirmed", "0"), postback("goal3", 12, 0, "confirmed", "3"),
		postback("goal_sale", 12, 0, "confirmed", "Sale"), postback("offer8", 12, 8, "declined", ""), postback("other", 13, 0, "by_creating", ""),
		byPublisher, inactive,
	)
	later := fields{"updated_time": "2026-11-21T11:30:00.000Z"}
	for _, tt := range []struct {
		name string
		kind events.Kind
		row  fields
		want string
	}{
		{"approved", events.Conversion, nil, "all confirmed creating initial"},
		{"approved later", events.Conversion, later, "all confirmed initial"},
		{"pending", events.Conversion, fields{"status": "Pending"}, "all creating pending"},
		{"over a cap", events.Conversion, fields{"status": "Pending_Cap"}, "all creating pending"},
		{"rejected", events.Conversion, fields{"status": "Rejected"}, "all creating declined"},
		{"on hold", events.Conversion, fields{"status": "Hold"}, "all creating hold"},
		{"not found", events.Conversion, fields{"status": "Not_Found"}, "all creating not_found"},
		{"goal by number", events.Event, fields{"event_id": 3, "event_name": "Trial"}, "all confirmed creating goal3"},
		{"goal by name", events.Event, fields{"event_id": 4, "event_name": "Sale"}, "all confirmed creating goal_sale"},
		{"an offer with its own", events.Conversion, fields{"offer_db_id": "off2", "offer_id": "8", "status": "Rejected"}, "offer8"},
		{"an offer with its own, of which none fits", events.Conversion, fields{"offer_db_id": "off2", "offer_id": "8"}, ""},
		{"other publisher, who may make none", events.Conversion, fields{"publisher_db_id": "pub2"}, "other"},
		{"no publisher", events.Conversion, fields{"publisher_db_id": ""}, ""},
		{"a click", events.Click, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(owners(t, r, row(t, tt.kind, tt.row)), " "); got != tt.want {
				t.Errorf("fires %q, want %q", got, tt.want)
			}
		})
	}
	for id, want := range map[string]bool{"all": true, "offer8": false, "declined": false} {
		d, _ := r.set.Get(config.Key{Kind: config.KindPublisherPostback, ID: id})
		if p, err := r.Preview(d, row(t, events.Conversion, nil), now); err != nil || p.Fires != want {
			t.Errorf("preview of %s: fires %v, %v, want %v", id, p.Fires, err, want)
		}
	}
	d, _ := r.set.Get(config.Key{Kind: config.KindPublisherPostback, ID: "all"})
	if p, _ := r.Preview(d, row(t, events.Conversion, fields{"offer_db_id": "off2"}), now); p.Fires {
		t.Error("one for all offers fires for an offer that has its own")
	}
}

// TestSync is R-32.
func TestSync(t *testing.T) {
	for _, tt := range []struct {
		mode   string
		offers []string
		row    fields
		want   bool
	}{
		{"", nil, fields{"status": "Rejected"}, true},
		{"", nil, nil, false},
		{"RejectedOnly", nil, fields{"status": "Pending"}, false},
		{"PendingOnly", nil, fields{"status": "Hold"}, true},
		{"PendingOnly", nil, nil, false},
		{"All", nil, nil, true},
		{"All", []string{"off1"}, nil, true},
		{"All", []string{"7"}, nil, true},
		{"All", []string{"off2"}, nil, false},
		{"All", []string{"off2"}, fields{"offer_db_id": "", "offer_id": ""}, false},
		{"All", nil, fields{"integration_id": "int1"}, false},
	} {
		sync := &config.Integration{
			Meta: config.Meta{ID: "int2"}, ConversionThirdPartySyncEnabled: true, ConversionThirdPartySyncMode: tt.mode,
			ConversionThirdPartySyncOfferIDs: tt.offers, AccountAPIURL: "https://api.example/v1?key={account_key}&tx={click_id}", AccountKey: "s3cret",
		}
		r := compile(t, sync)
		asked := r.Ask(row(t, events.Conversion, maps.Collect(concat(fields{"integration_id": "int2", "click_tx_id": "k1"}, tt.row))), now)
		if (len(asked.Calls) == 1) != tt.want {
			t.Errorf("mode %q, offers %v, row %v: %d calls, want %v", tt.mode, tt.offers, tt.row, len(asked.Calls), tt.want)
			continue
		}
		if !tt.want {
			continue
		}
		c := asked.Calls[0]
		if c.Source != call.Sync || c.URL != "https://api.example/v1?key=s3cret&tx=k1" || c.Shown() != "https://api.example/v1?key=***&tx=k1" {
			t.Errorf("call %+v", c)
		}
	}
	off := compile(t, &config.Integration{Meta: config.Meta{ID: "int2"}, ConversionThirdPartySyncMode: "All", AccountAPIURL: "https://api.example"})
	if got := owners(t, off, row(t, events.Conversion, fields{"integration_id": "int2"})); len(got) > 0 {
		t.Errorf("fires %v although it is off", got)
	}
}

func concat(maps ...fields) func(yield func(string, any) bool) {
	return func(yield func(string, any) bool) {
		for _, m := range maps {
			for k, v := range m {
				if !yield(k, v) {
					return
				}
			}
		}
	}
}

func TestSyncURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://api.example":         "https://api.example?" + syncParameters,
		"https://api.example/?a=1#x":  "https://api.example/?a=1&" + syncParameters,
		"https://api.example/?":       "https://api.example/?" + syncParameters,
		"https://api.example/{tx_id}": "https://api.example/{tx_id}",
	} {
		if got := syncURL(raw); got != want {
			t.Errorf("%s becomes %s, want %s", raw, got, want)
		}
	}
	r := compile(t, &config.Integration{
		Meta: config.Meta{ID: "int2"}, ConversionThirdPartySyncEnabled: true, ConversionThirdPartySyncMode: "All", AccountAPIURL: "https://api.example/",
	})
	asked := r.Ask(row(t, events.Conversion, fields{"integration_id": "int2", "click_tx_id": "k1", "external_transaction_id": "e 1", "payout": 1.5}), now)
	want := "https://api.example/?transaction_id=k1&external_transaction_id=e%201&event=0&status=approved&rejection_reason=&payout=1.5&revenue=0&purchase_value=0"
	if len(asked.Calls) != 1 || asked.Calls[0].URL != want {
		t.Errorf("got %+v, want %s", asked.Calls, want)
	}
}

// TestForwardingAndParallelTracking is.
func TestForwardingAndParallelTracking(t *testing.T) {
	offer := &config.Offer{
		Meta: config.Meta{ID: "off3"}, IncrementalID: 9,
		ImpressionForwardingEnabled: true, ImpressionForwardingURL: "https://p.example/i?a={impression_ip}",
		ParallelTrackingEnabled: true, ParallelTrackingURL: "https://p.example/c?p={param:gclid}",
	}
	off := &config.Offer{Meta: config.Meta{ID: "off4"}, ImpressionForwardingURL: "https://p.example/i", ParallelTrackingURL: "https://p.example/c"}
	r := compile(t, offer, off)
	for _, tt := range []struct {
		name string
		kind events.Kind
		row  fields
		want string
	}{
		{"impression", events.Impression, fields{"offer_db_id": "off3", "click_ip": "9.9.9.9"}, "https://p.example/i?a=9.9.9.9"},
		{"click", events.Click, fields{"offer_db_id": "off3", "extra_params": fields{"keys": []string{"gclid"}, "values": []string{"G1"}}}, "https://p.example/c?p=G1"},
		{"rejected", events.Click, fields{"offer_db_id": "off3", "status": "Rejected"}, ""},
		{"rejected and monitored", events.Impression, fields{"offer_db_id": "off3", "status": "Rejected", "monitoring_mode": 1}, "https://p.example/i?a="},
		{"prefetched", events.Click, fields{"offer_db_id": "off3", "purpose": "prefetch"}, ""},
		{"conversion", events.Conversion, fields{"offer_db_id": "off3"}, ""},
		{"off", events.Impression, fields{"offer_db_id": "off4"}, ""},
		{"off", events.Click, fields{"offer_db_id": "off4"}, ""},
		{"other offer", events.Click, nil, ""},
	} {
		asked := r.Ask(row(t, tt.kind, tt.row), now)
		got := ""
		for _, c := range asked.Calls {
			got += c.URL
		}
		if got != tt.want {
			t.Errorf("%s: calls %q, want %q", tt.name, got, tt.want)
		}
	}
	if !r.Wants(events.Click) || !r.Wants(events.Impression) || !r.Wants(events.Event) || r.Wants(events.Postback) {
		t.Error("wants other kinds than it has calls for")
	}
	if none := compile(t, off); none.Wants(events.Click) || none.Wants(events.Impression) || !none.Wants(events.Conversion) {
		t.Error("wants kinds that it has no calls for")
	}
}

func TestCall(t *testing.T) {
	r := compile(t, manager("m1", func(d *config.PostbackManager) {
		d.ServiceType, d.Method, d.Body, d.DelayValue, d.DelayMetric = "event", "POST", `{"p":"{publisher}","k":"{idempotency_key}"}`, 2, "Hour"
		d.Headers = map[string][]string{"X-A": {"1"}}
	}))
	asked := r.Ask(row(t, events.Event, fields{"event_id": 3, "click_tx_id": "k1"}), now)
	if len(asked.Calls) != 1 {
		t.Fatalf("%d calls", len(asked.Calls))
	}
	key := call.KeyOf("tx1", call.Manager, "m1", "")
	want := call.About{
		TxID: "tx1", EventID: "3", ServiceType: "event", IntegrationID: "int1", OrganizationID: "org1", OfferID: "7", Publisher: "Blog", Status: "Approved",
	}
	c := asked.Calls[0]
	if c.About != want || c.Key != key || c.Owner != "m1" || c.Source != call.Manager || c.Method != "POST" || c.URL != "https://p.example/?c=k1" ||
		c.Body != fmt.Sprintf(`{"p":"12","k":"%s"}`, key) || c.Header.Get("Content-Type") != "application/json" || c.Header.Get("X-A") != "1" {
		t.Errorf("got %+v", c)
	}
	if !c.Create.Equal(now) || !c.Due.Equal(now.Add(time.Hour)) { // an hour ago and two hours
		t.Errorf("made at %v, due %v", c.Create, c.Due)
	}
	initial := compile(t, manager("m1", nil)).Ask(row(t, events.Conversion, fields{"event_id": 0}), now)
	if about := initial.Calls[0].About; about.EventID != "" {
		t.Errorf("the initial conversion is event %q", about.EventID)
	}
	for _, tt := range []struct {
		value  int64
		metric string
		want   time.Duration
	}{{3, "", 3 * time.Second}, {3, "Second", 3 * time.Second}, {3, "Minute", 3 * time.Minute}, {0, "Hour", 0}} {
		rule, err := managerRule(manager("m1", func(d *config.PostbackManager) { d.DelayValue, d.DelayMetric = tt.value, tt.metric }))
		if err != nil || rule.delay != tt.want {
			t.Errorf("delay %d %s is %v, %v", tt.value, tt.metric, rule.delay, err)
		}
	}
}

// TestMarksAndKeys: a conversion has a mark for each status, and a rule a key
// for each that it fires for.
func TestMarksAndKeys(t *testing.T) {
	r := compile(t,
		manager("pending", func(d *config.PostbackManager) { d.Filters.FilterStatus = "Pending" }),
		manager("exact", func(d *config.PostbackManager) { d.Filters.Statuses = []string{"Pending", "Hold"} }),
	)
	marks, keys := map[string]int{}, map[string]map[string]int{"pending": {}, "exact": {}}
	for _, status := range []string{"Pending", "Hold", "Pending", "Approved"} {
		asked := r.Ask(row(t, events.Conversion, fields{"status": status}), now)
		marks[asked.Mark]++
		for _, c := range asked.Calls {
			keys[c.Owner][c.Key]++
		}
	}
	if len(marks) != 3 {
		t.Errorf("%d marks for three statuses", len(marks))
	}
	if len(keys["pending"]) != 1 || len(keys["exact"]) != 2 {
		t.Errorf("keys %v, want one of pending and two of exact", keys)
	}
	if asked := r.Ask(row(t, events.Click, nil), now); asked.Mark != "" {
		t.Error("a click has a mark")
	}
}

func TestDocumentsThatCannotBeUsed(t *testing.T) {
	broken := manager("m1", func(d *config.PostbackManager) { d.URL = "https://p.example/?a={nope}" })
	revenue := manager("m2", func(d *config.PostbackManager) { d.URL, d.CreatedByPublisher = "https://p.example/?a={revenue}", true })
	other := manager("m3", func(d *config.PostbackManager) { d.ServiceType = "wish" })
	told := &config.PublisherPostback{Meta: config.Meta{ID: "p1"}, PublisherIncrementalID: 12, URL: "https://p.example/?a={revenue}", Active: true}
	offer := &config.Offer{Meta: config.Meta{ID: "off3"}, ParallelTrackingEnabled: true, ParallelTrackingURL: "nonsense"}
	api := &config.Integration{Meta: config.Meta{ID: "int2"}, ConversionThirdPartySyncEnabled: true, AccountAPIURL: "ftp://x"}
	r := compile(t, broken, revenue, other, told, offer, api, manager("good", nil))
	var ids []string
	for _, p := range r.Problems() {
		ids = append(ids, p.Key.ID)
	}
	slices.Sort(ids)
	if got := strings.Join(ids, " "); got != "int2 m1 m2 m3 off3 p1" {
		t.Errorf("problems with %q: %v", got, r.Problems())
	}
	if got := owners(t, r, row(t, events.Conversion, nil)); len(got) != 1 || got[0] != "good" {
		t.Errorf("fires %v, want the good one", got)
	}
	if _, err := r.Preview(broken, row(t, events.Conversion, nil), now); err == nil || !strings.Contains(err.Error(), "nope") {
		t.Errorf("preview of a broken one: %v", err)
	}
	if _, err := r.Preview(offer, row(t, events.Conversion, nil), now); err == nil {
		t.Error("an offer has a preview")
	}
	if _, err := r.Preview(broken, row(t, events.Postback, nil), now); err == nil {
		t.Error("a row of a postback has a preview")
	}
}

func TestCallsThatGetTooLong(t *testing.T) {
	r := compile(t, manager("m1", func(d *config.PostbackManager) { d.URL += strings.Repeat("{user_agent}", 200) }), manager("m2", nil))
	asked := r.Ask(row(t, events.Conversion, fields{"user_agent": strings.Repeat("x", 200)}), now)
	if len(asked.Errs) != 1 || len(asked.Calls) != 1 || asked.Calls[0].Owner != "m2" {
		t.Errorf("errors %v, calls %v", asked.Errs, asked.Calls)
	}
}

// TestUnchangedDocumentsAreKept: the next version compiles what is new only.
func TestUnchangedDocumentsAreKept(t *testing.T) {
	first := compile(t, manager("m1", nil), manager("m2", nil))
	next := first.set.With([]config.Document{manager("m2", func(d *config.PostbackManager) { d.URL = "https://new.example/" })}, nil)
	second := Compile(next, first)
	rules := second.managers[managerKey{"int1", "conversion", "", ""}]
	before := first.managers[managerKey{"int1", "conversion", "", ""}]
	if len(rules) != 2 || rules[0] != before[0] || rules[1] == before[1] {
		t.Error("an unchanged manager was compiled again, or a changed one was not")
	}
	asked := second.Ask(row(t, events.Conversion, nil), now)
	if len(asked.Calls) != 2 || asked.Calls[1].URL != "https://new.example/" {
		t.Errorf("calls %+v", asked.Calls)
	}
}

func TestPreviewHasAKeyOfItsOwn(t *testing.T) {
	m := manager("m1", func(d *config.PostbackManager) { d.URL = "https://p.example/?k={idempotency_key}" })
	r := compile(t, m)
	event := row(t, events.Conversion, nil)
	live := r.Ask(event, now).Calls[0]
	p, err := r.Preview(m, event, now)
	if err != nil || p.Call.Key == live.Key || p.Call.URL != "https://p.example/?k="+p.Call.Key || !p.Fires {
		t.Errorf("preview %+v, %v", p, err)
	}
}
