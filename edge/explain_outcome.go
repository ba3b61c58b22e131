package edge

import (
	"fmt"
	"strings"

	"github.com/clickgate/clickgate/attribution/amend"
	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/explain"
)

// status notes a step that settles the status of a conversion.
func (r *report) status(rule, value string, holds bool, otherwise click.Status) {
	r.Conversion.Status = append(r.Conversion.Status, checked("status", rule, value, holds, otherwise.String()))
}

// tellThrottle notes what a throttle says.
func (v *conversion) tellThrottle(s *shave, takes bool) {
	value := fmt.Sprintf("%d %% of publisher %s", s.percent, s.publisher)
	v.report.status("throttle "+s.id+" lets it through", value, !takes, s.status)
}

// lookAtCaps is takeCaps without taking a place. Of a conversion in the log the
// place that it has itself does not count.
func (v *conversion) lookAtCaps(status click.Status) *caps.Cap {
	counted := v.click
	counted.Trial = false
	t, _ := caps.ThingOf(&counted)
	t.Status = status
	rules, book := v.snap.caps, v.edge.Caps
	if v.recorded != nil {
		if own, ok := v.recorded.thing(v.in); ok {
			book = rules.Without(book, &own, &t)
		}
	}
	for _, look := range rules.Look(book, &t) {
		value := fmt.Sprintf("%s so far, and %s more", look.Seen, look.Adds)
		rule := checked("caps", look.Cap.String(), value, !look.Over, click.PendingCap.String())
		rule.Wants = fmt.Sprintf("at most %s", look.Cap.Limit())
		v.report.Conversion.Status = append(v.report.Conversion.Status, rule)
	}
	return rules.Over(book, &t).Cap
}

// tellEvent tells which of the offer's events it is.
func (v *conversion) tellEvent() (l values) {
	if v.offer == nil {
		return nil
	}
	if v.goal == nil {
		l.add("initial conversion", named("0", v.offer.doc.ConversionName, "of offer "+v.offer.doc.ID))
		return l
	}
	l.add("event", named(v.goal.number, v.goal.doc.Name, v.goal.doc.ID))
	return l
}

// tellDuplicates tells what the conversion must not share with another, and who
// has it already.
func (v *conversion) tellDuplicates(o *Outcome) {
	list := &v.report.Conversion.Duplicates
	found := false
	for _, k := range v.keys {
		holder := v.found.Holders[k.key]
		free := holder == "" || holder == v.intake.TxID || v.expired(k.key, holder)
		found = found || !free
		rule := checked("duplicates", k.what+" is new", k.key, free, holder)
		if k.window > 0 {
			rule.Wants = fmt.Sprintf("not within %s before", k.window)
		}
		*list = append(*list, rule)
	}
	if v.offer == nil || v.row.Line == nil {
		return
	}
	if v.mayRepeat() {
		*list = append(*list, checked("duplicates", "click may earn it more than once", "", true, ""))
		return
	}
	rule := checked("duplicates", "click has not earned it before", v.click.Conversion.ClickTxID, found || !o.Duplicate, o.TxID)
	*list = append(*list, rule)
}

// tellOutcome tells what becomes of the conversion.
func (v *conversion) tellOutcome(o *Outcome) *explain.Decision {
	if o.Duplicate {
		return &explain.Decision{Status: o.Status.String(), Duplicate: o.TxID}
	}
	d, cv := v.tellDecision(), &v.click.Conversion
	d.Status, d.Currency = o.Status.String(), cv.Currency
	d.RejectedPayout, d.RejectedRevenue = cv.RejectedPayout, cv.RejectedRevenue
	if d.Detail == "" {
		d.Detail = strings.Clone(cv.CapReason)
	}
	return d
}

// tellChanges tells what a request does to conversions recorded before; err is
// why it is not known.
func (v *conversion) tellChanges(r *amend.Result, err error) {
	var l values
	for _, item := range r.Items {
		l.add(item.TxID, string(item.Outcome))
	}
	switch {
	case err != nil:
		l.add("not known", err.Error())
	case len(l) == 0:
		l.add("nothing", "no conversion fits that the click store knows")
	}
	v.report.Conversion.Changes = l
}
