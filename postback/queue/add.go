package queue

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/clickgate/clickgate/postback/call"
)

// Item is what one event asks for.
type Item struct {
	// TxID is the event's id.
	TxID string
	// Mark names the event in its status: where it was seen, the event has been
	// dealt with. It may be empty.
	Mark string
	// Short is a click or impression: it is remembered for a shorter time, and
	// its calls are dropped when the queue is full.
	Short bool
	Calls []call.Call
}

func (i *Item) class() byte {
	if i.Short {
		return shortLived
	}
	return longLived
}

// addition is a batch of calls on its way into the store.
type addition struct {
	q       *Queue
	batch   *pebble.Batch
	seen    map[string]bool // what the batch itself has
	jobs    []Job
	dropped uint64
	room    int64 // for calls of clicks and impressions
}

// Add takes in the calls of events and notes position, if it is behind the last
// one. Calls whose key, and events whose mark, was seen before are left out.
// When it returns without an error, all is on disk; else nothing is, and the
// same may be added again. It returns how many calls were new.
func (q *Queue) Add(items []Item, position uint64) (added int, err error) {
	leave, err := q.enter()
	if err != nil {
		return 0, err
	}
	defer leave()
	a := &addition{q: q, batch: q.db.NewBatch(), seen: map[string]bool{}}
	defer a.batch.Close()
	q.mu.Lock()
	a.room = q.opt.Settings.MaxWaiting - q.stats.Jobs
	position = max(position, q.position)
	q.mu.Unlock()
	for i := range items {
		if err := a.add(&items[i]); err != nil {
			return 0, fmt.Errorf("add calls: %w", err)
		}
	}
	if err := a.batch.Set(positionKey, binary.BigEndian.AppendUint64(nil, position), nil); err != nil {
		return 0, fmt.Errorf("add calls: %w", err)
	}
	return len(a.jobs), a.commit(position)
}

func (a *addition) add(item *Item) error {
	if item.Mark != "" {
		if known, err := a.know(item, item.Mark); known || err != nil {
			return err
		}
	}
	for i := range item.Calls {
		c := &item.Calls[i]
		if item.Short && a.room <= int64(len(a.jobs)) {
			a.dropped++
			continue
		}
		known, err := a.know(item, c.Key)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		job := Job{Call: *c}
		job.key = jobKey(c.Host(), c.Due.UnixMilli(), c.Key)
		if err := a.batch.Set(job.key, encode(&job), nil); err != nil {
			return err
		}
		a.jobs = append(a.jobs, job)
	}
	return nil
}

// know tells whether a key was seen, and notes it where it was not.
func (a *addition) know(item *Item, key string) (known bool, err error) {
	place := seenKey(item.class(), item.TxID, key)
	if a.seen[string(place)] {
		return true, nil
	}
	a.seen[string(place)] = true
	_, closer, err := a.q.db.Get(place)
	if err == nil {
		return true, closer.Close()
	}
	if !errors.Is(err, pebble.ErrNotFound) {
		return false, err
	}
	return false, a.batch.Set(place, nil, nil)
}

// commit writes the batch and lets the lanes know. They count the calls before
// those can be found, so that none is finished that was not counted.
func (a *addition) commit(position uint64) error {
	q := a.q
	q.count(a.jobs, 1)
	if err := a.batch.Commit(pebble.Sync); err != nil {
		q.count(a.jobs, -1)
		return fmt.Errorf("add calls: %w", err)
	}
	now := q.opt.Now().UnixMilli()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.position = position
	q.stats.Dropped += a.dropped
	for i := range a.jobs {
		job := &a.jobs[i]
		l := q.lane(job.Host())
		l.join(job.key, job.Due.UnixMilli())
		q.place(l, now)
	}
	if len(a.jobs) > 0 {
		q.nudge()
	}
	return nil
}

func (q *Queue) count(jobs []Job, n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range jobs {
		q.lane(jobs[i].Host()).jobs += n
		q.stats.Jobs += int64(n)
	}
}
