package edge

import (
	"context"
	"errors"
	"fmt"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
)

// Outcome is what became of a conversion.
type Outcome struct {
	// TxID is the conversion's own id; that of the one recorded before, for a
	// Duplicate. ClickTxID names its click, empty where none was found.
	TxID, ClickTxID string
	Status          click.Status
	// Reason is why it was rejected.
	Reason string
	// Duplicate tells that it had been recorded before: nothing was written.
	Duplicate bool
	// Amendment tells that the request was about conversions recorded before, by
	// the id TxID; Updated is how many of them it changed.
	Amendment bool
	Updated   int
	// Row is the row, for whoever asks for fields of it.
	Row []byte
	// Pixels is the markup of the publisher's pixels, for the page of an iframe.
	Pixels string
}

// Refused is why a conversion is not taken, now or later.
type Refused struct {
	// Status is the HTTP status, Reason a short code, Detail a sentence.
	Status         int
	Reason, Detail string
}

func (r *Refused) Error() string { return r.Detail }

// errLater tells that a conversion cannot be finished now and was not lost: it
// is to be tried again.
var errLater = errors.New("the conversion cannot be finished yet")

// conversion is a conversion on its way: a visit that is judged by its click,
// with what it has beside one.
type conversion struct {
	*visit
	intake *events.Intake
	values *convert.Values
	// finder and recorder are the edge's, or what stands in for them on trial.
	finder   attribution.Finder
	recorder events.Recorder
	// recorded is what an explanation knows of a conversion in the log; nil for
	// one that comes in.
	recorded *recorded
	// last tells that there will be no other try.
	last  bool
	found attribution.Answer
	asked []string   // the dedupe keys that found tells of
	row   events.Row // the click's
	// foreign tells that the click is of another integration.
	foreign bool
	goal    *goal // nil: the initial conversion
	keys    []onceKey
	taken   []caps.Count // its places in caps
}

// Finish takes a conversion that was received and authenticated to its row:
// attribution, verdict, price, status. It may be called again for the same
// intake after an error, also on another edge: the row is written once. A
// *Refused is final; after any other error it is to be tried again. last tells
// that this is the last try: a click that is not known by now never will be.
func (e *Edge) Finish(ctx context.Context, in *events.Intake, last bool) (o Outcome, err error) {
	v := e.visits.Get().(*visit)
	v.snap = e.snapshot.Load()
	defer func() {
		if bug := recover(); bug != nil { // the visit is not used again
			e.tellBug("finishing a conversion", bug)
			o, err = Outcome{}, fmt.Errorf("%w: BUG: %v", errLater, bug)
			return
		}
		v.release()
		e.visits.Put(v)
	}()
	c := &conversion{visit: v, intake: in, finder: e.Finder, recorder: e.Recorder, last: last}
	return c.finish(ctx)
}

func (v *conversion) finish(ctx context.Context) (Outcome, error) {
	if err := v.receive(); err != nil {
		return Outcome{}, err
	}
	if v.values[convert.NewRejectedReason] != "" {
		return v.rejectEarlier(ctx)
	}
	err := v.attribute(ctx)
	if v.report != nil {
		err = v.tellAttribution(err)
	}
	if err != nil {
		return Outcome{}, err
	}
	return v.conclude(ctx)
}

// conclude takes a conversion whose click was looked for to its row.
func (v *conversion) conclude(ctx context.Context) (Outcome, error) {
	if err := v.attach(); err != nil {
		return Outcome{}, err
	}
	if err := v.askForRest(ctx); err != nil {
		return Outcome{}, err
	}
	v.makeKeys()
	if prior, ok := v.earlier(); ok {
		return v.duplicate(prior), nil
	}
	v.judgeConversion()
	v.price()
	v.settleStatus()
	return v.write(ctx)
}

// write records the row, at most once.
func (v *conversion) write(ctx context.Context) (Outcome, error) {
	c := &v.click
	kind := events.Conversion
	if c.Conversion.IsEvent() {
		kind = events.Event
	}
	v.encodeAs(kind)
	claim := &events.Claim{TxID: v.intake.TxID, Kind: kind, Keys: c.Conversion.DedupeKeys, Expired: v.expired, Line: v.line}
	recorded, holder, err := v.recorder.Record(ctx, claim)
	if !recorded {
		v.returnCaps()
	}
	switch {
	case err != nil:
		return Outcome{}, errors.Join(errLater, err)
	case !recorded:
		return v.duplicate(attribution.Prior{TxID: holder}), nil
	}
	filters.Record(c, &c.Verdict, v.chains[0], v.chains[1])
	if !c.Trial {
		v.edge.counters.conversions.recorded(c)
	}
	return Outcome{
		TxID: v.intake.TxID, ClickTxID: c.Conversion.ClickTxID, Status: c.Conversion.Status,
		Reason: v.reason(), Row: append([]byte(nil), v.line...), Pixels: v.pixels(),
	}, nil
}

// encodeAs makes the row. It names the postback managers that it fires, which
// are found by the row itself.
func (v *conversion) encodeAs(kind events.Kind) {
	c, meta := &v.click, v.edge.rowMeta
	meta.ConfigVersion, meta.Incarnation = v.snap.versionText, v.edge.Incarnation
	v.line = events.AppendConversionRow(v.line[:0], c, meta)
	if v.edge.Managers == nil {
		return
	}
	if row, err := events.DecodeRow(kind, v.line); err == nil {
		c.Conversion.PostbackManagerIDs = v.edge.Managers(row)
	}
	if len(c.Conversion.PostbackManagerIDs) > 0 {
		v.line = events.AppendConversionRow(v.line[:0], c, meta)
	}
}

// pixels is the markup of the publisher's pixels.
func (v *conversion) pixels() string {
	if v.offer == nil {
		return ""
	}
	return v.offer.pixels[v.click.Link.PublisherNumber]
}

// reason is why the conversion was rejected, empty where it was not.
func (v *conversion) reason() string {
	if v.click.Conversion.Status != click.Rejected {
		return ""
	}
	return v.click.Verdict.Primary.String()
}
