package service

import (
	"context"
	"iter"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
)

// tell tells the edges what has changed, and everything now and then, until ctx
// ends.
func (c *Counter) tell(ctx context.Context) {
	tick := time.NewTicker(c.opt.Every)
	defer tick.Stop()
	var exported, forgotten, retired time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := c.opt.Now()
		if now.Sub(forgotten) >= forgetEvery {
			forgotten = now
			c.forget(now)
		}
		if now.Sub(retired) >= time.Minute {
			retired = now
			c.retire(now)
		}
		all := now.Sub(exported) >= exportEvery
		if all {
			exported = now
		}
		if !c.publish(Deltas, all) {
			exported = time.Time{} // what was not sent is made up for
		}
	}
}

func (c *Counter) forget(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fold.Forget(now.UnixMilli())
}

func (c *Counter) retire(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, by := range c.runs.retire(now.UnixMilli()) {
		c.fold.Retire(by)
	}
}

// publish sends what has changed, or everything; false where it could not.
// Nothing is told that is not on disk, and nothing before the log was looked at.
func (c *Counter) publish(subject string, all bool) bool {
	deltas := c.deltas(all)
	if deltas == nil {
		return true
	}
	for d := range deltas {
		data, err := d.AppendBinary(nil)
		if err == nil {
			err = c.opt.NC.Publish(subject, data)
		}
		if err != nil {
			c.stats.unsent.Add(1)
			return false
		}
	}
	return true
}

func (c *Counter) deltas(all bool) iter.Seq[*caps.Delta] {
	applied := c.clock.AppliedMS() // before the sums are read: those are not behind it
	c.mu.Lock()
	defer c.mu.Unlock()
	if applied == 0 || c.db == nil {
		return nil
	}
	if err := c.save(); err != nil {
		c.opt.Logger.Warn("the edges are told nothing about caps", zap.Error(c.check(err)))
		return nil
	}
	logMS := c.position.Created().UnixMilli()
	if all {
		return c.fold.Export(logMS, applied)
	}
	return c.fold.Deltas(logMS, applied)
}

// export answers an edge that asks for everything.
func (c *Counter) export(msg *nats.Msg) {
	if msg.Reply != "" {
		c.publish(msg.Reply, true)
	}
}

// notices raises what the caps have to say and no other worker has said.
func (c *Counter) notices() {
	list := c.fold.Notices()
	if len(list) == 0 {
		return
	}
	claims := c.desk.claim(list)
	for i, n := range list {
		if claims[i].taken {
			continue
		}
		c.stats.notices.Add(1)
		if c.stats.mayTell(c.opt.Now()) {
			c.opt.Logger.Warn("a cap has filled up", zap.String("cap", n.Cap.String()), zap.Int("percent", n.Percent), zap.Stringer("sum", n.Sum),
				zap.String("period", n.Period), zap.String("publisher", n.Publisher), zap.String("goal", n.Goal), zap.String("sub_id", n.SubID))
		}
		if c.opt.Notice != nil {
			c.opt.Notice(n)
		}
	}
	c.desk.told(claims)
}
