package queue

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/postback/call"
)

// clock is a clock that tests move.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time          { return c.at }
func (c *clock) advance(d time.Duration) { c.at = c.at.Add(d) }

// small are settings whose limits tests reach.
func small() Settings {
	s := Default()
	s.PerHost, s.Global, s.BreakAfter, s.CacheBytes = 2, 5, 3, 1<<20
	return s
}

func openOn(t *testing.T, fs vfs.FS, c *clock, change func(*Settings)) *Queue {
	t.Helper()
	s := small()
	if change != nil {
		change(&s)
	}
	q, err := Open(Options{Dir: "queue", Settings: s, FS: fs, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// fresh is an empty queue in memory and its clock.
func fresh(t *testing.T, change func(*Settings)) (*Queue, *clock) {
	t.Helper()
	c := newClock()
	q := openOn(t, vfs.NewMem(), c, change)
	t.Cleanup(func() { q.Close() })
	return q, c
}

// newCall is a call that is due after a while.
func newCall(c *clock, host, name string, after time.Duration) call.Call {
	return call.Call{
		Key: call.KeyOf(name, call.Manager, "m1", ""), Owner: name, Method: "GET", URL: "https://" + host + "/" + name,
		Create: c.now(), Due: c.now().Add(after),
	}
}

// add takes in one call.
func add(t *testing.T, q *Queue, calls ...call.Call) {
	t.Helper()
	for _, c := range calls {
		if n, err := q.Add([]Item{{TxID: c.Owner, Calls: []call.Call{c}}}, 0); err != nil || n != 1 {
			t.Fatalf("added %d, %v", n, err)
		}
	}
}

// take returns the next call, nil for none.
func take(t *testing.T, q *Queue) *Job {
	t.Helper()
	job, _, err := q.Take()
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// takeNamed takes the next call, which must be the one of that name.
func takeNamed(t *testing.T, q *Queue, name string) *Job {
	t.Helper()
	job := take(t, q)
	if job == nil || job.Owner != name {
		t.Fatalf("took %s, want %s", nameOf(job), name)
	}
	return job
}

func takeNone(t *testing.T, q *Queue) time.Duration {
	t.Helper()
	job, wait, err := q.Take()
	if err != nil || job != nil {
		t.Fatalf("took %s, %v, want nothing", nameOf(job), err)
	}
	return wait
}

func nameOf(job *Job) string {
	if job == nil {
		return "nothing"
	}
	return job.Owner
}

func finish(t *testing.T, q *Queue, job *Job, r Result) {
	t.Helper()
	if err := q.Finish(job, r); err != nil {
		t.Fatal(err)
	}
}

func names(host string, n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("%s-%d", host, i))
	}
	return all
}

const forever = time.Duration(math.MaxInt64)
