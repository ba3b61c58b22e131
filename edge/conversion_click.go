package edge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
)

// lookUpTime is how long a conversion that somebody waits for may look for its
// click; after it the conversion is finished later.
const lookUpTime = 50 * time.Millisecond

// askAgain is the pause before a click that has not been read yet is asked for
// again.
const askAgain = 5 * time.Millisecond

var errBehind = errors.New("the click store is too far behind the log")

// attribute finds the click. Without an error v.row is its row; or there is
// none, and this is the last try.
func (v *conversion) attribute(ctx context.Context) error {
	q, madeAt, err := v.question()
	if err != nil {
		return err
	}
	q.Brief = v.report == nil // an explanation tells all that the click has earned
	v.asked = q.Keys
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	for {
		if v.found, err = v.ask(ctx, q); err != nil {
			return err
		}
		if v.found.Row != nil {
			return v.recall()
		}
		if v.last {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: the click of %s is not known", errLater, madeAt.UTC().Format(time.RFC3339))
		case <-time.After(askAgain):
		}
	}
}

// ask is one question to the click store. A state that is too old counts as none.
func (v *conversion) ask(ctx context.Context, q attribution.Query) (attribution.Answer, error) {
	a, err := v.finder.Find(ctx, q)
	if err != nil {
		return a, v.unanswered(err)
	}
	if time.UnixMilli(a.AppliedMS).Before(v.edge.clock().Add(-attribution.MostBehind)) {
		return a, v.unanswered(errBehind)
	}
	return a, nil
}

// askForRest asks who holds the keys that were not known before the click was,
// for its offer makes them. Claims tell for a day only.
func (v *conversion) askForRest(ctx context.Context) error {
	keys := textsOf(v.lastingKeys())
	known := !slices.ContainsFunc(keys, func(key string) bool { return !slices.Contains(v.asked, key) })
	if known || v.recorded != nil || v.report != nil && v.report.undecided {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	a, err := v.ask(ctx, attribution.Query{ClickID: v.click.Conversion.ClickTxID, Keys: keys, Brief: v.report == nil})
	if err != nil {
		return err
	}
	v.found.Conversions, v.found.Omitted, v.found.Holders = a.Conversions, a.Omitted, a.Holders
	return nil
}

// unanswered is what a question without an answer means: even the last try
// needs one, for a click that nobody looked for is not unknown.
func (v *conversion) unanswered(err error) error {
	if !v.click.Trial {
		v.edge.counters.conversions.unanswered.Inc()
	}
	return errors.Join(errLater, err)
}

// question is what to ask for: the click that the request names, or one that
// fits it, where the integration allows that.
func (v *conversion) question() (q attribution.Query, madeAt time.Time, err error) {
	if v.recorded != nil {
		return v.recorded.question()
	}
	q.Keys = textsOf(v.lastingKeys())
	if id := v.values[convert.ClickID]; id != "" {
		if err := v.edge.checkID(id, v.report); err != nil {
			return q, madeAt, refuseID(err)
		}
		q.ClickID = id
		madeAt, err = clickid.Time(id)
		return q, madeAt, err
	}
	m := v.in.doc.ConversionsConfig.FallbackMatching
	if m == nil {
		return q, madeAt, &Refused{fasthttp.StatusUnprocessableEntity, "missing_transaction_id", convert.ClickID.String() + ": missing; it is the id that the landing page got as {click_id}"}
	}
	q.Match = v.evidence(m)
	return q, time.UnixMilli(q.Match.UntilMS), nil
}

// checkID tells whether an id is one of ours. Where an explanation has no click
// store within reach, it has no keys either: there any well-formed id may be.
func (e *Edge) checkID(id string, r *report) error {
	_, err := e.IDs.Parse(id)
	if r == nil {
		return err
	}
	if errors.Is(err, clickid.ErrForged) && e.Finder == nil {
		r.uncheckedID = true
		return nil
	}
	r.tellID(id, err)
	return err
}

// refuseID tells a forged id from one that is none. Neither costs a look-up.
func refuseID(err error) *Refused {
	if errors.Is(err, clickid.ErrForged) {
		return &Refused{fasthttp.StatusForbidden, "forged_transaction_id", "transaction_id: it was not made here, or was altered"}
	}
	return &Refused{fasthttp.StatusUnprocessableEntity, "invalid_transaction_id", "transaction_id: must be 32 lower-case hex digits, as {click_id} gave them"}
}

// evidence is what a click is looked for with that nobody named.
func (v *conversion) evidence(m *config.FallbackMatching) *attribution.Match {
	at := v.click.ConversionMS()
	q := &attribution.Match{IntegrationID: v.in.doc.ID, SinceMS: at - m.WindowSeconds*1000, UntilMS: at}
	if o, ok := v.in.offers.Find(v.values[convert.Offer]); ok {
		q.OfferID = o.doc.ID
	}
	for _, by := range m.By {
		switch by {
		case attribution.ByDeviceID:
			q.DeviceID = v.values[convert.DeviceID]
		case attribution.ByUUID:
			q.UUID = v.values[convert.UUID]
			if q.UUID == "" {
				q.UUID = v.intake.UUID
			}
		case attribution.ByIPUserAgent:
			q.IP, q.UserAgent = v.click.Conversion.IP, v.values[convert.UserAgent]
			if q.UserAgent == "" {
				q.UserAgent = v.intake.UserAgent
			}
		}
	}
	return q
}

// recall makes the click of the answer that of the conversion. One of another
// integration is none: who knows its id may be told nothing of its visitor.
func (v *conversion) recall() error {
	row, err := events.DecodeRow(v.found.Kind, v.found.Row)
	if err != nil {
		return errors.Join(errLater, err)
	}
	if row.Text("integration_id") != v.in.doc.ID {
		v.foreign = true
		return nil
	}
	v.row = row
	c := &v.click
	mine := *c
	if err := row.Recall(c); err != nil {
		return errors.Join(errLater, err)
	}
	cv := &mine.Conversion
	cv.ClickTxID, cv.ClickTimeMS = string(c.TxID[:]), c.TimeMS
	cv.ViewThrough, cv.MatchedBy = v.found.Kind == events.Impression, v.found.MatchedBy
	c.Conversion = *cv
	c.Plane, c.Purpose, c.TxID, c.TimeMS, c.Params = click.PlaneConversion, click.Visit, mine.TxID, mine.TimeMS, mine.Params
	if mine.ExternalTransactionID != "" {
		c.ExternalTransactionID = mine.ExternalTransactionID
	}
	if mine.Coupon != "" {
		c.Coupon = mine.Coupon
	}
	if id := v.values[convert.DeviceID]; id != "" {
		c.DeviceID = id
	}
	if mail := v.values[convert.UserEmail]; mail != "" {
		c.UserEmail = mail
	}
	return nil
}

// MatchesAny tells whether conversions of any integration do.
func (e *Edge) MatchesAny() bool { return e.snapshot.Load().matchesAny }

// Matches tells whether conversions of an integration find clicks without their
// id.
func (e *Edge) Matches(integration string) bool {
	in, ok := e.snapshot.Load().parts.integrations.Get(integration)
	return ok && in.doc.ConversionsConfig.FallbackMatching != nil
}
