package match

import (
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/postback/call"
)

// rule is what asks for a call: a document, or a switch of one.
type rule struct {
	source      call.Source
	owner       string // id of the document
	template    *call.Template
	delay       time.Duration
	byPublisher bool
	accountKey  string
	// when tells whether an event meets the rule, and the status that is part
	// of the call's key: a rule fires once for each.
	when func(e *event) (status string, ok bool)
}

// meets tells whether an event fires the rule.
func (r *rule) meets(e *event) (status string, ok bool) {
	if r.byPublisher && (e.publisher == nil || !e.publisher.PostbackManagerEnabled) {
		return "", false
	}
	return r.when(e)
}

// call makes up the rule's call for an event.
func (r *rule) call(e *event, key string, now time.Time) (call.Call, error) {
	event := e.eventID
	if e.isInitial() {
		event = ""
	}
	c := call.Call{
		Key: key, Source: r.source, Owner: r.owner,
		Create: now.UTC(), Due: e.at.Add(r.delay),
		About: call.About{
			TxID: e.txID, EventID: event, ServiceType: e.service, IntegrationID: e.integration,
			OrganizationID: e.row.Text("organization_id"), OfferID: e.row.Text("offer_id"),
			Publisher: e.row.Text("publisher"), Status: e.status.String(), ByPublisher: r.byPublisher,
		},
	}
	return c, r.template.Fill(&c, e.values(r.accountKey))
}

// classOf is a status as those say it who know three. What was not found
// is none of them.
func classOf(s click.Status) string {
	switch s {
	case click.Approved:
		return "Approved"
	case click.Rejected:
		return "Rejected"
	case click.Pending, click.Hold, click.PendingCap:
		return "Pending"
	}
	return ""
}

// whenManager compiles the filters of a postback manager. One for a
// status fires when an event reaches it, whenever that is. One for any status
// fires when the event is recorded, and again when its status changes only if
// what it sends tells the status: who is told "a conversion" twice counts two.
func whenManager(d *config.PostbackManager, tellsStatus bool) func(*event) (string, bool) {
	f := &d.Filters
	return func(e *event) (string, bool) {
		if f.EventID != "" && !slices.Contains(e.eventNames[:], f.EventID) {
			return "", false
		}
		if e.status == click.Rejected && len(f.RejectionReasons) > 0 && !e.hasReason(f.RejectionReasons) {
			return "", false
		}
		switch {
		case len(f.Statuses) > 0:
			return e.status.String(), slices.Contains(f.Statuses, e.status.String())
		case f.FilterStatus != "" && f.FilterStatus != "Any":
			return f.FilterStatus, classOf(e.status) == f.FilterStatus
		case tellsStatus:
			return e.status.String(), true
		}
		return "", !e.changed
	}
}

func (e *event) hasReason(reasons []string) bool {
	return slices.ContainsFunc(reasons, func(reason string) bool {
		return e.row.Matches("rejections", reason) || e.row.Matches("rejected_simple_reason", reason)
	})
}

// affiliateStatuses are the statuses that a publisher's postback fires for, by
// the name it has there. Pending_Cap is pending.
var affiliateStatuses = map[string][]click.Status{
	"confirmed": {click.Approved},
	"pending":   {click.Pending, click.PendingCap},
	"declined":  {click.Rejected},
	"hold":      {click.Hold},
	"not_found": {click.NotFound},
}

// whenPostback compiles a publisher's postback.
func whenPostback(d *config.PublisherPostback) func(*event) (string, bool) {
	return func(e *event) (string, bool) {
		if !meetsGoal(d.Goal, e) {
			return "", false
		}
		switch d.Status {
		case "":
			return e.status.String(), true
		case "by_creating":
			return d.Status, !e.changed
		}
		return d.Status, slices.Contains(affiliateStatuses[d.Status], e.status)
	}
}

// meetsGoal compares a goal with the number and name of the event; 0 is the
// initial conversion.
func meetsGoal(goal string, e *event) bool {
	if goal == "" {
		return true
	}
	if e.isInitial() {
		return goal == "0"
	}
	return goal == e.eventID || strings.EqualFold(goal, e.eventName)
}

// whenSync compiles the report to the platform behind.
func whenSync(d *config.Integration) func(*event) (string, bool) {
	want := map[string]string{"": "Rejected", "RejectedOnly": "Rejected", "PendingOnly": "Pending"}[d.ConversionThirdPartySyncMode]
	offers := d.ConversionThirdPartySyncOfferIDs
	return func(e *event) (string, bool) {
		if len(offers) > 0 && !slices.ContainsFunc(e.offerNames[1:], func(name string) bool { return name != "" && slices.Contains(offers, name) }) {
			return "", false
		}
		return e.status.String(), want == "" || classOf(e.status) == want
	}
}

// whenPassed is for calls along with a visitor who came through.
func whenPassed(e *event) (string, bool) { return "", e.passed }
