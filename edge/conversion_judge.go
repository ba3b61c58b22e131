package edge

import (
	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// judgeConversion collects the reasons to reject the conversion. Its click has
// met the rules of clicks; here it is the targeting and the filters of
// conversions that judge, and what is said about it elsewhere.
func (v *conversion) judgeConversion() {
	if !v.attributable() {
		return // nothing is judged by a click that earns nothing
	}
	g := v.group()
	v.setMonitoring(g)
	v.expects("its click was let through", v.row.Text("rejected_primary_reason"), v.row.Text("blocked") != "1", click.ClickRejected)
	if named := v.values[convert.Offer]; named != "" {
		o, ok := v.in.offers.Find(named)
		v.expects("the request names the offer of its click", named, ok && o.doc.ID == v.offer.doc.ID, click.OfferMismatch)
	}
	v.judgeTargeting()
	v.judgeFilters(g)
	status, _ := click.ParseStatus(v.values[convert.Status])
	v.expects("the request does not reject it", v.values[convert.Status], status != click.Rejected, click.AdvertiserRejected)
}

// expects rejects the conversion when what is said about it elsewhere does not
// fit.
func (v *conversion) expects(rule, value string, fits bool, reason click.Reason) {
	if v.report != nil {
		v.report.rule("conversion", rule, value, fits, reason)
	}
	if !fits {
		v.click.Verdict.Reject(reason, value)
	}
}

// settleStatus settles what becomes of the conversion, in the order of D-20:
// fraud, then throttle, then the approval by hand. A cap without room for what
// it would be then makes it wait.
func (v *conversion) settleStatus() {
	cv := &v.click.Conversion
	cv.Status = v.statusOf()
	if full := v.takeCaps(cv.Status); full != nil {
		cv.Status, cv.CapReason = click.PendingCap, full.String()
	}
	switch cv.Status {
	case click.Hold:
		cv.HoldUntilMS = v.click.ConversionMS() + max(v.offer.doc.HoldPeriod, 0)*24*3600*1000
	case click.Rejected:
		v.forfeit()
	}
}

func (v *conversion) statusOf() click.Status {
	c := &v.click
	if !v.attributable() {
		return click.NotFound
	}
	if c.Verdict.Rejected() {
		return click.Rejected
	}
	if s := v.throttle(); s != click.NoStatus {
		return s
	}
	told, _ := click.ParseStatus(v.values[convert.Status])
	switch {
	case v.sets("nobody has to approve it by hand", !v.manual(), click.Pending):
		return click.Pending
	case v.sets("none of its click came shortly before (conversion_hiatus_period)", !v.hiatus(), click.Pending):
		return click.Pending
	case v.sets("the request names no other status", told == click.NoStatus || told == click.Approved, told):
		return told
	case v.sets("the offer holds nothing back (hold_period)", v.offer.doc.HoldPeriod <= 0, click.Hold):
		return click.Hold
	}
	return click.Approved
}

// sets tells whether a step gives the conversion a status: its rule does not
// hold.
func (v *conversion) sets(rule string, holds bool, status click.Status) bool {
	if v.report != nil {
		v.report.status(rule, "", holds, status)
	}
	return !holds
}

// manual tells whether a person is to approve the conversion.
func (v *conversion) manual() bool {
	if v.goal != nil {
		return v.goal.doc.ManuallyApproveEvents
	}
	return v.offer.doc.ManuallyApproveConversions
}

// throttle is the status that a throttle gives the conversion, if one does.
func (v *conversion) throttle() click.Status {
	c := &v.click
	for i := range v.offer.shaves {
		s := &v.offer.shaves[i]
		takes := s.takes(c)
		if v.report != nil {
			v.tellThrottle(s, takes)
		}
		if !takes {
			continue
		}
		c.Conversion.Throttled = true
		if s.status == click.Rejected {
			c.Verdict.Reject(click.Throttled, "")
		}
		return s.status
	}
	return click.NoStatus
}

// forfeit takes what a rejected conversion would have earned, and writes it down
// for the day that somebody approves it; monitoring mode takes nothing from
// anybody (R-1, D-29).
func (v *conversion) forfeit() {
	verdict := &v.click.Verdict
	if verdict.Monitoring {
		return
	}
	verdict.Blocked = true
	cv := &v.click.Conversion
	cv.RejectedPayout, cv.RejectedRevenue = verdict.Payout, verdict.Revenue
	verdict.Payout, verdict.Revenue = money.Amount{}, money.Amount{}
}
