package events

import (
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// Change is a change of a recorded conversion or event (A24, R-31). What is not
// set stays as it is.
type Change struct {
	// Status is the new one: Approved, Rejected or any other.
	Status click.Status
	// Reason is the new detailed reason of a rejection, Simple its code:
	// click.AdvertiserRejected where it is not set. They are for conversions
	// that are or become Rejected, and a mistake otherwise.
	Reason string
	Simple click.Reason
	// Payout, Revenue and PurchaseValue are new amounts: of a rejected
	// conversion, those that it would have earned.
	Payout, Revenue, PurchaseValue *money.Amount
	// TimeMS is when the change is made, By who makes it, Note what he says.
	TimeMS   int64
	By, Note string
}

// ErrUnchanged says that a row is as a change wants it already.
var ErrUnchanged = errors.New("the conversion is so already")

// Rewrite returns the row of a conversion or event after a change: a line with
// its line feed. The order of fields and those that it does not know survive.
// The reasons before the first change go to real_rejected_simple_reason and
// real_rejected_advanced_reason and stay there; who is no longer rejected has no
// reasons, but "rejections" still says what filters found. The row has a new
// updated_time and hash. Amounts move with the status: those of a rejected
// conversion stand in rejected_payout and rejected_revenue, and come back to the
// cent when it ceases to be (D-29). The error is ErrUnchanged where only these would be
// new: a request that comes twice changes a row once.
func Rewrite(row Row, change Change) ([]byte, error) {
	fields, err := orderedFields(row)
	if err != nil {
		return nil, err
	}
	e := editor{fields: fields}
	if err := e.apply(change); err != nil {
		return nil, fmt.Errorf("change %s %s: %w", row.Kind, row.Text("tx_id"), err)
	}
	if !e.changed {
		return nil, ErrUnchanged
	}
	e.note(change)
	return e.line(), nil
}

// RowHash is the hash of a conversion's row, empty for other rows.
func (r Row) RowHash() string { return r.Text("hash") }

func (e *editor) apply(change Change) error {
	was, err := click.ParseStatus(e.text("status"))
	if err != nil {
		return err
	}
	status := change.Status
	if status == click.NoStatus {
		status = was
	}
	if status != click.Rejected && (change.Reason != "" || change.Simple != click.None) {
		return fmt.Errorf("a reason for a rejection, but its status is %s", status)
	}
	if change.Status != click.NoStatus || change.Reason != "" || change.Simple != click.None {
		e.keepReasons()
		e.setStatus(was, status)
		e.setReasons(was, status, change)
		e.moveAmounts(status)
	}
	e.setAmount(e.amountOf("payout", status), change.Payout)
	e.setAmount(e.amountOf("revenue", status), change.Revenue)
	e.setAmount("purchase_value", change.PurchaseValue)
	return nil
}

// keepReasons keeps the reasons before the first change by hand.
func (e *editor) keepReasons() {
	if e.text("updated_time") != "" {
		return
	}
	changed := e.changed // to keep them is no change by itself
	e.setText("real_rejected_simple_reason", e.text("rejected_simple_reason"))
	e.setText("real_rejected_advanced_reason", e.text("rejected_advanced_reason"))
	e.changed = changed
}

func (e *editor) setStatus(was, status click.Status) {
	if was == status {
		return
	}
	e.setText("status", status.String())
	e.setRaw("rejected", appendFlag(nil, "", status == click.Rejected))
	e.setRaw("event_status", fmt.Append(nil, status.AffiseNumber()))
	if was == click.Hold {
		e.remove("hold_until")
	}
}

func (e *editor) setReasons(was, status click.Status, change Change) {
	if status != click.Rejected {
		for _, name := range []string{"rejected_simple_reason", "rejected_advanced_reason", "rejected_primary_reason", "rejection_type", "rejected_language"} {
			e.remove(name)
		}
		return
	}
	if was == click.Rejected && change.Reason == "" && change.Simple == click.None {
		return
	}
	simple := change.Simple
	if simple == click.None {
		simple = click.AdvertiserRejected
	}
	e.setText("rejected_simple_reason", simple.String())
	e.setText("rejected_primary_reason", simple.String())
	e.setText("rejected_advanced_reason", change.Reason)
	e.setText("rejection_type", simple.Kind())
}

// moveAmounts puts what the conversion earns where its status wants it. Monitoring
// mode spares a conversion the filters, not the word of a person: it is paid
// until somebody rejects it.
func (e *editor) moveAmounts(status click.Status) {
	for _, name := range [...]string{"payout", "revenue"} {
		if status == click.Rejected {
			e.move(name, forfeited+name)
		} else {
			e.move(forfeited+name, name)
		}
	}
}

// forfeited begins the fields of what a rejected conversion would have earned.
const forfeited = "rejected_"

// amountOf is the field that an amount of a conversion stands in. Rejected ones
// that are paid all the same have it where the others do.
func (e *editor) amountOf(name string, status click.Status) string {
	if status == click.Rejected && e.find(name) < 0 {
		return forfeited + name
	}
	return name
}

func (e *editor) setAmount(name string, amount *money.Amount) {
	if amount == nil {
		return
	}
	var have money.Amount // absent is 0
	if i := e.find(name); i >= 0 && have.UnmarshalJSON(e.fields[i].raw) == nil && have == *amount || e.find(name) < 0 && amount.IsZero() {
		return
	}
	e.setRaw(name, amount.AppendTo(nil))
}

// note writes down the change itself.
func (e *editor) note(change Change) {
	e.setText("updated_time", FormatTime(time.UnixMilli(change.TimeMS)))
	e.setText("updated_by", change.By)
	e.setText("update_note", change.Note)
}
