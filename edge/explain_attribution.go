package edge

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// authentication notes a check of the sender, once.
func (r *report) authentication(check, value string, holds bool, reason string) {
	list := &r.Conversion.Authentication
	for _, there := range *list {
		if there.Name == check {
			return
		}
	}
	*list = append(*list, checked("authentication", check, value, holds, reason))
}

// checked is a rule with a reason that it has only where it does not fit.
func checked(part, name, value string, fits bool, reason string) explain.Rule {
	rule := explain.Rule{Part: part, Name: name, Value: strings.Clone(value), Fits: fits}
	if !fits {
		rule.Reason = reason
	}
	return rule
}

// tellID notes what the MAC of an id says.
func (r *report) tellID(id string, err error) {
	reason := ""
	if err != nil {
		reason = refuseID(err).Reason
	}
	r.authentication("transaction_id is an id of ours, unaltered", id, err == nil, reason)
}

// tellSender notes whether a sender's address is allowed.
func (v *conversion) tellSender(restricted, admitted bool) {
	wants := "any: neither offer, advertiser nor integration has allowed_ip"
	if restricted {
		wants = "one of allowed_ip of the offer or its advertiser, else of the integration"
	}
	rule := checked("authentication", "sender's address is allowed", v.intake.RemoteIP.String(), admitted, "sender_not_allowed")
	rule.Wants = wants
	v.report.Conversion.Authentication = append(v.report.Conversion.Authentication, rule)
}

// tellAttribution tells how the click was looked for. Where it is not known yet
// the trial goes on without it, undecided, so that more can be told.
func (v *conversion) tellAttribution(err error) error {
	r := v.report
	a := new(explain.Attribution)
	r.Conversion.Attribution = a
	a.Evidence = v.tellEvidence()
	var refused *Refused
	switch {
	case errors.As(err, &refused):
		a.Outcome, a.Detail = explain.BadClick, refused.Detail
		return err
	case errors.Is(err, errOutOfReach):
		a.Outcome, a.Detail = explain.NotAsked, "the click store is not within reach: a running server asks it"
		if r.uncheckedID {
			a.Detail += ", and it has the keys that tell whether the id is one of ours"
		}
	case errors.Is(err, attribution.ErrUnavailable), errors.Is(err, errBehind):
		a.Outcome, a.Detail = explain.NoAnswer, fmt.Sprintf("no answer that counts within %s (%v): the request is kept and finished later", lookUpTime, err)
	case err != nil:
		a.Outcome, a.Detail = explain.NotFound, fmt.Sprintf("not known within %s: the request is kept and tried again; it ends as not_found if the click stays unknown", lookUpTime)
	case v.foreign:
		a.Outcome, a.Detail = explain.OtherSide, "the click is of another integration: here it is none"
	case v.row.Line == nil:
		a.Outcome, a.Detail = explain.NotFound, "no such click is known"
	default:
		a.Outcome, a.Click = explain.Found, v.tellClick()
	}
	r.undecided = err != nil
	return nil
}

// tellEvidence tells what the click is looked for by.
func (v *conversion) tellEvidence() (l values) {
	q, _, err := v.question()
	if err != nil {
		return nil
	}
	l.add("click_id", q.ClickID)
	if v.recorded != nil && q.ClickID == "" {
		l.add("click_id", "(its row names no click)")
	}
	if m := q.Match; m != nil {
		l.add("offer", m.OfferID)
		l.add("device_id", m.DeviceID)
		l.add("uuid", m.UUID)
		if m.IP.IsValid() {
			l.add("address", m.IP.String())
		}
		l.add("user_agent", m.UserAgent)
		l.add("since", moment(m.SinceMS))
		l.add("until", moment(m.UntilMS))
	}
	return l
}

func moment(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

// tellClick tells of the click that was found.
func (v *conversion) tellClick() (l values) {
	row, cv := &v.row, &v.click.Conversion
	l.add("kind", row.Kind.String())
	l.add("found by", cv.MatchedBy)
	l.add("tx_id", cv.ClickTxID)
	l.add("time", moment(cv.ClickTimeMS))
	l.add("offer", named(row.Text("offer_id"), row.Text("offer"), row.Text("offer_db_id")))
	l.add("publisher", named("", row.Text("publisher"), row.Text("publisher_db_id")))
	l.add("sub_id", row.Text("sub_id"))
	l.add("status", row.Text("status"))
	l.add("rejected by", row.Text("rejected_primary_reason"))
	if row.Text("blocked") == "1" {
		l.add("blocked", "yes: it did not reach the offer")
	}
	for _, prior := range v.found.Conversions {
		if prior.TxID != v.intake.TxID {
			l.add("has earned", prior.TxID+" "+prior.Status)
		}
	}
	if n := v.found.Omitted; n > 0 {
		l.add("has earned", strconv.Itoa(n)+" more")
	}
	return l
}

// tellWindows tells what keeps the click from earning the conversion.
func (v *conversion) tellWindows() {
	if v.row.Line == nil {
		return
	}
	list := &v.report.Conversion.Attribution.Windows
	add := func(name, value, wants string, fits bool) {
		rule := checked("attribution", name, value, fits, click.NotFound.String())
		rule.Wants = wants
		*list = append(*list, rule)
	}
	add("offer of the click still exists", v.row.Text("offer_db_id"), "", v.offer != nil)
	lookback := "any time (max_attribution_lookup_days)"
	if v.in.lookback > 0 {
		lookback = fmt.Sprintf("at most %s (max_attribution_lookup_days)", v.in.lookback)
	}
	add("integration still looks at the click", v.age().String(), lookback, v.inLookback())
	if v.offer == nil {
		return
	}
	add("session of the click is open", v.age().String(), fmt.Sprintf("at most %s (click_session)", v.offer.session), v.inSession())
	if v.click.Conversion.ViewThrough {
		add("impressions earn conversions of the offer", "an impression", "view_through_attribution_enabled", v.viewCounts())
	}
}
