package edge

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/explain"
)

func (r *rig) explainRow(row events.Row) explain.Report {
	r.t.Helper()
	report, err := r.ExplainEvent(row)
	if err != nil {
		r.t.Fatal(err)
	}
	return report
}

// What is in the log is told as it was, whatever came after it.
func TestExplainRecordedConversions(t *testing.T) {
	const capped = "name: Shoes, caps: [{period: day, type: conversions, value: 1, goal_type: all, affiliate_type: all}],"
	for name, tt := range map[string]struct {
		edits []string
		query string
		more  string // a conversion of the click that comes later
	}{
		"approved":             {},
		"an event":             {query: "&goal=lead&purchase_value=49.90"},
		"rejected by a filter": {edits: []string{"default_filters:", "default_conversion_filters: [{type: MINIMUM_SESSION_TIME, settings: {min_session_time_seconds: 600}}]\ndefault_filters:"}},
		"declined":             {query: "&status=declined"},
		"of its own time":      {query: "&conversion_time=2026-05-01T12:00:30Z&begin_install_time=2026-05-01T12:00:10Z"},
		"the last of its cap":  {edits: []string{"name: Shoes,", capped}},
		"before another": {
			edits: []string{"name: Shoes,", "name: Shoes, allow_duplicate_conversions: true, conversion_hiatus_period: 60,"}, more: "&conversion_ref=2",
		},
		"with extra parameters": {query: "&color=red&coupon_code=SPRING&external_transaction_id=o1&conversion_ref=r&app_id=a"},
	} {
		t.Run(name, func(t *testing.T) {
			r := limited(t, "hold_period: 0")
			r.apply(paid(t, tt.edits...))
			id := r.clicked(good)
			r.now = r.now.Add(time.Minute)
			a := r.get(conv + id + tt.query)
			r.now = r.now.Add(time.Second)
			if tt.more != "" {
				told(t, r.get(conv+id+tt.more))
			}
			r.now = r.now.Add(time.Hour)
			rows, book := len(r.rows()), r.Caps.Len()
			report := r.explainRow(*a.row)
			if diff := report.Conversion.Differences; len(diff) != 0 || report.Decision == nil {
				t.Errorf("explained as %s", printed(t, report))
			}
			if !report.Time.Equal(r.now.Add(-time.Hour - time.Second)) {
				t.Errorf("judged for %s", report.Time)
			}
			if report.Conversion.Known == "" || report.Conversion.Answer != nil || string(report.Recorded) != string(a.row.Line) {
				t.Errorf("known from %q, answered %+v, recorded %s", report.Conversion.Known, report.Conversion.Answer, report.Recorded)
			}
			if len(r.rows()) != rows || r.Caps.Len() != book {
				t.Error("asking left something behind")
			}
		})
	}
}

// Where today's config says something else the row stands beside it.
func TestExplainTellsDifferences(t *testing.T) {
	for name, tt := range map[string]struct {
		edits []string
		want  []string
	}{
		"the price":   {[]string{"name: Shoes,", "name: Shoes, payments: [{type: fixed, revenue: 3, total: 4}],"}, []string{"payout                   1.2, now 3", "revenue                  1.5, now 4"}},
		"by hand":     {[]string{"name: Shoes,", "name: Shoes, manually_approve_conversions: true,"}, []string{"status                   Approved, now Pending"}},
		"the session": {[]string{"name: Shoes,", "name: Shoes, click_session: 1i,"}, []string{"status                   Approved, now Not_Found", "payout                   1.2, now (nothing)"}},
		"the filters": {[]string{"default_filters:", "default_conversion_filters: [{type: MINIMUM_SESSION_TIME, settings: {min_session_time_seconds: 600}}]\ndefault_filters:"}, []string{"status                   Approved, now Rejected", "rejected_primary_reason  (nothing), now MINIMUM_SESSION_TIME"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := converting(t, paid(t))
			id := r.clicked(good)
			r.now = r.now.Add(2 * time.Minute)
			row := *r.get(conv + id).row
			r.apply(paid(t, tt.edits...))
			text := printed(t, r.explainRow(row))
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("it does not say %q:\n%s", want, text)
				}
			}
		})
	}
}

// Where there would be no row, the status that was recorded stands beside why.
func TestExplainRecordedWithoutARow(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*rig, *desk)
		want   []string
	}{
		"no event any more": {func(r *rig, _ *desk) {
			r.apply(strings.Replace(paid(r.t.(*testing.T)), "name: Lead Signup, active: true", "name: Lead Signup, active: false", 1))
		}, []string{"the offer has no active event", "status                   Approved, now refused"}},
		"a store that is away":  {func(_ *rig, d *desk) { d.silent = true }, []string{"attribution\n  no answer", "status                   Approved, now undecided"}},
		"a click that was lost": {func(_ *rig, d *desk) { d.behind = true }, []string{"attribution\n  not found", "status                   Approved, now Not_Found"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, d := converting(t, paid(t))
			row := *r.get(conv + r.clicked(good) + "&goal=lead&purchase_value=10").row
			tt.change(r, d)
			text := printed(t, r.explainRow(row))
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("it does not say %q:\n%s", want, text)
				}
			}
		})
	}
}

// A conversion that found its click without an id is told with how it did.
func TestExplainRecordedMatch(t *testing.T) {
	r, _ := converting(t, paid(t, "conversions_config: {}", pixels))
	ctx := request("GET", good+"&device_id=38400000-8cf0-11bd-b23e-10b96e40000d")
	r.Handle(ctx)
	r.now = r.now.Add(time.Minute)
	const url = "/conversion?secure=secret&device_id=38400000-8cf0-11bd-b23e-10b96e40000d"
	report := r.Explain(asked(url))
	if text := printed(t, report); !strings.Contains(text, "since            2026-05-01T11:01:00Z") || report.Conversion.Attribution.Outcome != explain.Found {
		t.Errorf("explained as %s", text)
	}
	row := *r.get(url).row
	report = r.explainRow(row)
	if diff := report.Conversion.Differences; len(diff) != 0 || !strings.Contains(printed(t, report), "found by         uuid") {
		t.Errorf("explained as %s", printed(t, report))
	}
}

// A conversion that never found its click says so, and asks for none.
func TestExplainNotFound(t *testing.T) {
	r, _ := converting(t, paid(t))
	var id [clickid.Size]byte
	r.IDs.Next(r.now.UnixMilli(), &id)
	told(t, r.get(conv+string(id[:])+"&offer_id=1&publisher_id=1"))
	received := r.ofKind(events.Received)[0]
	in, err := events.DecodeIntake(received.Line)
	if err != nil {
		t.Fatal(err)
	}
	report := r.explainRow(received)
	if text := printed(t, report); report.Conversion.Attribution.Outcome != explain.NotFound || !strings.Contains(text, "by secure_code") || report.Decision.Status != "Not_Found" {
		t.Errorf("what was received is explained as %s", text)
	}
	if _, err := r.Finish(t.Context(), in, true); err != nil {
		t.Fatal(err)
	}
	report = r.explainRow(r.ofKind(events.Conversion)[0])
	if text := printed(t, report); len(report.Conversion.Differences) != 0 || !strings.Contains(text, "(its row names no click)") {
		t.Errorf("explained as %s", text)
	}
}

func TestExplainEventsThatAreNone(t *testing.T) {
	r, _ := converting(t, paid(t))
	row := *r.get(conv + r.clicked(good)).row
	call, err := events.DecodeRow(events.Postback, row.Line)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ExplainEvent(call); err == nil || !strings.Contains(err.Error(), "a call that went out") {
		t.Errorf("a postback is explained: %v", err)
	}
	var fields map[string]any
	if err := json.Unmarshal(row.Line, &fields); err != nil {
		t.Fatal(err)
	}
	for field, tt := range map[string]struct {
		value any
		want  string
	}{
		"integration_id": {"gone", "name no integration"},
		"request_time":   {"noon", "request_time"},
	} {
		kept := fields[field]
		fields[field] = tt.value
		line, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		fields[field] = kept
		odd, err := events.DecodeRow(events.Conversion, line)
		if err != nil {
			t.Fatal(err)
		}
		report, err := r.ExplainEvent(odd)
		if got := report.Refused + fmt.Sprint(err); !strings.Contains(got, tt.want) {
			t.Errorf("%s %v: explained by %q, want %q", field, tt.value, got, tt.want)
		}
	}
}

// Rows are read whatever is in them.
func FuzzExplainRecorded(f *testing.F) {
	r, _ := converting(f, base)
	id := r.clicked(good)
	f.Add(r.get(conv + id).row.Line)
	f.Add([]byte(`{"tx_id":"x","request_time":"2026-05-01T12:00:00Z","integration_id":"main","dedupe_keys":["a",1],"rejections":"x","click_tx_id":"zz"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := events.DecodeRow(events.Conversion, line)
		if err != nil {
			return
		}
		report, err := r.ExplainEvent(row)
		if err != nil {
			return
		}
		if _, err := json.Marshal(report); err != nil {
			t.Error(err)
		}
	})
}
