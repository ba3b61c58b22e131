package queue

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// ErrNoLetter says that there is no dead letter of an id.
var ErrNoLetter = errors.New("no such dead letter")

// Letters returns up to limit dead letters, those that died last first, that
// died before the one with the id before, or the last ones where it is empty.
func (q *Queue) Letters(before string, limit int) ([]Letter, error) {
	leave, err := q.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	to := after([]byte{deadPrefix})
	if before != "" {
		var err error
		if to, err = letterKey(before); err != nil {
			return nil, err
		}
	}
	it, err := q.db.NewIter(&pebble.IterOptions{LowerBound: []byte{deadPrefix}, UpperBound: to})
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	defer it.Close()
	var letters []Letter
	for it.Last(); it.Valid() && len(letters) < limit; it.Prev() {
		data, err := it.ValueAndErr()
		if err != nil {
			return nil, fmt.Errorf("list dead letters: %w", err)
		}
		if letter, err := letterOf(it.Key(), data); err == nil {
			letters = append(letters, letter)
		}
	}
	return letters, it.Error()
}

// Letter returns a dead letter; ErrNoLetter where there is none.
func (q *Queue) Letter(id string) (Letter, error) {
	leave, err := q.enter()
	if err != nil {
		return Letter{}, err
	}
	defer leave()
	return q.letter(id)
}

func (q *Queue) letter(id string) (Letter, error) {
	key, err := letterKey(id)
	if err != nil {
		return Letter{}, err
	}
	data, closer, err := q.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return Letter{}, ErrNoLetter
	}
	if err != nil {
		return Letter{}, fmt.Errorf("read dead letter: %w", err)
	}
	defer closer.Close()
	return letterOf(key, data)
}

func letterOf(key, data []byte) (Letter, error) {
	job, err := decode(data)
	if err != nil || len(key) != 1+8+16 {
		return Letter{}, errors.Join(err, fmt.Errorf("dead letter %x", key))
	}
	job.key = bytes.Clone(key)
	died := time.UnixMilli(int64(binary.BigEndian.Uint64(key[1:]))).UTC()
	return Letter{ID: hex.EncodeToString(key[1:]), Died: died, Job: job}, nil
}

func letterKey(id string) ([]byte, error) {
	key, err := hex.DecodeString(id)
	if err != nil || len(key) != 8+16 {
		return nil, fmt.Errorf("id %q is not 48 hex digits: %w", id, ErrNoLetter)
	}
	return append([]byte{deadPrefix}, key...), nil
}

// Refire puts a dead letter back into its line, due at once, with as many
// attempts as a new one and its old idempotency key. ErrNoLetter: there is none of that id,
// or somebody was faster.
func (q *Queue) Refire(id string) error {
	leave, err := q.enter()
	if err != nil {
		return err
	}
	defer leave()
	q.mu.Lock() // so that two cannot do it at once
	defer q.mu.Unlock()
	letter, err := q.letter(id)
	if err != nil {
		return err
	}
	now := q.opt.Now()
	job := Job{Call: letter.Call}
	job.Due = now.UTC()
	job.key = jobKey(job.Host(), now.UnixMilli(), job.Key)
	batch := q.db.NewBatch()
	defer batch.Close()
	err = errors.Join(batch.Delete(letter.key, nil), batch.Set(job.key, encode(&job), nil))
	if err == nil {
		err = batch.Commit(pebble.Sync)
	}
	if err != nil {
		return fmt.Errorf("fire dead letter %s again: %w", id, err)
	}
	l := q.lane(job.Host())
	l.jobs++
	q.stats.Jobs++
	q.stats.Dead--
	l.join(job.key, now.UnixMilli())
	q.place(l, now.UnixMilli())
	q.nudge()
	return nil
}

// Discard removes a dead letter; ErrNoLetter where there is none.
func (q *Queue) Discard(id string) error {
	leave, err := q.enter()
	if err != nil {
		return err
	}
	defer leave()
	q.mu.Lock()
	defer q.mu.Unlock()
	letter, err := q.letter(id)
	if err != nil {
		return err
	}
	if err := q.db.Delete(letter.key, pebble.Sync); err != nil {
		return fmt.Errorf("discard dead letter %s: %w", id, err)
	}
	q.stats.Dead--
	return nil
}

// makeRoom forgets the oldest dead letters while there are too many.
func (q *Queue) makeRoom() error {
	if q.stats.Dead <= q.opt.Settings.MaxDead {
		return nil
	}
	// A tenth at a time, so that the search for the oldest is rare.
	surplus := q.stats.Dead - q.opt.Settings.MaxDead + q.opt.Settings.MaxDead/10
	return q.forget(after([]byte{deadPrefix}), surplus)
}

// forget removes dead letters before a key, the oldest first, and at most so
// many.
func (q *Queue) forget(before []byte, most int64) error {
	it, err := q.db.NewIter(&pebble.IterOptions{LowerBound: []byte{deadPrefix}, UpperBound: before})
	if err != nil {
		return fmt.Errorf("forget dead letters: %w", err)
	}
	defer it.Close()
	n, end := int64(0), before
	for it.First(); it.Valid(); it.Next() {
		if n == most {
			end = bytes.Clone(it.Key())
			break
		}
		n++
	}
	if err := it.Error(); err != nil || n == 0 {
		return err
	}
	if err := q.db.DeleteRange([]byte{deadPrefix}, end, pebble.NoSync); err != nil {
		return fmt.Errorf("forget dead letters: %w", err)
	}
	q.stats.Dead -= n
	q.stats.Forgotten += uint64(n)
	return nil
}
