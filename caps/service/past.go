package service

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"math"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/events/jetstream/follow"
)

const (
	// clockSkew is how much the clocks of edge and server may differ.
	clockSkew = time.Minute
	// readUpRetry is when a past is read again that could not be.
	readUpRetry = 5 * time.Second
)

var errAnew = errors.New("the sums of the caps were made anew meanwhile")

// readUp reads up what caps miss that are new, until ctx ends.
func (c *Counter) readUp(ctx context.Context) {
	for {
		var retry <-chan time.Time
		if err := c.fillAll(ctx); err != nil && ctx.Err() == nil {
			c.stats.unread.Add(1)
			c.opt.Logger.Warn("the past of new caps cannot be read; it is tried again", zap.Error(err), zap.Duration("in", readUpRetry))
			retry = time.After(readUpRetry)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-retry:
		}
	}
}

func (c *Counter) fillAll(ctx context.Context) error {
	for {
		c.mu.Lock()
		f := filling{c: c, fold: c.fold}
		f.gaps = first(f.fold.Missing(c.opt.Now().UnixMilli()))
		if len(f.gaps) > 0 {
			f.lines = newLineReader(c.set, concernOf(f.gaps))
		}
		c.mu.Unlock()
		if len(f.gaps) == 0 {
			return nil
		}
		if err := f.fill(ctx); err != nil {
			return err
		}
	}
}

// first are the gaps that end where the first one does.
func first(gaps []caps.Gap) (same []caps.Gap) {
	for _, g := range gaps {
		if g.Position == gaps[0].Position {
			same = append(same, g)
		}
	}
	return same
}

// concernOf tells whose things the caps of gaps count.
func concernOf(gaps []caps.Gap) func(offerID, publisherNumber string) bool {
	owners := map[caps.Owner]struct{}{}
	for _, g := range gaps {
		owners[g.Cap.Owner()] = struct{}{}
	}
	return func(offerID, publisherNumber string) bool {
		_, offer := owners[caps.Owner{Kind: caps.OfferOwner, ID: offerID}]
		_, publisher := owners[caps.Owner{Kind: caps.PublisherOwner, ID: publisherNumber}]
		return offer || publisher
	}
}

// filling reads up gaps that end at one place of the log, while the log is
// counted on behind it. A conversion is counted in full once: by the filling,
// or, where a later version of it came first, behind the gap.
type filling struct {
	c     *Counter
	fold  *caps.Fold // the Counter has another one when it was made anew
	gaps  []caps.Gap
	lines *lineReader
}

func (f *filling) last() uint64 { return f.gaps[0].Position }

// from is the time from which the log is read; the zero time is its beginning.
func (f *filling) from() (at time.Time) {
	ms := int64(math.MaxInt64)
	for _, g := range f.gaps {
		ms = min(ms, g.FromMS)
	}
	if ms > 0 {
		at = time.UnixMilli(ms).Add(-clockSkew)
	}
	return at
}

func (f *filling) fill(ctx context.Context) error {
	start := time.Now()
	if err := errors.Join(f.clear(), f.tellLost(ctx)); err != nil {
		return err
	}
	if err := f.fold.Backfill(f.gaps, f.rows(ctx)); err != nil {
		return err
	}
	f.c.opt.Logger.Info("new caps have been counted from the event log", zap.Int("caps", len(f.gaps)),
		zap.Uint64("up_to_sequence", f.last()), zap.Duration("took", time.Since(start)))
	return f.clear()
}

// rows yields what the log has for the gaps.
func (f *filling) rows(ctx context.Context) iter.Seq2[caps.Row, error] {
	return func(yield func(caps.Row, error) bool) {
		for b, err := range follow.Past(ctx, f.c.opt.JS, kinds, f.from(), f.last()) {
			more := true
			if err == nil {
				err = f.block(&b, func(r caps.Row) { more = more && yield(r, nil) })
			}
			if more && err != nil {
				yield(caps.Row{}, err)
			}
			if !more || err != nil {
				return
			}
		}
	}
}

func (f *filling) block(b *follow.Block, each func(caps.Row)) error {
	for row := range bytes.Lines(b.Data) {
		row = bytes.TrimSuffix(row, []byte{'\n'})
		if len(row) == 0 || !f.lines.concerned(row) {
			continue
		}
		thing, name, ok, err := f.lines.thingOf(b.Kind, row)
		if err != nil || !ok {
			continue // was told when it came
		}
		r := caps.Row{By: caps.IncarnationOf(name), Thing: thing}
		if b.Kind == events.Click || b.Kind == events.Impression {
			each(r)
			continue
		}
		if id, err := parseTxID(row); err == nil {
			if err := f.conversion(b.Sequence, id, r, each); err != nil {
				return err
			}
		}
	}
	return nil
}

// conversion counts a version of a conversion in place of the one that was read
// before. It is one step with what counts the log: else that could take a change
// for the first version while the first version is counted here.
func (f *filling) conversion(at uint64, id txID, r caps.Row, each func(caps.Row)) error {
	c := f.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil || c.fold != f.fold {
		return errAnew
	}
	counted, found, err := c.versions.get(c.db, id)
	if err != nil {
		return err
	}
	if found && counted.from > f.last() {
		return nil // behind the gap, in full
	}
	earlier, again, err := loadVersion(c.db, inPast, id)
	if err != nil {
		return err
	}
	if again {
		r.Before = earlier.before(&r.Thing)
	}
	each(r)
	this := versionOf(&r.Thing, at, at)
	if err := c.db.Set(versionKey(inPast, id), this.appendTo(nil), pebble.NoSync); err != nil {
		return err
	}
	if !found { // else it is kept up by what counts the log
		c.versions.put(id, this)
		c.versions.keep()
	}
	return nil
}

// clear forgets the versions that were read.
func (f *filling) clear() error {
	c := f.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return errAnew
	}
	return c.db.DeleteRange([]byte{inPast}, []byte{inPast + 1}, pebble.NoSync)
}

// namedCaps is how many caps a message names.
const namedCaps = 10

// tellLost tells which caps count too little, because the log goes back less
// far than their period.
func (f *filling) tellLost(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	stream, err := f.c.opt.JS.Stream(ctx, eventlog.Stream)
	if err != nil {
		return err
	}
	state := &stream.CachedInfo().State
	if state.FirstSeq <= 1 {
		return nil
	}
	var lost []string
	for _, g := range f.gaps {
		if g.FromMS < state.FirstTime.UnixMilli() {
			lost = append(lost, g.Cap.String())
		}
	}
	if len(lost) == 0 {
		return nil
	}
	f.c.stats.incomplete.Add(uint64(len(lost)))
	f.c.opt.Logger.Warn("new caps count from the first event that the log still has: what their period had before is missing",
		zap.Int("count", len(lost)), zap.Strings("caps", lost[:min(len(lost), namedCaps)]), zap.Time("first_event", state.FirstTime))
	return nil
}
