package edge

import (
	"testing"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/events"
)

// limited is a converting rig whose offer has caps.
func limited(t *testing.T, rules string) *rig {
	t.Helper()
	r, _ := converting(t, paid(t, "name: Shoes,", "name: Shoes, "+rules+","))
	r.Incarnation = "test.1"
	r.Caps = caps.NewBook(caps.IncarnationOf(r.Incarnation), caps.Options{})
	return r
}

func TestClicksOverACap(t *testing.T) {
	for name, tt := range map[string]struct {
		rules            string
		location, status string
		payout           string
	}{
		"diverted": {"is_redirect_overcap: true, caps: [{period: day, type: clicks, value: 2, goal_type: all, affiliate_type: all}]", "https://fallback.example/?reason=CAP_REACHED", "Rejected", ""},
		"passing":  {"caps: [{period: day, type: clicks, value: 2, goal_type: all, affiliate_type: all}]", "https://shop.example/", "Approved", ""},
		"below":    {"is_redirect_overcap: true, caps: [{period: day, type: clicks, value: 3, goal_type: all, affiliate_type: all}]", "https://shop.example/", "Approved", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := limited(t, tt.rules)
			r.get(good)
			r.get(good, "User-Agent: "+googlebot) // is not counted
			r.get(good)
			a := r.get(good)
			reason := ""
			if tt.status == "Rejected" {
				reason = "CAP_REACHED"
			}
			a.want(t, 302, tt.location, tt.status, reason)
			if got := a.field("incarnation"); got != "test.1" {
				t.Errorf("incarnation %q", got)
			}
			r.now = r.now.AddDate(0, 0, 1)
			r.get(good).want(t, 302, "https://shop.example/", "Approved", "")
		})
	}
}

// TestConversionsOverACap: the surplus waits, whatever repeats in between.
func TestConversionsOverACap(t *testing.T) {
	r := limited(t, "caps: [{period: day, type: conversions, value: 2, goal_type: all, affiliate_type: all}]")
	var statuses []any
	for range 3 {
		id := r.clicked(good)
		statuses = append(statuses, told(t, r.get(conv+id))["status"])
		r.get(conv + id) // a repeat takes no place
	}
	if statuses[0] != "approved" || statuses[1] != "approved" || statuses[2] != "pending_cap" {
		t.Errorf("answered %v", statuses)
	}
	rows := r.ofKind(events.Conversion)
	if len(rows) != 3 || rows[2].Text("status") != "Pending_Cap" || rows[2].Text("cap_reason") == "" || rows[2].Text("payout") != "1.2" {
		t.Errorf("left %s", rows[len(rows)-1].Line)
	}
}

// TestConversionsThatFailTakeNoPlace: a row that could not be written is tried
// again and counted once.
func TestConversionsThatFailTakeNoPlace(t *testing.T) {
	r := limited(t, "caps: [{period: day, type: conversions, value: 1, goal_type: all, affiliate_type: all}]")
	d := r.Finder.(*desk)
	id := r.clicked(good)
	d.deaf = true
	told(t, r.get(conv+id))
	in, err := events.DecodeIntake(r.ofKind(events.Received)[0].Line)
	if err != nil {
		t.Fatal(err)
	}
	d.deaf = false
	if o, err := r.Finish(t.Context(), in, false); err != nil || o.Status.String() != "Approved" {
		t.Errorf("finished as %+v, %v", o, err)
	}
}
