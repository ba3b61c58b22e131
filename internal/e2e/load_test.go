package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
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
