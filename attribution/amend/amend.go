// Package amend changes conversions that are recorded (A24, R-30, R-31): by
// people, by advertisers, by the end of a hold. It finds the latest version of a
// row, changes it and records it again with the same tx_id. Of two changes of
// one state one is recorded; the other sees what the first has made of it.
package amend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// Change is a change of one conversion, or of all of a click.
type Change struct {
	// ConversionID is the tx_id of a conversion or event; or ClickID that of a
	// click or impression, for all it has earned.
	ConversionID, ClickID string
	// Hash and ConversionMS are those that the row must have to be changed
	// (A24): its hash, and its conversion_time in unix milliseconds. Empty and 0
	// are any.
	Hash         string
	ConversionMS int64
	// Fits tells of a row whether it is meant at all; nil is any. It must not
	// keep the row.
	Fits func(events.Row) bool
	// To is what is to change; its TimeMS is set here.
	To events.Change
}

// Outcome is what became of a conversion that a change named.
type Outcome string

// The outcomes.
const (
	Changed   Outcome = "changed"
	Unchanged Outcome = "unchanged" // it is so already
	NotFound  Outcome = "not_found" // unknown, or not meant
	Stale     Outcome = "stale"     // not with this hash or conversion_time
)

// Item is one conversion that a change named.
type Item struct {
	TxID    string
	Outcome Outcome
	// Row is its latest row as far as it is known, without a line feed.
	Row []byte
}

// Result is what became of a change. Its memory belongs to the caller.
type Result struct {
	// Items are the conversions that were meant, oldest first; none where
	// nothing is known by the id.
	Items []Item
	// Omitted is how many older conversions of a click were not looked at,
	// because it has too many of them.
	Omitted int
	// AppliedMS: whatever was logged before this moment was looked at, unix
	// milliseconds.
	AppliedMS int64
}

// Count is how many conversions had an outcome.
func (r *Result) Count(o Outcome) (n int) {
	for i := range r.Items {
		if r.Items[i].Outcome == o {
			n++
		}
	}
	return n
}

// Outcome is that of a change of one conversion.
func (r *Result) Outcome() Outcome {
	if len(r.Items) == 0 {
		return NotFound
	}
	return r.Items[0].Outcome
}

// ErrRow tells that a row is none that can be changed. To try again is of no
// use.
var ErrRow = errors.New("the row of the conversion cannot be changed")

// Amender changes conversions. It is safe for concurrent use.
type Amender struct {
	Finder   attribution.Finder
	Recorder events.Recorder
	// Now is the clock; time.Now where it is nil.
	Now func() time.Time
}

// Amend makes a change. After an error other than ErrRow it is not known what
// was changed, and the same change may be made again: what it has changed
// already it finds unchanged. A row that cannot be changed keeps no other of the
// click from it. Without a deadline of ctx Amend gives up after five seconds.
func (a *Amender) Amend(ctx context.Context, c Change) (Result, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	found, err := a.find(ctx, attribution.Query{ConversionID: c.ConversionID, ClickID: c.ClickID})
	if err != nil {
		return Result{}, err
	}
	r := Result{Omitted: found.Omitted, AppliedMS: found.AppliedMS}
	var errs []error
	for i := range found.Conversions {
		item, err := a.one(ctx, &c, found.Conversions[i])
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("change conversion %s: %w", found.Conversions[i].TxID, err))
			if !errors.Is(err, ErrRow) {
				return r, errors.Join(errs...)
			}
		case item.Outcome != NotFound:
			r.Items = append(r.Items, item)
		}
	}
	return r, errors.Join(errs...)
}

// patience bounds a change whose caller set no deadline.
const patience = 5 * time.Second

// find asks for a state that is not too old to be changed.
func (a *Amender) find(ctx context.Context, q attribution.Query) (attribution.Answer, error) {
	found, err := a.Finder.Find(ctx, q)
	if err != nil {
		return found, err
	}
	if behind := a.now().Sub(time.UnixMilli(found.AppliedMS)); behind > attribution.MostBehind {
		return found, fmt.Errorf("%w: it is %s behind the log", attribution.ErrUnavailable, behind.Round(time.Minute))
	}
	return found, nil
}

func (a *Amender) now() time.Time {
	if a.Now == nil {
		return time.Now()
	}
	return a.Now()
}
