package queue

import (
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// Fate is what becomes of a call that was taken.
type Fate uint8

// The fates.
const (
	// Done: it was sent, or refused for good by who got it.
	Done Fate = iota
	// Again: it is to be sent once more, at a time.
	Again
	// Dead: it is given up and becomes a dead letter.
	Dead
	// Untried: it was not sent after all, and stays as it was.
	Untried
)

// Health is what a call tells about its host.
type Health uint8

// What it tells.
const (
	Unknown Health = iota
	Answers        // the host works, whatever it says
	Fails          // it does not
)

// Result is how a call ended.
type Result struct {
	Fate   Fate
	Due    time.Time // of Again
	Health Health
	// Status and Error are what a letter tells.
	Status int
	Error  string
}

// Finish ends what Take began. After an error the call is left alone until the
// queue is opened again: a disk that does not take the note must not make a
// flood of repetitions.
func (q *Queue) Finish(job *Job, r Result) error {
	leave, err := q.enter()
	if err != nil {
		return err
	}
	defer leave()
	now := q.opt.Now()
	next, err := q.note(job, r, now)
	if err != nil {
		return fmt.Errorf("finish call %s: %w", job.Key, err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	l := job.lane
	q.flying--
	delete(l.flying, string(job.key))
	switch r.Fate {
	case Again:
		l.join(next, r.Due.UnixMilli())
	case Untried:
		_, due, _ := splitJob(job.key)
		l.join(job.key, due)
	case Dead:
		q.stats.Dead++
		fallthrough
	case Done:
		l.jobs--
		q.stats.Jobs--
	}
	l.hear(r.Health, &q.opt.Settings, now.UnixMilli())
	q.place(l, now.UnixMilli())
	q.nudge()
	return q.makeRoom()
}

func (b *breaker) hear(h Health, s *Settings, now int64) {
	switch h {
	case Answers:
		b.succeed()
	case Fails:
		b.fail(s, now)
	}
}

// note writes down what becomes of a call; next is where it waits again.
func (q *Queue) note(job *Job, r Result, now time.Time) (next []byte, err error) {
	if r.Fate == Untried {
		return nil, nil
	}
	job.LastStatus, job.LastError = r.Status, r.Error
	batch := q.db.NewBatch()
	defer batch.Close()
	if err := batch.Delete(job.key, nil); err != nil {
		return nil, err
	}
	switch r.Fate {
	case Done:
		// If this is lost in a crash the call is made again, as it may be anyway.
		return nil, batch.Commit(pebble.NoSync)
	case Again:
		next = jobKey(job.lane.host, r.Due.UnixMilli(), job.Key)
		err = batch.Set(next, encode(job), nil)
	case Dead:
		err = batch.Set(deadKey(now.UnixMilli(), job.Key), encode(job), nil)
	}
	if err != nil {
		return nil, err
	}
	return next, batch.Commit(pebble.Sync)
}
