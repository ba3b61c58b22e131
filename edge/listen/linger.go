package listen

import (
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/pires/go-proxyproto"
)

// How long and how much a refused visitor may go on sending until we close.
const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 256 << 10
)

// conn is a TCP connection that can be closed so that a last answer arrives. If
// a connection is closed with bytes unread, which is usual when a request is
// refused half-way, the kernel resets it, and the reset overtakes the answer.
type conn struct {
	*net.TCPConn
	refused          atomic.Bool
	reading, writing deadline
	turn             turn
}

// wrap wraps a TCP connection; others are left as they are. draining tells that
// the listener has closed.
func wrap(c net.Conn, draining *atomic.Bool) net.Conn {
	if tcp, ok := c.(*net.TCPConn); ok {
		return &conn{TCPConn: tcp, turn: turn{draining: draining}}
	}
	return c
}

// linger marks a connection whose request was refused.
func linger(c net.Conn) {
	if p, ok := c.(*proxyproto.Conn); ok {
		c = p.Raw()
	}
	if own, ok := c.(*conn); ok {
		own.refused.Store(true)
	}
}

// Close closes the connection, unless it waits for its turn. After a refusal it ends our side first and reads
// what is still under way.
func (c *conn) Close() error {
	if !c.turn.end() {
		return nil
	}
	if c.refused.Load() && c.CloseWrite() == nil && c.TCPConn.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		io.CopyN(io.Discard, c.TCPConn, lingerBytes)
	}
	return c.TCPConn.Close()
}
