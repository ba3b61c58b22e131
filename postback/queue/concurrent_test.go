package queue

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/postback/call"
)

// TestManyAtOnce: while calls come in, workers take and finish them in every
// way, and the machine crashes now and then. Every call is sent, and in the end
// nothing is left over.
func TestManyAtOnce(t *testing.T) {
	const calls, crashes = 600, 4
	c, fs := newClock(), vfs.NewCrashableMem()
	sent := &tally{done: map[string]int{}}
	for run := range crashes + 1 {
		q := openOn(t, fs, c, nil)
		last := run == crashes
		next := fs
		if last {
			work(t, q, c, sent, int(q.Position()), calls, 1<<30)
		} else {
			work(t, q, c, sent, int(q.Position()), calls, 150)
			next = fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: rand.New(rand.NewPCG(1, uint64(run)))})
		}
		if s := q.Stats(); last && (s.Jobs != 0 || s.Flying != 0 || s.Dead != 0 || len(q.lanes) != 0) {
			t.Errorf("left over: %+v and %d lanes", s, len(q.lanes))
		}
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
		fs = next
	}
	for i := range calls {
		if sent.done[fmt.Sprint("call", i)] == 0 {
			t.Errorf("call %d was never sent", i)
		}
	}
}

// tally counts what was sent.
type tally struct {
	mu   sync.Mutex
	done map[string]int
}

// work adds the calls from a place in the log and sends what there is, until
// nothing is left or most were finished.
func work(t *testing.T, q *Queue, c *clock, sent *tally, from, to, most int) {
	var group sync.WaitGroup
	group.Go(func() {
		for i := from; i < to; i++ {
			name := fmt.Sprint("call", i)
			if _, err := q.Add([]Item{{TxID: name, Calls: []call.Call{newCall(c, fmt.Sprint("host", i%7), name, 0)}}}, uint64(i+1)); err != nil {
				t.Error(err)
			}
		}
	})
	var mu sync.Mutex
	finished := 0
	for worker := range 4 {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(2, uint64(worker)))
			for {
				job, _, err := q.Take()
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				full := finished >= most
				if job != nil {
					finished++
				}
				mu.Unlock()
				if job == nil && int(q.Position()) == to && q.Stats().Jobs == 0 || full && job == nil {
					return
				}
				if job == nil {
					continue
				}
				r := Result{Fate: Fate(rng.IntN(4)), Due: c.now(), Health: Answers}
				if full {
					r.Fate = Untried
				}
				if r.Fate == Done || r.Fate == Dead {
					sent.mu.Lock()
					sent.done[job.Owner]++
					sent.mu.Unlock()
				}
				if r.Fate == Dead {
					r.Fate = Done
				}
				if err := q.Finish(job, r); err != nil {
					t.Error(err)
				}
				if full {
					return
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkQueue(b *testing.B) {
	q, err := Open(Options{Dir: b.TempDir(), Settings: Default()})
	if err != nil {
		b.Fatal(err)
	}
	defer q.Close()
	at := time.Now()
	var items []Item
	i := 0
	for b.Loop() {
		name := fmt.Sprint("call", i)
		items = append(items, Item{TxID: name, Calls: []call.Call{{
			Key: call.KeyOf(name, call.Manager, "m1", ""), URL: fmt.Sprintf("https://host%d.example/postback?click_id=%s", i%50, name), Method: "GET", Create: at, Due: at,
		}}})
		if i++; len(items) < 100 {
			continue
		}
		if _, err := q.Add(items, uint64(i)); err != nil {
			b.Fatal(err)
		}
		for items = items[:0]; ; {
			job, _, err := q.Take()
			if err != nil {
				b.Fatal(err)
			}
			if job == nil {
				break
			}
			if err := q.Finish(job, Result{Health: Answers}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
