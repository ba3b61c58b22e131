package queue

import (
	"bytes"
	"container/heap"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"go.uber.org/zap"
)

// Take returns a call that is due and may be sent now, or nil and how long there
// is nothing to do at least, unless Wake says otherwise. Whoever takes a call
// must Finish it.
func (q *Queue) Take() (job *Job, wait time.Duration, err error) {
	leave, err := q.enter()
	if err != nil {
		return nil, 0, err
	}
	defer leave()
	now := q.opt.Now().UnixMilli()
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting.lanes) > 0 && q.waiting.lanes[0].wake() <= now {
		heap.Push(&q.ready, heap.Pop(&q.waiting))
	}
	for len(q.ready.lanes) > 0 && q.flying < q.opt.Settings.Global {
		l := q.ready.lanes[0]
		job, err := q.first(l, now)
		if err != nil {
			return nil, 0, fmt.Errorf("take a call to %s: %w", l.host, err)
		}
		if job != nil {
			q.flying++
			job.lane, job.Attempts = l, job.Attempts+1
			_, l.flying[string(job.key)], _ = splitJob(job.key)
		}
		q.place(l, now)
		if job != nil {
			return job, 0, nil
		}
	}
	if len(q.waiting.lanes) == 0 || q.flying >= q.opt.Settings.Global {
		return nil, never, nil
	}
	return nil, time.Duration(q.waiting.lanes[0].wake()-now) * time.Millisecond, nil
}

// first reads the first call of a lane that waits, if it is due, and what comes
// behind it.
func (q *Queue) first(l *lane, now int64) (taken *Job, err error) {
	prefix := lanePrefix(l.host)
	from := l.cursor
	if from == nil {
		from = prefix
	}
	it, err := q.db.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: after(prefix)})
	if err != nil {
		return nil, err
	}
	defer it.Close()
	l.next, l.cursor = never, after(prefix)
	for it.First(); it.Valid(); it.Next() {
		if _, flying := l.flying[string(it.Key())]; flying {
			continue
		}
		_, due, ok := splitJob(it.Key())
		if taken != nil || ok && due > now {
			l.next, l.cursor = due, bytes.Clone(it.Key())
			return taken, nil
		}
		if taken, err = q.read(l, it); err != nil {
			return nil, err
		}
	}
	return taken, it.Error()
}

// read decodes the call at an iterator. One that cannot be read can never be
// sent: it is told and taken out.
func (q *Queue) read(l *lane, it *pebble.Iterator) (*Job, error) {
	data, err := it.ValueAndErr()
	if err != nil {
		return nil, err
	}
	job, err := decode(data)
	if err == nil {
		job.key = bytes.Clone(it.Key())
		return &job, nil
	}
	q.opt.Logger.Error("a call in the postback queue cannot be read and is dropped", zap.String("host", l.host), zap.Error(err))
	q.stats.Broken++
	q.stats.Jobs--
	l.jobs--
	return nil, q.db.Delete(bytes.Clone(it.Key()), pebble.NoSync)
}
