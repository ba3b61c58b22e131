package jetstream

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/events"
)

// TestWork: two workers share the jobs of their kinds, a job that failed comes
// again, and a third that comes later finds nothing left to do.
func TestWork(t *testing.T) {
	js, publisher := embedded(t, Config{})
	const jobs = 20
	for i := range jobs {
		for _, kind := range []events.Kind{events.Received, events.Click} {
			logged := make(chan error, 1)
			publisher.Publish(&events.Message{Kind: kind, ID: fmt.Sprint(kind, i), Lines: 1, Data: line(i)}, func(_ uint64, err error) { logged <- err })
			if err := <-logged; err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var mu sync.Mutex
	tries, done := map[uint64]int{}, map[uint64]int{}
	finished := make(chan struct{})
	do := func(_ context.Context, j Job) time.Duration {
		mu.Lock()
		defer mu.Unlock()
		if j.Kind != events.Received {
			t.Errorf("job %d is a %s", j.Sequence, j.Kind)
		}
		tries[j.Sequence]++
		if j.Delivery == 1 && j.Sequence%3 == 0 {
			return time.Millisecond
		}
		if done[j.Sequence]++; len(done) == jobs {
			close(finished)
		}
		return 0
	}
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			opt := WorkOptions{Durable: "finish", Kinds: []events.Kind{events.Received}, Logger: zap.NewNop()}
			if err := Work(ctx, js, opt, do); err != nil {
				t.Error(err)
			}
		})
	}
	select {
	case <-finished:
	case <-time.After(20 * time.Second):
		t.Error("the jobs are not done")
	}
	cancel()
	workers.Wait()
	for sequence, n := range done {
		want := 1
		if sequence%3 == 0 {
			want = 2
		}
		if n != 1 || tries[sequence] != want {
			t.Errorf("job %d was tried %d times and done %d times, want %d and 1", sequence, tries[sequence], n, want)
		}
	}
}

// TestWorkSince: a consumer that is made leaves out what was logged before, and
// one that is there goes on where it was.
func TestWorkSince(t *testing.T) {
	js, publisher := embedded(t, Config{})
	put := func(i int) {
		logged := make(chan error, 1)
		publisher.Publish(&events.Message{Kind: events.Click, ID: fmt.Sprint(i), Lines: 1, Data: line(i)}, func(_ uint64, err error) { logged <- err })
		if err := <-logged; err != nil {
			t.Fatal(err)
		}
	}
	next := func(since time.Time) string {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		got := ""
		opt := WorkOptions{Durable: "d", Kinds: []events.Kind{events.Click}, Since: since, Logger: zap.NewNop()}
		if err := Work(ctx, js, opt, func(_ context.Context, j Job) time.Duration {
			if got == "" {
				got = string(j.Data)
				cancel()
				return 0
			}
			return time.Millisecond
		}); err != nil {
			t.Error(err)
		}
		return got
	}
	put(1)
	info, err := js.Stream(t.Context(), Stream)
	if err != nil {
		t.Fatal(err)
	}
	put(2)
	second, err := info.GetMsg(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := next(second.Time); got != string(line(2)) {
		t.Errorf("it begins with %q", got)
	}
	put(3)
	if got := next(time.Now().Add(time.Hour)); got != string(line(3)) {
		t.Errorf("it goes on with %q", got)
	}
}
