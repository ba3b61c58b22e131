package edge

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/amend"
	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// A store that has read everything up to the request knows whatever can be
// rejected. Who waits for it looks again after firstRejectLook, twice as long
// each time, for rejectTime at most; an idle log takes a second to say that
// there is nothing more.
const (
	rejectTime      = 900 * time.Millisecond
	firstRejectLook = 5 * time.Millisecond
)

// rejection is a later word of the advertiser about conversions that were
// recorded.
type rejection struct {
	*conversion
	// id is that of a click, for all it has earned, or of a conversion.
	id string
	// refused is why a conversion of that id may not be rejected from here.
	refused error
}

// rejectEarlier rejects what was recorded before, or gives the rejection another
// reason. Who names nothing that is known changes nothing.
func (v *conversion) rejectEarlier(ctx context.Context) (Outcome, error) {
	if v.intake.AuthenticatedBy != events.BySecureCode {
		return Outcome{}, &Refused{fasthttp.StatusUnauthorized, "missing_secure_code", "secure: missing; " + convert.NewRejectedReason.String() + " needs the integration's secure code"}
	}
	j := &rejection{conversion: v, id: v.values[convert.ClickID]}
	if j.id == "" {
		return Outcome{}, &Refused{fasthttp.StatusUnprocessableEntity, "missing_transaction_id", convert.ClickID.String() + ": missing; it is the id of the click or of the conversion to reject"}
	}
	if _, err := v.edge.IDs.Parse(j.id); err != nil {
		return Outcome{}, refuseID(err)
	}
	ctx, cancel := context.WithTimeout(ctx, rejectTime)
	defer cancel()
	result, err := j.amend(ctx)
	if v.report != nil {
		v.tellChanges(&result, err)
	}
	switch {
	case errors.Is(err, amend.ErrRow):
		return Outcome{}, &Refused{fasthttp.StatusUnprocessableEntity, "unchangeable", convert.ClickID.String() + ": " + err.Error()}
	case err != nil:
		return Outcome{}, v.unanswered(err)
	case len(result.Items) == 0 && j.refused != nil:
		return Outcome{}, j.refused
	}
	return j.outcome(&result), nil
}

func (j *rejection) outcome(r *amend.Result) Outcome {
	o := Outcome{TxID: j.id, Amendment: true, Status: click.NotFound, Updated: r.Count(amend.Changed)}
	if len(r.Items) > 0 {
		o.Status, o.Reason, o.Row = click.Rejected, click.AdvertiserRejected.String(), r.Items[len(r.Items)-1].Row
	}
	return o
}

// amend rejects what is known by the id. It waits until the store knows all that
// was recorded before the request came.
func (j *rejection) amend(ctx context.Context) (amend.Result, error) {
	for pause := firstRejectLook; ; pause *= 2 {
		r, err := j.amendKnown(ctx)
		if err != nil || len(r.Items) > 0 || j.refused != nil || j.last || r.AppliedMS >= j.intake.ReceivedMS {
			return r, err
		}
		select {
		case <-ctx.Done():
			return r, attribution.ErrUnavailable
		case <-time.After(pause):
		}
	}
}

// amendKnown takes the id for a click's, then for a conversion's.
func (j *rejection) amendKnown(ctx context.Context) (amend.Result, error) {
	amender := amend.Amender{Finder: j.finder, Recorder: j.recorder, Now: j.edge.clock}
	change := amend.Change{ClickID: j.id, Fits: j.meant, To: events.Change{
		Status: click.Rejected, Reason: j.values[convert.NewRejectedReason], By: "advertiser",
	}}
	r, err := amender.Amend(ctx, change)
	if err != nil || len(r.Items) > 0 {
		return r, err
	}
	change.ClickID, change.ConversionID = "", j.id
	return amender.Amend(ctx, change)
}

// meant tells whether a row may be rejected by this request: it is of the
// integration whose secure code was shown, of the event and order that are
// named, and in a state that can be rejected.
func (j *rejection) meant(row events.Row) bool {
	if row.Text("integration_id") != j.in.doc.ID || !j.ofEvent(row) || !j.ofOrder(row) {
		return false
	}
	switch status, _ := click.ParseStatus(row.Text("status")); status {
	case click.Approved, click.Pending, click.Hold, click.PendingCap, click.Rejected:
	default:
		return false
	}
	j.offer, _ = j.in.offers.ByID(row.Text("offer_db_id"))
	if err := j.admitSender(); err != nil {
		j.refused = err
		return false
	}
	return true
}

// ofEvent tells whether a row is of the event that the request names, even if
// the offer has it no more. No name is all of them.
func (j *rejection) ofEvent(row events.Row) bool {
	name := strings.TrimSpace(j.values[convert.Event])
	if name == "" {
		return true
	}
	id := row.Text("event_db_id")
	if id == "" {
		offer, _ := j.in.offers.ByID(row.Text("offer_db_id"))
		return name == "0" || offer != nil && strings.EqualFold(name, offer.doc.ConversionName)
	}
	return name == id || name == row.Text("event_id") || strings.EqualFold(name, strings.TrimSpace(row.Text("event_name")))
}

// ofOrder tells whether a row is of the order that the request names. Rows that
// know no order fit any.
func (j *rejection) ofOrder(row events.Row) bool {
	for field, name := range map[convert.Field]string{
		convert.ExternalTransactionID: "external_transaction_id", convert.ConversionRef: "conversion_ref",
	} {
		have, want := row.Text(name), j.values[field]
		if have != "" && want != "" && have != want {
			return false
		}
	}
	return true
}
