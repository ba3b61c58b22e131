package listen

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// deadline is one direction's deadline of a connection. fasthttp moves each of
// them with every request, and moving a timer costs more than judging a click.
// So a deadline that moves further away only is noted; the timer is moved when
// it goes off too early, which is once in a time-out instead of once a request.
type deadline struct {
	// wanted is what was asked for last, armed what the timer stands at; both
	// in unix nanoseconds, 0 for none.
	wanted, armed atomic.Int64
}

// move asks for another deadline; arm sets the timer.
func (d *deadline) move(t time.Time, arm func(time.Time) error) error {
	at := nanos(t)
	d.wanted.Store(at)
	if armed := d.armed.Load(); armed != 0 && (at == 0 || armed <= at) {
		return nil
	}
	d.armed.Store(at)
	return arm(t)
}

// early tells whether err says that the timer went off although the deadline
// has moved on since, and then sets the timer anew.
func (d *deadline) early(err error, arm func(time.Time) error) bool {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	wanted := d.wanted.Load()
	if wanted != 0 && wanted <= time.Now().UnixNano() {
		return false
	}
	d.armed.Store(wanted)
	var t time.Time
	if wanted != 0 {
		t = time.Unix(0, wanted)
	}
	return arm(t) == nil
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// SetReadDeadline implements net.Conn.
func (c *conn) SetReadDeadline(t time.Time) error {
	return c.reading.move(t, c.TCPConn.SetReadDeadline)
}

// SetWriteDeadline implements net.Conn.
func (c *conn) SetWriteDeadline(t time.Time) error {
	return c.writing.move(t, c.TCPConn.SetWriteDeadline)
}

// SetDeadline implements net.Conn.
func (c *conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// Read implements net.Conn.
func (c *conn) Read(b []byte) (int, error) {
	for {
		n, err := c.TCPConn.Read(b)
		if n > 0 && !c.turn.begin() {
			return 0, net.ErrClosed
		}
		if n > 0 || err == nil || !c.reading.early(err, c.TCPConn.SetReadDeadline) {
			return n, err
		}
	}
}

// Write implements net.Conn.
func (c *conn) Write(b []byte) (written int, err error) {
	for {
		n, err := c.TCPConn.Write(b[written:])
		written += n
		if err == nil {
			c.turn.answered()
		}
		if err == nil || !c.writing.early(err, c.TCPConn.SetWriteDeadline) {
			return written, err
		}
	}
}
