package service

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/caps"
)

const (
	// claimPatience bounds how long all notices of a batch wait for the bucket:
	// what counts waits with them.
	claimPatience = 2 * time.Second
	// claimsAtOnce is how many of them are asked for at a time.
	claimsAtOnce = 16
	// noticesBytes bounds the bucket. When it is full nobody is kept from saying
	// anything.
	noticesBytes = 64 << 20
)

// desk settles which worker says a notice: who writes it into the bucket first.
// Where that cannot be found out all say it, for rather twice than not at all.
type desk struct {
	opt   *Options
	stats *stats
	kv    jetstream.KeyValue // once it was found
}

func newDesk(opt *Options, s *stats) *desk { return &desk{opt: opt, stats: s} }

// entry is what the bucket has of a notice.
type entry struct {
	Node string `json:"node"`
	// Told tells that the node has said it. A node that ended in between says it
	// when it counts the same again.
	Told    bool   `json:"told"`
	Cap     string `json:"cap"`
	Percent int    `json:"percent"`
	Period  string `json:"period,omitempty"`
	Sum     string `json:"sum"`
	// The ones whose counter it is, as in caps.Notice.
	Publisher string `json:"publisher,omitempty"`
	Goal      string `json:"goal,omitempty"`
	SubID     string `json:"sub_id,omitempty"`
}

// claim is who says a notice.
type claim struct {
	key string
	entry
	taken bool // said by another, or before
	// revision is that of the entry; 0 where there is none.
	revision uint64
}

// claim finds out what is to be said here: what is not taken.
func (d *desk) claim(list []caps.Notice) []claim {
	claims := make([]claim, len(list))
	for i := range list {
		n := &list[i]
		claims[i] = claim{key: n.ID(), entry: entry{
			Node: d.opt.Node, Cap: n.Cap.String(), Percent: n.Percent, Period: n.Period, Sum: n.Sum.String(),
			Publisher: n.Publisher, Goal: n.Goal, SubID: n.SubID,
		}}
	}
	d.each(claims, "be agreed on: other workers may log them, too", (*claim).take)
	return claims
}

// told notes that what is not taken was said.
func (d *desk) told(claims []claim) {
	d.each(claims, "be noted as said: they may be logged again", (*claim).tell)
}

// each does something to the claims that are not taken, several at a time.
func (d *desk) each(claims []claim, what string, do func(*claim, context.Context, jetstream.KeyValue) error) {
	ctx, cancel := context.WithTimeout(context.Background(), claimPatience)
	defer cancel()
	kv, err := d.bucket(ctx)
	if err != nil {
		d.failed(len(claims), what, err)
		return
	}
	errs := make([]error, len(claims))
	room := make(chan struct{}, claimsAtOnce)
	var all sync.WaitGroup
	for i := range claims {
		if claims[i].taken {
			continue
		}
		room <- struct{}{}
		all.Go(func() {
			errs[i] = do(&claims[i], ctx, kv)
			<-room
		})
	}
	all.Wait()
	failed := 0
	for i := range errs {
		if errs[i] != nil {
			failed, err = failed+1, errs[i]
		}
	}
	if failed > 0 {
		d.kv = nil // it may be gone
		d.failed(failed, what, err)
	}
}

func (d *desk) failed(n int, what string, err error) {
	d.stats.unclaimed.Add(uint64(n))
	if d.stats.mayTell(d.opt.Now()) {
		d.opt.Logger.Warn("notices of caps cannot "+what, zap.Int("count", n), zap.Error(err))
	}
}

// bucket finds the bucket or makes it.
func (d *desk) bucket(ctx context.Context) (jetstream.KeyValue, error) {
	if d.kv != nil {
		return d.kv, nil
	}
	kv, err := d.opt.JS.KeyValue(ctx, Notices)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = d.opt.JS.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: Notices, Description: "clickgate: which caps have filled up, and which worker said so",
			TTL: keepNotices, MaxBytes: noticesBytes, Replicas: cmp.Or(d.opt.Replicas, 1), History: 1,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("open bucket %q: %w", Notices, err)
	}
	d.kv = kv
	return kv, nil
}

// take writes the entry unless there is one. One of this node's own that was
// not said is taken over.
func (c *claim) take(ctx context.Context, kv jetstream.KeyValue) error {
	data, err := json.Marshal(c.entry)
	if err != nil {
		return err
	}
	c.revision, err = kv.Create(ctx, c.key, data)
	if !errors.Is(err, jetstream.ErrKeyExists) {
		return err
	}
	there, err := kv.Get(ctx, c.key)
	if err != nil {
		return err
	}
	var before entry
	if err := json.Unmarshal(there.Value(), &before); err != nil {
		return fmt.Errorf("read %s: %w", c.key, err)
	}
	c.taken, c.revision = before.Told || before.Node != c.Node, there.Revision()
	return nil
}

// tell notes in the entry that the notice was said.
func (c *claim) tell(ctx context.Context, kv jetstream.KeyValue) error {
	if c.revision == 0 {
		return nil // it could not be claimed, and that was told
	}
	c.Told = true
	data, err := json.Marshal(c.entry)
	if err == nil {
		_, err = kv.Update(ctx, c.key, data, c.revision)
	}
	return err
}
