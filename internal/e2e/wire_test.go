package e2e

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// wire passes TCP connections on to a server and can break in the worst
// moment: when the server has heard something and its answer gets lost.
type wire struct {
	net.Listener
	to   string
	deaf atomic.Bool // what the server says is dropped

	mu    sync.Mutex
	conns []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: to}
	var served sync.WaitGroup
	served.Go(w.serve)
	t.Cleanup(func() {
		l.Close()
		w.cut()
		served.Wait()
	})
	return w
}

func (w *wire) serve() {
	for {
		client, err := w.Accept()
		if err != nil {
			return
		}
		server, err := net.DialTimeout("tcp", w.to, patient)
		if err != nil {
			client.Close()
			continue
		}
		w.mu.Lock()
		w.conns = append(w.conns, client, server)
		w.mu.Unlock()
		go w.pass(server, client, new(atomic.Bool))
		go w.pass(client, server, &w.deaf)
	}
}

// pass copies what one end says to the other, or drops it, until either is
// gone; then both are.
func (w *wire) pass(to, from net.Conn, drop *atomic.Bool) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !drop.Load() {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// cut ends all connections; new ones are whole again.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
	w.deaf.Store(false)
}
