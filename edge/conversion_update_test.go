package edge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/amend"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
)

// registry is a desk that finds conversions by their own id, too.
type registry struct{ *desk }

func (g registry) Find(ctx context.Context, q attribution.Query) (attribution.Answer, error) {
	a, err := g.desk.Find(ctx, q)
	if err != nil || q.ConversionID == "" {
		return a, err
	}
	a.Conversions = nil
	for _, row := range g.r.ofKind(events.Conversion, events.Event) {
		if row.Text("tx_id") == q.ConversionID {
			a.Conversions = []attribution.Prior{prior(row)}
		}
	}
	return a, nil
}

// rejecting is a rig that takes later rejections.
func rejecting(t *testing.T, documents ...string) (*rig, *desk) {
	t.Helper()
	r, d := converting(t, documents...)
	r.Finder = registry{d}
	return r, d
}

// latest is the last version of a conversion.
func (r *rig) latest(id string) (last events.Row) {
	for _, row := range r.ofKind(events.Conversion, events.Event) {
		if row.Text("tx_id") == id {
			last = row
		}
	}
	return last
}

func TestRejectEarlier(t *testing.T) {
	for name, tt := range map[string]struct {
		edits   []string
		event   string // of the second conversion; the first is the initial one
		query   string // CLICK and TX stand for ids of the click and the first conversion
		code    int
		status  string
		updated int
		// states are those of both conversions after the request.
		states string
	}{
		"by the click":            {query: "transaction_id=CLICK", status: "rejected", updated: 2, states: "Rejected Rejected"},
		"by the conversion":       {query: "transaction_id=TX", status: "rejected", updated: 1, states: "Rejected Approved"},
		"the initial conversion":  {query: "transaction_id=CLICK&event_id=0", status: "rejected", updated: 1, states: "Rejected Approved"},
		"the initial one by name": {query: "transaction_id=CLICK&goal=order", status: "rejected", updated: 1, states: "Rejected Approved"},
		"an event":                {query: "transaction_id=CLICK&event_id=9", status: "rejected", updated: 1, states: "Approved Rejected"},
		"an event by name":        {query: "transaction_id=CLICK&goal=lead+SIGNUP", status: "rejected", updated: 1, states: "Approved Rejected"},
		"an event by id":          {query: "transaction_id=CLICK&event=lead", status: "rejected", updated: 1, states: "Approved Rejected"},
		"another event":           {query: "transaction_id=CLICK&event=x", status: "not_found", states: "Approved Approved"},
		"an order":                {query: "transaction_id=CLICK&external_transaction_id=o-1", status: "rejected", updated: 2, states: "Rejected Rejected"},
		"another order":           {query: "transaction_id=CLICK&external_transaction_id=o-2", status: "rejected", updated: 1, states: "Approved Rejected"},
		"the pending":             {edits: []string{"name: Shoes,", "name: Shoes, manually_approve_conversions: true,"}, query: "transaction_id=TX", status: "rejected", updated: 1, states: "Rejected Approved"},
		"on hold":                 {edits: []string{"name: Shoes,", "name: Shoes, hold_period: 7,"}, query: "transaction_id=TX", status: "rejected", updated: 1, states: "Rejected Hold"},
		"what has no click":       {edits: []string{"name: Shoes,", "name: Shoes, click_session: 1i,"}, query: "transaction_id=TX", status: "not_found", states: "Not_Found Not_Found"},
		"unknown":                 {query: "transaction_id=OTHER", status: "not_found", states: "Approved Approved"},
		"forged":                  {query: "transaction_id=0190a1b2c3d4e5f60718293a4b5c6d7e", code: 403, status: "refused", states: "Approved Approved"},
		"no id":                   {query: "x=y", code: 422, status: "refused", states: "Approved Approved"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := rejecting(t, paid(t, tt.edits...))
			id := r.clicked(good)
			r.now = r.now.Add(2 * time.Minute)
			tx := told(t, r.get(conv+id+"&external_transaction_id=o-1"))["transaction_id"].(string)
			other := told(t, r.get(conv+id+"&event_id=9&purchase_value=10"))["transaction_id"].(string)
			var fresh [clickid.Size]byte
			r.IDs.Next(r.now.UnixMilli(), &fresh)
			query := strings.NewReplacer("CLICK", id, "TX", tx, "OTHER", string(fresh[:])).Replace(tt.query)
			a := r.get("/conversion?secure=secret&new_rejected_reason=returned+goods&" + query)
			data := told(t, a)
			if tt.code == 0 {
				tt.code = 200
			}
			if a.code != tt.code || data["status"] != tt.status || tt.code == 200 && data["updated"] != float64(tt.updated) {
				t.Errorf("answered %d %v", a.code, data)
			}
			if got := r.latest(tx).Text("status") + " " + r.latest(other).Text("status"); got != tt.states {
				t.Errorf("the conversions are %s, want %s", got, tt.states)
			}
			if n := len(r.ofKind(events.Conversion, events.Event)); n != 2+tt.updated {
				t.Errorf("%d rows, want %d", n, 2+tt.updated)
			}
		})
	}
}

const laterReason = "/conversion?secure=secret&transaction_id=%s&new_rejected_reason=%s"

// A rejection takes the money, says why, may be repeated, and an approval gives
// the money back.
func TestRejectionsAndTheMoney(t *testing.T) {
	r, d := rejecting(t, paid(t))
	id := r.clicked(good)
	tx := told(t, r.get(conv+id))["transaction_id"].(string)
	for _, tt := range []struct {
		reason  string
		updated float64
	}{{"returned", 1}, {"returned", 0}, {"fraud", 1}} {
		data := told(t, r.get(fmt.Sprintf(laterReason, tx, tt.reason)))
		if data["status"] != "rejected" || data["updated"] != tt.updated || data["reason"] != "ADVERTISER_REJECTED" || data["transaction_id"] != tx {
			t.Errorf("%s: answered %v, want %v updated", tt.reason, data, tt.updated)
		}
		wantTexts(t, r.latest(tx), map[string]string{
			"status": "Rejected", "rejected": "1", "payout": "", "revenue": "", "rejected_payout": "1.2", "rejected_revenue": "1.5",
			"rejected_simple_reason": "ADVERTISER_REJECTED", "rejected_advanced_reason": tt.reason, "updated_by": "advertiser", "click_tx_id": id,
		})
	}
	amender := amend.Amender{Finder: registry{d}, Recorder: d, Now: r.clock}
	if _, err := amender.Amend(t.Context(), amend.Change{ConversionID: tx, To: events.Change{Status: click.Approved}}); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, r.latest(tx), map[string]string{"status": "Approved", "payout": "1.2", "revenue": "1.5", "rejected_payout": "", "rejected_revenue": ""})
}

func wantTexts(t *testing.T, row events.Row, want map[string]string) {
	t.Helper()
	for field, value := range want {
		if got := row.Text(field); got != value {
			t.Errorf("%s is %q, want %q; the row is %s", field, got, value, row.Line)
		}
	}
}

// What is rejected at once keeps the amounts too, unless it is paid all the same.
func TestForfeitedAmounts(t *testing.T) {
	for name, tt := range map[string]struct {
		edits []string
		want  map[string]string
	}{
		"rejected":        {nil, map[string]string{"payout": "", "revenue": "", "rejected_payout": "1.2", "rejected_revenue": "1.5"}},
		"monitoring mode": {[]string{"monitoring_mode: false", "monitoring_mode: true"}, map[string]string{"payout": "1.2", "revenue": "1.5", "rejected_payout": "", "rejected_revenue": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := converting(t, paid(t, tt.edits...))
			a := r.get(conv + r.clicked(good) + "&status=declined")
			wantTexts(t, *a.row, tt.want)
		})
	}
}

// Who may not, changes nothing.
func TestRejectionsAreRefused(t *testing.T) {
	const second = `
---
{kind: integration, id: second, organization: org, name: Second, type: Custom, active: true, monitoring_mode: false, offer_preview_enabled: false, clicks_config: {global_fallback_url: "https://f.example/"}, conversions_config: {}, conversion_secure_code: other, default_revenue_payout: {}}
`
	for name, tt := range map[string]struct {
		integration string
		by          string
		sender      string
		refused     string
	}{
		"the conversion of another integration": {integration: "second", by: events.BySecureCode},
		"a browser":                             {integration: "main", by: events.ByClickID, refused: "missing_secure_code"},
		"a sender that is not allowed":          {integration: "main", by: events.BySecureCode, sender: "192.0.2.1", refused: "sender_not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := rejecting(t, paid(t)+second)
			id := r.clicked(good)
			tx := told(t, r.get(conv+id))["transaction_id"].(string)
			if tt.sender != "" {
				restricted := paid(t, "name: Shoes,", "name: Shoes, allowed_ip: "+tt.sender+",") + second
				r.apply(restricted)
			}
			var own [clickid.Size]byte
			r.IDs.Next(r.now.UnixMilli(), &own)
			in := &events.Intake{TxID: string(own[:]), ReceivedMS: r.now.UnixMilli(), IntegrationID: tt.integration, AuthenticatedBy: tt.by,
				Params: []click.Param{{Name: "transaction_id", Value: id}, {Name: "new_rejected_reason", Value: "x"}}}
			o, err := r.Finish(t.Context(), in, false)
			var refused *Refused
			if tt.refused == "" && (err != nil || o.Updated != 0 || o.Status != click.NotFound) || tt.refused != "" && (!errors.As(err, &refused) || refused.Reason != tt.refused) {
				t.Errorf("%+v, %v", o, err)
			}
			if got := r.latest(tx).Text("status"); got != "Approved" {
				t.Errorf("the conversion is %s", got)
			}
		})
	}
}

// A rejection that cannot be made now is made later.
func TestRejectionsAreNotLost(t *testing.T) {
	for name, break_ := range map[string]func(*desk){
		"no click store":     func(d *desk) { d.silent = true },
		"a store far behind": func(d *desk) { d.lagging = true },
		"no log for the row": func(d *desk) { d.deaf = true },
	} {
		t.Run(name, func(t *testing.T) {
			r, d := rejecting(t, paid(t))
			id := r.clicked(good)
			tx := told(t, r.get(conv+id))["transaction_id"].(string)
			break_(d)
			if data := told(t, r.get(fmt.Sprintf(laterReason, id, "late"))); data["status"] != "processing" {
				t.Fatalf("answered %v", data)
			}
			in, err := events.DecodeIntake(r.ofKind(events.Received)[0].Line)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Finish(t.Context(), in, true); err == nil {
				t.Error("it is finished although nothing has changed")
			}
			d.silent, d.lagging, d.deaf = false, false, false
			for i := range 2 {
				if o, err := r.Finish(t.Context(), in, false); err != nil || o.Updated != 1-i || o.Status != click.Rejected {
					t.Errorf("finished as %+v, %v", o, err)
				}
			}
			if row := r.latest(tx); row.Text("rejected_advanced_reason") != "late" || len(r.ofKind(events.Conversion)) != 2 {
				t.Errorf("the conversion is %s", row.Line)
			}
		})
	}
}

// What a store does not know that is behind the request may yet come.
func TestUnknownIsWhatNobodyWillLearnOf(t *testing.T) {
	r, d := rejecting(t, paid(t))
	id := r.clicked(good)
	var own [clickid.Size]byte
	r.IDs.Next(r.now.UnixMilli(), &own)
	in := &events.Intake{TxID: string(own[:]), ReceivedMS: r.now.UnixMilli() + 1, IntegrationID: "main", AuthenticatedBy: events.BySecureCode,
		Params: []click.Param{{Name: "transaction_id", Value: id}, {Name: "new_rejected_reason", Value: "x"}}}
	if o, err := r.Finish(t.Context(), in, false); err == nil {
		t.Errorf("finished as %+v by a store that is behind", o)
	}
	if o, err := r.Finish(t.Context(), in, true); err != nil || o.Status != click.NotFound || !o.Amendment {
		t.Errorf("the last try ends as %+v, %v", o, err)
	}
	d.r.now = d.r.now.Add(time.Millisecond)
	if o, err := r.Finish(t.Context(), in, false); err != nil || o.Status != click.NotFound {
		t.Errorf("finished as %+v, %v", o, err)
	}
}
