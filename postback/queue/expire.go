package queue

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// Expire removes what has been kept long enough: dead letters, and keys that
// were seen. Calls that have been due for too long, because their host is away
// or cannot take so many, become dead letters. It is to be called from time to
// time.
func (q *Queue) Expire() error {
	leave, err := q.enter()
	if err != nil {
		return err
	}
	defer leave()
	now := q.opt.Now()
	for _, host := range q.hosts() {
		for {
			more, err := q.giveUp(host, now)
			if err != nil {
				return fmt.Errorf("give up old calls to %s: %w", host, err)
			}
			if !more {
				break
			}
		}
	}
	return q.expire(now)
}

func (q *Queue) expire(now time.Time) error {
	s := &q.opt.Settings
	q.mu.Lock()
	defer q.mu.Unlock()
	before := binary.BigEndian.AppendUint64([]byte{deadPrefix}, uint64(max(now.Add(-s.KeepDead).UnixMilli(), 0)))
	if err := q.forget(before, never); err != nil {
		return err
	}
	for class, days := range map[byte]int{longLived: s.RememberDays, shortLived: s.RememberClickDays} {
		from, to := seenDays(class, dayOf(now.AddDate(0, 0, -days)))
		if bytes.Compare(from, to) >= 0 {
			continue
		}
		if err := q.db.DeleteRange(from, to, pebble.NoSync); err != nil {
			return fmt.Errorf("forget calls that were made: %w", err)
		}
	}
	return nil
}

func (q *Queue) hosts() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	hosts := make([]string, 0, len(q.lanes))
	for host := range q.lanes {
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	return hosts
}

// chunk is how many calls are given up under one lock.
const chunk = 500

// giveUp makes dead letters of calls that have been due for too long; more
// tells that there may be others.
func (q *Queue) giveUp(host string, now time.Time) (more bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.lanes[host]
	cutoff := now.Add(-q.opt.Settings.GiveUpAfter).UnixMilli()
	if l == nil || l.next >= cutoff {
		return false, nil
	}
	batch := q.db.NewBatch()
	defer batch.Close()
	n, err := q.collect(batch, l, cutoff, now.UnixMilli())
	if err != nil || n == 0 {
		return false, err
	}
	if err := batch.Commit(pebble.Sync); err != nil {
		return false, err
	}
	l.jobs -= n
	q.stats.Jobs -= int64(n)
	q.stats.Dead += int64(n)
	q.stats.GivenUp += uint64(n)
	return n == chunk, q.makeRoom()
}

// collect adds to the batch what makes dead letters of the first calls that
// were due before cutoff.
func (q *Queue) collect(batch *pebble.Batch, l *lane, cutoff, nowMS int64) (n int, err error) {
	prefix := lanePrefix(l.host)
	end := binary.BigEndian.AppendUint64(bytes.Clone(prefix), uint64(max(cutoff, 0)))
	it, err := q.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: end})
	if err != nil {
		return 0, err
	}
	defer it.Close()
	for it.First(); it.Valid() && n < chunk; it.Next() {
		if _, flying := l.flying[string(it.Key())]; flying {
			continue
		}
		data, err := it.ValueAndErr()
		if err != nil {
			return 0, err
		}
		job, err := decode(data)
		if err != nil {
			continue // Take drops and tells it
		}
		if job.LastError == "" {
			job.LastError = "not sent in time: the host was away or could not take so many calls"
		}
		key := bytes.Clone(it.Key())
		if err := errors.Join(batch.Delete(key, nil), batch.Set(deadKey(nowMS, job.Key), encode(&job), nil)); err != nil {
			return 0, err
		}
		n++
	}
	return n, it.Error()
}
