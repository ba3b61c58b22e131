package edge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/clickid"
)

// paid is base with an offer that pays by the conversion, an event, and its
// pixel.
func paid(t *testing.T, edits ...string) string {
	t.Helper()
	return edited(t, append([]string{
		"default_payout: {payout_type: CPC, payout: 0.5, revenue_type: RPC, revenue: 0.8}",
		"default_payout: {payout_type: CPA, payout: 1.20, revenue_type: RPA, revenue: 1.50}, conversion_name: Order",
	}, edits...)...) + `
---
{kind: offer_event, id: lead, organization: org, offer: shoes, incremental_id: 9, name: Lead Signup, active: true, payout_type: CPS, payout_percent: 10, revenue_type: RPS, revenue_percent: 12.5}
`
}

const conv = "/conversion?secure=secret&transaction_id="

func TestConversionIsRecorded(t *testing.T) {
	r, _ := converting(t, paid(t))
	id := r.clicked(good + "&sub_id=abc")
	r.now = r.now.Add(90 * time.Second)
	a := r.get(conv + id + "&external_transaction_id=o-1&coupon_code=SPRING")
	data := told(t, a)
	if a.code != 200 || data["status"] != "approved" || data["click_transaction_id"] != id || data["transaction_id"] == id {
		t.Errorf("answered %d %v", a.code, data)
	}
	row := r.ofKind(events.Conversion)[0]
	for field, want := range map[string]string{
		"tx_id": data["transaction_id"].(string), "click_tx_id": id, "status": "Approved", "offer_db_id": "shoes", "publisher_db_id": "pub",
		"sub_id": "abc", "payout": "1.2", "revenue": "1.5", "session_time": "90", "external_transaction_id": "o-1", "coupon_code": "SPRING",
		"conversion_ip": "203.0.113.9", "browser_name": "Firefox", "config_version": "7", "event_id": "0",
	} {
		if got := row.Text(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if line := string(row.Line); strings.Contains(line, "secret") {
		t.Errorf("the row holds the secure code: %s", line)
	}
}

// TestRowsNamePostbackManagers: a row says who is called for it, and its hash
// covers that.
func TestRowsNamePostbackManagers(t *testing.T) {
	r, _ := converting(t, paid(t))
	r.Managers = func(row events.Row) []string {
		if row.Text("status") != "Approved" {
			return nil
		}
		return []string{"a", "b"}
	}
	r.get(conv + r.clicked(good))
	r.get(conv + r.clicked(good) + "&status=2")
	rows := r.ofKind(events.Conversion)
	if got := rows[0].Text("postback_manager_ids"); got != "a,b" {
		t.Errorf("the row names %q", got)
	}
	if got := rows[1].Text("postback_manager_ids"); got != "" {
		t.Errorf("a row that nobody waits for names %q", got)
	}
}

func TestConversionStatuses(t *testing.T) {
	for name, tt := range map[string]struct {
		edits              []string
		more               string
		after              time.Duration
		click, query       string
		status, reason     string
		payout, documented string
	}{
		"approved":                {status: "approved", payout: "1.2"},
		"pending by hand":         {edits: []string{"name: Shoes,", "name: Shoes, manually_approve_conversions: true,"}, status: "pending", payout: "1.2"},
		"pending by the request":  {query: "&status=2", status: "pending", payout: "1.2"},
		"declined by the request": {query: "&status=declined", status: "rejected", reason: "ADVERTISER_REJECTED"},
		"hold":                    {edits: []string{"name: Shoes,", "name: Shoes, hold_period: 7,"}, status: "hold", payout: "1.2"},
		"another offer's":         {query: "&offer_id=99", status: "rejected", reason: "OFFER_MISMATCH"},
		"its own offer":           {query: "&offer_id=EXT-7", status: "approved", payout: "1.2"},
		"click too old":           {edits: []string{"name: Shoes,", "name: Shoes, click_session: 1h,"}, after: 61 * time.Minute, status: "not_found"},
		"click old enough":        {edits: []string{"name: Shoes,", "name: Shoes, click_session: 1h,"}, after: 59 * time.Minute, status: "approved", payout: "1.2"},
		"beyond the look-back":    {edits: []string{"default_filters:", "max_attribution_lookup_days: 2\ndefault_filters:"}, after: 49 * time.Hour, status: "not_found"},
		"within the look-back":    {edits: []string{"default_filters:", "max_attribution_lookup_days: 2\ndefault_filters:"}, after: 47 * time.Hour, status: "approved", payout: "1.2"},
		"of a rejected click":     {click: "googlebot", status: "rejected", reason: "CLICK_REJECTED"},
		"rejected by a filter": {
			edits: []string{"default_filters:", "default_conversion_filters: [{type: MINIMUM_SESSION_TIME, settings: {min_session_time_seconds: 60}}]\ndefault_filters:"},
			after: time.Second, status: "rejected", reason: "MINIMUM_SESSION_TIME",
		},
		"let through in monitoring mode, and paid": {
			edits: []string{"monitoring_mode: false", "monitoring_mode: true", "default_filters:", "default_conversion_filters: [{type: MINIMUM_SESSION_TIME, settings: {min_session_time_seconds: 60}}]\ndefault_filters:"},
			after: time.Second, status: "rejected", reason: "MINIMUM_SESSION_TIME", payout: "1.2",
		},
		"off target": {
			edits:  []string{"name: Shoes,", "name: Shoes, targeting_group_id: far,"},
			more:   "---\n{kind: targeting_group, id: far, organization: org, integration: main, name: Far, active: true, conversion_targeting_settings: {language_targeting_enabled: true, language: {fr: true}}}\n",
			status: "rejected", reason: "TARGETING_LANGUAGE",
		},
		"throttled": {
			more:   "---\n{kind: custom_throttle, id: t, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, throttle_percentage: 100, active: true}\n",
			status: "pending", payout: "1.2",
		},
		"throttled away": {
			more:   "---\n{kind: custom_throttle, id: t, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, throttle_percentage: 100, throttle_status: Rejected, active: true}\n",
			status: "rejected", reason: "THROTTLED",
		},
		"throttled by another sub id": {
			more:   "---\n{kind: custom_throttle, id: t, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, throttle_percentage: 100, active: true, additional_filters: {sub_id: {operator: is any of, values: [x]}}}\n",
			status: "approved", payout: "1.2",
		},
		"throttle that is off": {
			more:   "---\n{kind: custom_throttle, id: t, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, throttle_percentage: 100}\n",
			status: "approved", payout: "1.2",
		},
		"the event by number": {query: "&event_id=9&purchase_value=49.90", status: "approved", payout: "4.99"},
		"the event by name":   {query: "&goal=lead+signup&purchase_value=49.90", status: "approved", payout: "4.99"},
		"the event by id":     {query: "&event=lead&purchase_value=0.05", status: "approved", payout: "0.005"},
		"the initial by name": {query: "&goal=order", status: "approved", payout: "1.2"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := converting(t, paid(t, tt.edits...)+tt.more)
			headers := []string{}
			if tt.click == "googlebot" {
				headers = append(headers, "User-Agent: "+googlebot)
			}
			id := r.clicked(good, headers...)
			r.now = r.now.Add(tt.after)
			a := r.get(conv + id + tt.query)
			data := told(t, a)
			if data["status"] != tt.status || fmt.Sprint(data["reason"]) != fmt.Sprint(any(orNil(tt.reason))) {
				t.Errorf("answered %v, want %s %s", data, tt.status, tt.reason)
			}
			if got := a.field("payout"); got != tt.payout {
				t.Errorf("payout %q, want %q; the row is %s", got, tt.payout, a.row.Line)
			}
		})
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// TestConversionsAreRefused: what is wrong with a request is said, and leaves
// no row.
func TestConversionsAreRefused(t *testing.T) {
	forged := "0190a1b2c3d4e5f60718293a4b5c6d7e"
	for name, tt := range map[string]struct {
		edits  []string
		query  string
		header string
		code   int
		reason string
	}{
		"no secure code":        {query: "?transaction_id=ID", code: 401, reason: "missing_secure_code"},
		"a wrong secure code":   {query: "?transaction_id=ID&secure=Secret", code: 403, reason: "wrong_secure_code"},
		"no click":              {query: "?secure=secret", code: 422, reason: "missing_transaction_id"},
		"a forged click":        {query: "?secure=secret&transaction_id=" + forged, code: 403, reason: "forged_transaction_id"},
		"no id at all":          {query: "?secure=secret&transaction_id=17", code: 422, reason: "invalid_transaction_id"},
		"upper case":            {query: "?secure=secret&transaction_id=" + strings.ToUpper(forged), code: 422, reason: "invalid_transaction_id"},
		"an unknown event":      {query: "?secure=secret&transaction_id=ID&event_id=8", code: 422, reason: "invalid_event_id"},
		"an amount":             {query: "?secure=secret&transaction_id=ID&purchase_value=a+lot", code: 422, reason: "invalid_purchase_value"},
		"a negative amount":     {query: "?secure=secret&transaction_id=ID&purchase_value=-1", code: 422, reason: "invalid_purchase_value"},
		"a time":                {query: "?secure=secret&transaction_id=ID&conversion_time=noon", code: 422, reason: "invalid_conversion_time"},
		"the future":            {query: "?secure=secret&transaction_id=ID&conversion_time=2026-05-01T13:00:00Z", code: 422, reason: "invalid_conversion_time"},
		"an address":            {query: "?secure=secret&transaction_id=ID&conversion_ip=here", code: 422, reason: "invalid_conversion_ip"},
		"a status":              {query: "?secure=secret&transaction_id=ID&status=fine", code: 422, reason: "invalid_status"},
		"a currency":            {query: "?secure=secret&transaction_id=ID&currency=euro", code: 422, reason: "invalid_currency"},
		"a bad escape":          {query: "?secure=secret&transaction_id=ID&x=%zz", code: 400, reason: "invalid_request"},
		"sender, integration's": {edits: []string{"conversions_config: {}", "conversions_config: {allowed_ip: 192.0.2.1}"}, query: "?secure=secret&transaction_id=ID", code: 403, reason: "sender_not_allowed"},
		"sender, offer's":       {edits: []string{"name: Shoes,", "name: Shoes, allowed_ip: 192.0.2.1,"}, query: "?secure=secret&transaction_id=ID", code: 403, reason: "sender_not_allowed"},
		"sender, advertiser's":  {edits: []string{"name: Advertiser,", "name: Advertiser, allowed_ip: 192.0.2.1,"}, query: "?secure=secret&transaction_id=ID", code: 403, reason: "sender_not_allowed"},
		"not signed":            {edits: []string{"conversions_config: {}", "conversions_config: {signing_key: 0123456789abcdef}"}, query: "?secure=secret&transaction_id=ID", code: 403, reason: "wrong_signature"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := converting(t, paid(t, tt.edits...))
			id := r.clicked(good)
			a := r.get("/conversion" + strings.ReplaceAll(tt.query, "ID", id))
			data := told(t, a)
			if a.code != tt.code || data["status"] != "refused" || data["reason"] != tt.reason || fmt.Sprint(data["message"]) == "" {
				t.Errorf("answered %d %v, want %d %s", a.code, data, tt.code, tt.reason)
			}
			if a.row != nil {
				t.Errorf("left a row: %s", a.row.Line)
			}
		})
	}
}

// TestDuplicates: what comes twice is recorded once, and its sender hears what
// became of the first.
func TestDuplicates(t *testing.T) {
	const lasting = "duplicate_external_tx_id_enabled: true\nduplicate_external_tx_id_cache_expiry_seconds: 3600\ndefault_filters:"
	many := []string{"name: Shoes,", "name: Shoes, allow_duplicate_conversions: true,"}
	for name, tt := range map[string]struct {
		edits         []string
		first, second string
		after         time.Duration
		otherClick    bool
		rows          int
	}{
		"the same":                            {rows: 1},
		"the same, much later":                {after: 30 * 24 * time.Hour, rows: 1},
		"the same, allowed":                   {edits: many, rows: 2},
		"an event besides":                    {second: "&event_id=9", rows: 2},
		"the event twice":                     {first: "&event_id=9", second: "&goal=Lead+Signup", rows: 1},
		"external id, another click":          {edits: []string{"default_filters:", lasting}, first: "&external_transaction_id=o1", second: "&external_transaction_id=o1", otherClick: true, rows: 1},
		"external id, allowed":                {edits: append([]string{"default_filters:", lasting}, many...), first: "&external_transaction_id=o1", second: "&external_transaction_id=o1", rows: 1},
		"external id, expired":                {edits: append([]string{"default_filters:", lasting}, many...), first: "&external_transaction_id=o1", second: "&external_transaction_id=o1", after: 61 * time.Minute, rows: 2},
		"another external id":                 {edits: append([]string{"default_filters:", lasting}, many...), first: "&external_transaction_id=o1", second: "&external_transaction_id=o2", rows: 2},
		"external id that nobody looks at":    {first: "&external_transaction_id=o1", second: "&external_transaction_id=o1", otherClick: true, rows: 2},
		"external id that the script made up": {edits: many, first: "&external_transaction_id=cg-1", second: "&external_transaction_id=cg-1", rows: 1},
		"reference, unique":                   {edits: []string{"name: Shoes,", "name: Shoes, allow_duplicate_conversions: true, unique_conversion_refs: true,"}, first: "&conversion_ref=r", second: "&conversion_ref=r", otherClick: true, rows: 1},
		"reference that nobody looks at":      {edits: many, first: "&conversion_ref=r", second: "&conversion_ref=r", rows: 2},
		"external id of another event counts": {edits: append([]string{"default_filters:", lasting}, many...), first: "&external_transaction_id=o1", second: "&external_transaction_id=o1&event_id=9", rows: 2},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := converting(t, paid(t, tt.edits...))
			id := r.clicked(good)
			other := id
			if tt.otherClick {
				other = r.clicked(good)
			}
			first := told(t, r.get(conv+id+tt.first))
			r.now = r.now.Add(tt.after)
			second := told(t, r.get(conv+other+tt.second))
			if n := len(r.ofKind(events.Conversion, events.Event)); n != tt.rows {
				t.Fatalf("%d rows, want %d; answered %v and %v", n, tt.rows, first, second)
			}
			if tt.rows == 1 && (second["duplicate"] != true || second["transaction_id"] != first["transaction_id"]) {
				t.Errorf("the second was answered %v, the first %v", second, first)
			}
			if tt.rows == 2 && second["duplicate"] == true {
				t.Errorf("the second was answered %v", second)
			}
		})
	}
}

// TestNothingIsLostWhileOthersAreAway: a conversion that cannot be finished is
// kept, and finished once by whoever reads it, however often.
func TestNothingIsLostWhileOthersAreAway(t *testing.T) {
	for name, break_ := range map[string]func(*desk){
		"a bug":              func(d *desk) { d.broken = true },
		"no click store":     func(d *desk) { d.silent = true },
		"a store behind":     func(d *desk) { d.behind = true },
		"a store far behind": func(d *desk) { d.lagging = true },
		"no log for the row": func(d *desk) { d.deaf = true },
	} {
		t.Run(name, func(t *testing.T) {
			r, d := converting(t, paid(t))
			id := r.clicked(good)
			break_(d)
			data := told(t, r.get(conv+id+"&purchase_value=5"))
			if data["status"] != "processing" || data["transaction_id"] == nil {
				t.Fatalf("answered %v", data)
			}
			kept := r.ofKind(events.Received)
			if len(kept) != 1 || kept[0].Text("tx_id") != data["transaction_id"] || strings.Contains(string(kept[0].Line), "secret") {
				t.Fatalf("kept %v", kept)
			}
			in, err := events.DecodeIntake(kept[0].Line)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Finish(t.Context(), in, false); err == nil {
				t.Error("it is finished although nothing has changed")
			}
			d.silent, d.behind, d.deaf, d.lagging, d.broken = false, false, false, false, false
			for range 2 {
				o, err := r.Finish(t.Context(), in, false)
				if err != nil || o.TxID != in.TxID || o.Status.String() != "Approved" {
					t.Errorf("finished as %+v, %v", o, err)
				}
			}
			if n := len(r.ofKind(events.Conversion)); n != 1 {
				t.Errorf("%d rows", n)
			}
		})
	}
}

// TestUnknownClickEndsAsNotFound: only the last try gives up on a click.
func TestUnknownClickEndsAsNotFound(t *testing.T) {
	r, d := converting(t, paid(t))
	var id [clickid.Size]byte
	r.IDs.Next(r.now.UnixMilli(), &id)
	if data := told(t, r.get(conv+string(id[:])+"&offer_id=1&publisher_id=1")); data["status"] != "processing" {
		t.Fatalf("answered %v", data)
	}
	in, err := events.DecodeIntake(r.ofKind(events.Received)[0].Line)
	if err != nil {
		t.Fatal(err)
	}
	d.silent = true
	if _, err := r.Finish(t.Context(), in, true); err == nil {
		t.Error("a click that nobody looked for is not unknown")
	}
	d.silent = false
	o, err := r.Finish(t.Context(), in, true)
	if err != nil || o.Status.String() != "Not_Found" {
		t.Errorf("ended as %+v, %v", o, err)
	}
	rows := r.ofKind(events.Conversion)
	if len(rows) != 1 || rows[0].Text("status") != "Not_Found" || rows[0].Text("payout") != "" || rows[0].Text("offer_db_id") != "shoes" {
		t.Errorf("left %v", rows)
	}
}
