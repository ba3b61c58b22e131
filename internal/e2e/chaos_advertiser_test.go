package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// sale is a conversion that an advertiser reports.
type sale struct {
	click string
	goal  string // empty is the initial conversion
	cents int    // of the purchase
}

func (s sale) query() string {
	q := fmt.Sprintf("/conversion?secure=market-secret&transaction_id=%s&purchase_value=%d.%02d", s.click, s.cents/100, s.cents%100)
	if s.goal != "" {
		q += "&goal=" + s.goal
	}
	return q
}

// retrier is an advertiser's server which reports every sale twice, and each
// time again until it is told that the report has arrived.
type retrier struct {
	tb testing.TB
	// edge is where the network is reached.
	edge atomic.Pointer[string]

	// tried counts requests, arrived those that were answered for good.
	tried, arrived atomic.Int64
	// total is how many reports it has to make.
	total int64
	busy  sync.WaitGroup

	mu      sync.Mutex
	answers map[sale][]report
	refused []string
}

// retryPause is how long it waits before it tries again.
const retryPause = 20 * time.Millisecond

// start reports all sales twice in an order of its own.
func (a *retrier) start(sales []sale, senders int, random *rand.Rand) {
	a.answers, a.total = map[sale][]report{}, int64(2*len(sales))
	queue := make(chan sale, 2*len(sales))
	for _, i := range random.Perm(2 * len(sales)) {
		queue <- sales[i/2]
	}
	close(queue)
	for range senders {
		a.busy.Go(func() {
			for s := range queue {
				a.report(s)
			}
		})
	}
}

// report tells the network of a sale until that has answered.
func (a *retrier) report(s sale) {
	for end := time.Now().Add(3 * patient); time.Now().Before(end); <-time.After(retryPause) {
		a.tried.Add(1)
		if status, body, err := ask("http://" + *a.edge.Load() + s.query()); err == nil && status < 500 {
			a.note(s, status, body)
			a.arrived.Add(1)
			return
		}
	}
	a.note(s, 0, "no answer")
}

// ask gets a page, which may not be there.
func ask(url string) (status int, body string, err error) {
	resp, err := client.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

func (a *retrier) note(s sale, status int, body string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var told struct{ Data report }
	if err := json.Unmarshal([]byte(body), &told); err != nil || status != http.StatusOK {
		a.refused = append(a.refused, fmt.Sprintf("%+v: %d %s", s, status, body))
		return
	}
	a.answers[s] = append(a.answers[s], told.Data)
}

// awaitTries waits until so many more requests were sent, or no more are needed.
func (a *retrier) awaitTries(more int64) {
	a.tb.Helper()
	want := a.tried.Load() + more
	a.await(func() bool { return a.tried.Load() >= want || a.arrived.Load() == a.total })
}

// awaitArrived waits until so many requests are answered.
func (a *retrier) awaitArrived(want int64) {
	a.tb.Helper()
	a.await(func() bool { return a.arrived.Load() >= want })
}

func (a *retrier) await(cond func() bool) {
	a.tb.Helper()
	eventually(a.tb, func() string {
		return fmt.Sprintf("the advertiser has sent %d requests, %d of %d reports are answered", a.tried.Load(), a.arrived.Load(), a.total)
	}, cond)
}
