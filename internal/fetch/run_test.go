package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clickgate/clickgate/internal/source"
)

// wire answers requests without a network, and counts them.
type wire struct {
	mu       sync.Mutex
	requests int
	body     string
	err      error
}

func (w *wire) set(body string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.body, w.err = body, err
}

func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requests
}

func (w *wire) RoundTrip(*http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests++
	if w.err != nil {
		return nil, w.err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(w.body))}, nil
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		f := New(dir)
		f.client = &http.Client{Transport: w}
		r := remote("http://lists.example/list.txt")
		r.Every = 10 * time.Hour
		f.Add(r)
		ctx, cancel := context.WithCancel(t.Context())
		changes := make(chan source.Change, 10)
		done := make(chan struct{})
		w.set("good 1", nil)
		go func() {
			f.Run(ctx, func(c source.Change) { changes <- c })
			close(done)
		}()
		expect := func(what string, wait time.Duration, wantRequests, wantChanges int) {
			t.Helper()
			time.Sleep(wait)
			synctest.Wait()
			if w.count() != wantRequests || len(changes) != wantChanges {
				t.Errorf("%s: %d requests and %d changes, want %d and %d",
					what, w.count(), len(changes), wantRequests, wantChanges)
			}
		}
		expect("at the start", time.Second, 1, 1)
		expect("before the interval is over", 9*time.Hour, 1, 1)
		expect("after the interval and its tenth", 2*time.Hour, 2, 1)
		f.Refresh()
		expect("asked for", time.Second, 3, 1)
		w.set("", errors.New("no way"))
		f.Refresh()
		expect("tries after 0, 1, 3, 7, 15 and 31 minutes, and a tenth", 45*time.Minute, 9, 2)
		w.set("good 1", nil)
		expect("the first success after 63 minutes, and a tenth", 30*time.Minute, 10, 3)
		expect("back to the interval", 9*time.Hour, 10, 3)
		cancel()
		<-done
		for i, wantErr := range []bool{false, true, false} {
			if c := <-changes; (c.Err != nil) != wantErr || c.Path != "http://lists.example/list.txt" {
				t.Errorf("change %d is %+v, want an error: %v", i, c, wantErr)
			}
		}
	})
}

func TestWaits(t *testing.T) {
	d := &download{remote: source.Remote{Every: 24 * time.Hour}}
	for failures, want := range map[int]time.Duration{
		0: 24 * time.Hour, 1: time.Minute, 2: 2 * time.Minute, 5: 16 * time.Minute, 12: 24 * time.Hour, 1000: 24 * time.Hour,
	} {
		for range 100 {
			if got := d.wait(failures); got < want || got > want+want/10 {
				t.Fatalf("after %d failures the wait is %s, want %s and at most a tenth more", failures, got, want)
			}
		}
	}
	now := time.Now()
	for _, c := range []struct{ checked, want time.Duration }{{2 * time.Hour, 22 * time.Hour}, {48 * time.Hour, 0}, {-time.Hour, 0}} {
		d.checkedAt = now.Add(-c.checked)
		if got := d.firstWait(now); got != c.want {
			t.Errorf("checked %s ago: the first wait is %s, want %s", c.checked, got, c.want)
		}
	}
}
