package amend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// Who lost a race looks for what the winner made of the conversion after
// firstLook, twice as long each time up to lastLook.
const (
	firstLook = 2 * time.Millisecond
	lastLook  = 100 * time.Millisecond
)

// one changes one conversion, in whatever state others leave it meanwhile.
func (a *Amender) one(ctx context.Context, c *Change, prior attribution.Prior) (Item, error) {
	for {
		if prior.Row == nil { // the answer had no room for it
			var err error
			if prior, err = a.latest(ctx, prior.TxID); err != nil {
				return Item{}, err
			}
		}
		item, lost, err := a.try(ctx, c, &prior)
		if !lost || err != nil {
			return item, err
		}
		if c.Hash != "" {
			item.Outcome = Stale
			return item, nil
		}
		if prior, err = a.after(ctx, prior.TxID, prior.Hash); err != nil {
			return Item{}, err
		}
	}
}

// try changes a conversion in the state that prior tells. lost is true where
// another change of that state was recorded before.
func (a *Amender) try(ctx context.Context, c *Change, prior *attribution.Prior) (item Item, lost bool, err error) {
	item = Item{TxID: prior.TxID, Row: prior.Row}
	row, err := events.DecodeRow(prior.Kind, prior.Row)
	if err != nil {
		return item, false, fmt.Errorf("%w: %w", ErrRow, err)
	}
	prior.Hash = row.RowHash()
	if item.Outcome = c.look(row); item.Outcome != Changed {
		return item, false, nil
	}
	to := c.To
	to.TimeMS = a.next(row)
	line, err := events.Rewrite(row, to)
	switch {
	case errors.Is(err, events.ErrUnchanged):
		item.Outcome = Unchanged
		return item, false, nil
	case err != nil:
		return item, false, fmt.Errorf("%w: %w", ErrRow, err)
	}
	recorded, err := a.record(ctx, row, line)
	if recorded {
		item.Row = line[:len(line)-1]
	}
	return item, !recorded, err
}

// look tells whether a row may be changed, by Changed, or what else becomes of
// it.
func (c *Change) look(row events.Row) Outcome {
	switch {
	case c.Fits != nil && !c.Fits(row):
		return NotFound
	case c.Hash != "" && c.Hash != row.RowHash():
		return Stale
	case c.ConversionMS != 0 && c.ConversionMS != moment(row, "conversion_time"):
		return Stale
	}
	return Changed
}

// next is the time of the change: behind that of the one before, so that no two
// states of a conversion are alike and have one hash.
func (a *Amender) next(row events.Row) int64 {
	return max(a.now().UnixMilli(), moment(row, "updated_time")+1)
}

// moment is a time of a row in unix milliseconds, 0 where it has none.
func moment(row events.Row, field string) int64 {
	at, err := time.Parse(time.RFC3339Nano, row.Text(field))
	if err != nil {
		return 0
	}
	return at.UnixMilli()
}

// record writes the new version of a row, unless there is one.
func (a *Amender) record(ctx context.Context, row events.Row, line []byte) (bool, error) {
	renewed, err := events.DecodeRow(row.Kind, line)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrRow, err)
	}
	txID := row.Text("tx_id")
	recorded, _, err := a.Recorder.Record(ctx, &events.Claim{
		TxID: txID, Kind: row.Kind, Version: renewed.RowHash(), Keys: []string{events.UpdateKey(txID, row.RowHash())}, Line: line,
	})
	return recorded, err
}

// latest is a conversion with its row. It is known to be recorded.
func (a *Amender) latest(ctx context.Context, txID string) (attribution.Prior, error) {
	found, err := a.find(ctx, attribution.Query{ConversionID: txID})
	if err != nil {
		return attribution.Prior{}, err
	}
	if len(found.Conversions) == 0 {
		return attribution.Prior{}, fmt.Errorf("%w: it does not know conversion %s any more", attribution.ErrUnavailable, txID)
	}
	return found.Conversions[0], nil
}

// after waits until the change is read that has replaced a state.
func (a *Amender) after(ctx context.Context, txID, hash string) (attribution.Prior, error) {
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		prior, err := a.latest(ctx, txID)
		if err != nil || prior.Hash != hash {
			return prior, err
		}
		select {
		case <-ctx.Done():
			return prior, fmt.Errorf("%w: it has not read the latest change yet: %w", attribution.ErrUnavailable, context.Cause(ctx))
		case <-time.After(pause):
		}
	}
}
