package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pace is how much traffic a load makes: keep-alive connections, each with a
// click every so often. Every click is from an address of its own, and none is
// tried twice: that would hide what the load looks for.
type pace struct {
	connections int
	every       time.Duration
}

var (
	usual = pace{8, 5 * time.Millisecond}
	dense = pace{32, time.Millisecond}
)

// mostClicks bounds a load.
const mostClicks = 60_000

// load is traffic on a node.
type load struct {
	tb      testing.TB
	edge    string
	name    string
	pace    pace
	quit    chan struct{}
	workers sync.WaitGroup
	number  atomic.Int64

	mu       sync.Mutex
	outcomes []outcome
}

// outcome is what became of one request.
type outcome struct {
	sub        string // the sub id, by which the log tells requests apart
	id         string // the click id in the answer
	status     int
	err        error // why there is no answer
	sent, done time.Time
}

func (o outcome) took() time.Duration { return o.done.Sub(o.sent) }

// loadNumber makes sub ids and addresses differ between loads.
var loadNumber atomic.Int64

func startLoad(n *node, p pace) *load {
	n.tb.Helper()
	l := &load{tb: n.tb, edge: n.edge, name: fmt.Sprintf("load%d", loadNumber.Add(1)), pace: p, quit: make(chan struct{})}
	for range p.connections {
		l.workers.Go(l.work)
	}
	n.tb.Cleanup(func() { l.end() })
	return l
}

// end lets requests under way finish and returns what became of all. It may be
// called again.
func (l *load) end() []outcome {
	l.mu.Lock()
	select {
	case <-l.quit:
	default:
		close(l.quit)
	}
	l.mu.Unlock()
	l.workers.Wait()
	return l.outcomes
}

// awaitMore waits until so many more requests are answered.
func (l *load) awaitMore(more int) {
	l.tb.Helper()
	want := l.answered() + more
	eventually(l.tb, func() string { return fmt.Sprintf("%d requests are answered, want %d", l.answered(), want) },
		func() bool { return l.answered() >= want })
}

func (l *load) answered() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, o := range l.outcomes {
		if o.err == nil {
			n++
		}
	}
	return n
}

// awaitEnd waits until the server is gone for every worker.
func (l *load) awaitEnd() []outcome {
	l.tb.Helper()
	ended := make(chan struct{})
	go func() {
		l.workers.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patient):
		l.tb.Fatal("connections are still taken long after the server was to stop")
	}
	return l.end()
}

// work clicks over one connection after the other until it is told to stop or
// nobody takes connections.
func (l *load) work() {
	tick := time.NewTicker(l.pace.every)
	defer tick.Stop()
	var c *connection
	for {
		select {
		case <-l.quit:
			c.close()
			return
		case <-tick.C:
		}
		if c == nil {
			if c = l.dial(); c == nil {
				return
			}
		}
		n := l.number.Add(1)
		if n > mostClicks {
			c.close()
			return
		}
		o, closed := c.click(fmt.Sprintf("%s-%d", l.name, n), address(n))
		l.note(o)
		if closed {
			c.close()
			c = nil
		}
	}
}

func (l *load) note(o outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outcomes = append(l.outcomes, o)
}

// address is a visitor's own address, on no list of the demo.
func address(n int64) string { return fmt.Sprintf("81.%d.%d.%d", n>>16&255, n>>8&255, n&255) }

// connection is one keep-alive connection.
type connection struct {
	net.Conn
	r *bufio.Reader
}

func (l *load) dial() *connection {
	c, err := net.DialTimeout("tcp", l.edge, patient)
	if err != nil {
		return nil
	}
	return &connection{c, bufio.NewReader(c)}
}

func (c *connection) close() {
	if c != nil {
		c.Conn.Close()
	}
}

// click sends one click and reads its answer. closed tells that the connection
// is of no more use.
func (c *connection) click(sub, from string) (o outcome, closed bool) {
	o = outcome{sub: sub, sent: time.Now()}
	_ = c.SetDeadline(soon())
	_, err := fmt.Fprintf(c, "GET %s&sub_id=%s HTTP/1.1\r\nHost: trk.example\r\nUser-Agent: %s\r\nAccept-Language: en\r\nX-Forwarded-For: %s\r\n\r\n", goodLink, sub, firefox, from)
	var resp *http.Response
	if err == nil {
		resp, err = http.ReadResponse(c.r, nil)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
	}
	o.done = time.Now()
	if err != nil {
		o.err = err
		return o, true
	}
	o.status, o.id = resp.StatusCode, idIn(resp.Header.Get("Location"))
	return o, resp.Close
}

// wantAnswers checks that every request was answered with a redirect to the
// landing page or the fallback.
func wantAnswers(tb testing.TB, outcomes []outcome) {
	tb.Helper()
	var bad []string
	for _, o := range outcomes {
		if o.err != nil || o.status != http.StatusFound || o.id == "" {
			bad = append(bad, fmt.Sprintf("%s: status %d, click id %q, error %v", o.sub, o.status, o.id, o.err))
		}
	}
	if len(outcomes) == 0 {
		tb.Error("no request was sent")
	}
	if len(bad) > 0 {
		tb.Errorf("%d of %d requests got no redirect, among them\n%s", len(bad), len(outcomes), few(bad))
	}
}

// wantInLog checks that the log holds every answered click exactly once and
// nothing twice.
func wantInLog(tb testing.TB, log []event, outcomes []outcome) {
	tb.Helper()
	times := map[string]int{}
	var doubled, lost []string
	for _, e := range log {
		if times[e.TxID]++; times[e.TxID] == 2 {
			doubled = append(doubled, e.TxID)
		}
	}
	answered := 0
	for _, o := range outcomes {
		if o.err != nil {
			continue
		}
		if answered++; times[o.id] == 0 {
			lost = append(lost, fmt.Sprintf("%s, answered at %s after %s", o.id, o.done.Format(time.StampMicro), o.took()))
		}
	}
	if len(lost) > 0 {
		tb.Errorf("%d of %d answered clicks are not in the log of %d events, among them\n%s", len(lost), answered, len(log), few(lost))
	}
	if len(doubled) > 0 {
		tb.Errorf("%d clicks are in the log more than once, among them\n%s", len(doubled), few(doubled))
	}
}

func few(all []string) string { return strings.Join(all[:min(len(all), 5)], "\n") }

// median of the times answers took.
func median(outcomes []outcome) time.Duration {
	took := make([]time.Duration, len(outcomes))
	for i, o := range outcomes {
		took[i] = o.took()
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// during are the outcomes of requests sent within a time.
func during(outcomes []outcome, from, to time.Time) (some []outcome) {
	for _, o := range outcomes {
		if o.sent.After(from) && o.sent.Before(to) {
			some = append(some, o)
		}
	}
	return some
}
