package service

import (
	"bytes"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream/follow"
)

// sink is the Counter as a Follower sees it.
type sink Counter

func (s *sink) CaughtUp(ms int64) { s.clock.CaughtUp(ms) }

func (s *sink) Hold(ms int64) { s.clock.Hold(ms) }

func (s *sink) Position() follow.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.position
}

// Move implements follow.Sink: another log is counted on top of what there is.
func (s *sink) Move(to follow.Position) error {
	c := (*Counter)(s)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return errClosed
	}
	switch {
	case to.Log == c.position.Log && to.Sequence > c.position.Sequence:
		c.fold.Apply(to.Sequence, nil)
	case to.Sequence != c.position.Sequence || to.Log != c.position.Log:
		c.fold.Move(to.Sequence)
		c.wakeUp()
	}
	if to.SinceMS != c.position.SinceMS {
		c.stats.gaps.Add(1)
	}
	c.position = to
	return c.save()
}

// Apply implements follow.Sink.
func (s *sink) Apply(blocks []follow.Block) error {
	c := (*Counter)(s)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return errClosed
	}
	for i := range blocks {
		if blocks[i].Sequence <= c.position.Sequence {
			continue
		}
		if err := c.count(&blocks[i]); err != nil {
			return c.check(err)
		}
	}
	c.notices()
	if err := c.save(); err != nil {
		return c.check(err)
	}
	c.clock.CaughtUp(c.position.LoggedMS)
	return nil
}

// count counts a block, or nothing of it.
func (c *Counter) count(b *follow.Block) error {
	c.rows = c.rows[:0]
	read := uint64(0)
	for row := range bytes.Lines(b.Data) {
		row = bytes.TrimSuffix(row, []byte{'\n'})
		if len(row) == 0 { // a claim of a further key
			continue
		}
		read++
		if err := c.countRow(b, row); err != nil {
			c.versions.drop()
			return fmt.Errorf("count block %d: %w", b.Sequence, err)
		}
	}
	c.fold.Apply(b.Sequence, c.rows)
	c.versions.keep()
	c.position.Sequence, c.position.LoggedMS = b.Sequence, b.LoggedMS
	c.stats.read.Add(read)
	c.stats.counted.Add(uint64(len(c.rows)))
	return nil
}

// countRow adds a row to those that are counted. A row that cannot be read is
// told and left out; an error is of the disk.
func (c *Counter) countRow(b *follow.Block, row []byte) error {
	isConversion := b.Kind == events.Conversion || b.Kind == events.Event
	changed := isConversion && isChanged(row) // may be of an offer that had caps
	if c.rules.Empty() && !changed {
		return nil
	}
	concerned := c.lines.concerned(row)
	if !concerned && !changed {
		return nil
	}
	thing, name, ok, err := c.lines.thingOf(b.Kind, row)
	if err != nil {
		c.refuse(b, err)
		return nil
	}
	if !ok {
		return nil
	}
	r := caps.Row{By: c.runs.see(name, c.opt.Now().UnixMilli()), Thing: thing}
	if isConversion {
		id, err := parseTxID(row)
		if err != nil {
			c.refuse(b, err)
			return nil
		}
		if r.Before, err = c.replace(b, id, &thing, concerned); err != nil {
			return err
		}
	}
	c.rows = append(c.rows, r)
	return nil
}

// replace notes the version of a conversion and returns the one it was counted
// in before, nil for none. Of offers and publishers that no cap concerns it
// keeps up those that are known, no more.
func (c *Counter) replace(b *follow.Block, id txID, now *caps.Thing, concerned bool) (*caps.Thing, error) {
	last, found, err := c.versions.get(c.db, id)
	switch {
	case err != nil:
		return nil, err
	case found:
		c.versions.put(id, versionOf(now, last.from, b.Sequence))
		return last.before(now), nil
	case concerned:
		c.versions.put(id, versionOf(now, b.Sequence, b.Sequence))
	}
	return nil, nil
}

func (c *Counter) refuse(b *follow.Block, err error) {
	if c.stats.bad.Add(1); c.stats.mayTell(c.opt.Now()) {
		c.opt.Logger.Warn("a line of the event log cannot be read and is not counted by caps; others may follow",
			zap.Stringer("kind", b.Kind), zap.Uint64("sequence", b.Sequence), zap.Error(err))
	}
}

// Check implements follow.Sink.
func (s *sink) Check() error {
	c := (*Counter)(s)
	now := c.opt.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return errClosed
	}
	if now.Sub(c.expired) < time.Hour {
		return nil
	}
	c.expired = now
	return c.expire(now)
}

// check notes damage.
func (c *Counter) check(err error) error {
	if c.damage == nil && damaged(err) {
		c.damage = err
	}
	return err
}

// Mend implements follow.Sink: sums that cannot be read are made anew.
func (s *sink) Mend() error {
	c := (*Counter)(s)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.damage == nil {
		return nil
	}
	if c.db != nil {
		if err := c.db.Close(); err != nil {
			c.opt.Logger.Warn("close damaged sums of caps", zap.Error(err))
		}
		c.db = nil
	}
	if err := c.moveAside(c.damage); err != nil {
		return err
	}
	if err := c.load(); err != nil {
		return err
	}
	c.damage = nil
	c.clock.Restart()
	c.fold.Forget(c.opt.Now().UnixMilli())
	c.fold.SetRules(c.rules)
	return nil
}
