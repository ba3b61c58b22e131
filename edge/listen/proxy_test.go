package listen

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/valyala/fasthttp"
)

// v2 is a version 2 header; local makes it the LOCAL command.
func v2(t testing.TB, transport proxyproto.AddressFamilyAndProtocol, source net.Addr, local bool) string {
	t.Helper()
	h := &proxyproto.Header{Version: 2, Command: proxyproto.PROXY, TransportProtocol: transport, SourceAddr: source, DestinationAddr: source}
	if local {
		h.Command = proxyproto.LOCAL
	}
	raw, err := h.Format()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestProxyProtocol(t *testing.T) {
	tcp4 := &net.TCPAddr{IP: net.IPv4(1, 1, 1, 1).To4(), Port: 7}
	tcp6 := &net.TCPAddr{IP: net.ParseIP("2001:db8::1"), Port: 7}
	udp4 := &net.UDPAddr{IP: net.IPv4(1, 1, 1, 1).To4(), Port: 7}
	const here = "127.0.0.1"
	const refusal = "400"
	for _, tc := range []struct {
		name    string
		mode    ProxyProtocol
		trusted string
		header  string
		want    string // the visitor's address; "400" or "closed"
	}{
		{"off, no header", ProxyOff, here, "", here},
		{"off, header", ProxyOff, here, "PROXY TCP4 1.1.1.1 2.2.2.2 7 8\r\n", refusal},
		{"off, version 2", ProxyOff, here, v2(t, proxyproto.TCPv4, tcp4, false), refusal},

		{"optional, no header", ProxyOptional, here, "", here},
		{"optional, version 1", ProxyOptional, here, "PROXY TCP4 1.1.1.1 2.2.2.2 7 8\r\n", "1.1.1.1"},
		{"optional, version 1, v6", ProxyOptional, here, "PROXY TCP6 2001:db8::1 2001:db8::2 7 8\r\n", "2001:db8::1"},
		{"optional, version 1, unknown", ProxyOptional, here, "PROXY UNKNOWN\r\n", here},
		{"optional, version 1, unknown with addresses", ProxyOptional, here, "PROXY UNKNOWN 1.1.1.1 2.2.2.2 7 8\r\n", here},
		{"optional, version 1, bad address", ProxyOptional, here, "PROXY TCP4 1.1.1 2.2.2.2 7 8\r\n", refusal},
		{"optional, version 1, too long", ProxyOptional, here, "PROXY TCP4 " + strings.Repeat("1", 100) + "\r\n", refusal},
		{"optional, version 1, LF", ProxyOptional, here, "PROXY TCP4 1.1.1.1 2.2.2.2 7 8\n", refusal},
		{"optional, version 2", ProxyOptional, here, v2(t, proxyproto.TCPv4, tcp4, false), "1.1.1.1"},
		{"optional, version 2, v6", ProxyOptional, here, v2(t, proxyproto.TCPv6, tcp6, false), "2001:db8::1"},
		{"optional, version 2, local", ProxyOptional, here, v2(t, proxyproto.TCPv4, tcp4, true), here},
		{"optional, version 2, UDP", ProxyOptional, here, v2(t, proxyproto.UDPv4, udp4, false), refusal},
		{"optional, two headers", ProxyOptional, here, "PROXY TCP4 1.1.1.1 2.2.2.2 7 8\r\nPROXY TCP4 9.9.9.9 2.2.2.2 7 8\r\n", refusal},
		{"optional, stranger without header", ProxyOptional, "9.9.9.9", "", here},
		{"optional, stranger with header", ProxyOptional, "9.9.9.9", "PROXY TCP4 1.1.1.1 2.2.2.2 7 8\r\n", refusal},
		{"optional, stranger with version 2", ProxyOptional, "9.9.9.9", v2(t, proxyproto.TCPv4, tcp4, false), refusal},

		{"required, header", ProxyRequired, here, "PROXY TCP4 1.1.1.1 2.2.2.2 7 8\r\n", "1.1.1.1"},
		{"required, no header", ProxyRequired, here, "", refusal},
		{"required, stranger", ProxyRequired, "9.9.9.9", "PROXY TCP4 1.1.1.1 2.2.2.2 7 8\r\n", "closed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := settings()
			s.ProxyProtocol = tc.mode
			if got := visitorOf(t, s, tc.trusted, tc.header); got != tc.want {
				t.Errorf("%q: visitor is %s, want %s", tc.header, got, tc.want)
			}
		})
	}
}

// visitorOf sends a header and a request from 127.0.0.1 and returns whose
// request the handler saw; "closed" when there is no answer, or its status.
func visitorOf(t *testing.T, s Settings, trusted, header string) string {
	t.Helper()
	ln, err := Listen("127.0.0.1:0", s, peerIs(trusted))
	if err != nil {
		t.Fatal(err)
	}
	server := NewServer(func(ctx *fasthttp.RequestCtx) { fmt.Fprint(ctx, addrOf(ctx.RemoteAddr())) }, s)
	go server.Serve(ln)
	t.Cleanup(func() { ln.Close() })
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t, c)
	io.WriteString(p, header+probe) // fails where the server closes at once
	if _, err := p.r.Peek(1); err != nil {
		return "closed"
	}
	status, body := p.answer()
	if status != 200 {
		return fmt.Sprint(status)
	}
	return body
}

func TestSilentProxyHoldsUpNobody(t *testing.T) {
	s := settings()
	s.ProxyProtocol = ProxyRequired
	s.ProxyHeaderTimeout = 50 * time.Millisecond
	ln, err := Listen("127.0.0.1:0", s, peerIs("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	serve(t, ln, s)
	dial := func() *peer {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return newPeer(t, c)
	}
	silent, other := dial(), dial()
	other.send("PROXY TCP4 1.1.1.1 2.2.2.2 7 8\r\n" + probe)
	if status, body := other.answer(); status != 200 {
		t.Errorf("beside a silent proxy a request is answered %d %q, want 200", status, body)
	}
	other.Close()
	if status, _ := silent.answer(); status != 400 {
		t.Errorf("a silent proxy is answered %d, want 400 after the deadline", status)
	}
}

// shortage is a listener that fails a few times before it ends.
type shortage struct {
	net.Listener
	errs []error
}

func (l *shortage) Accept() (net.Conn, error) {
	err := l.errs[0]
	l.errs = l.errs[1:]
	return nil, err
}

func TestAcceptOutlivesShortages(t *testing.T) {
	accept := func(errno syscall.Errno) error { return &net.OpError{Op: "accept", Err: errno} }
	var pauses []time.Duration
	l := &listener{
		Listener: &shortage{errs: []error{accept(syscall.EMFILE), accept(syscall.ENFILE), accept(syscall.ENOBUFS), accept(syscall.ECONNABORTED), net.ErrClosed}},
		pause:    func(d time.Duration) { pauses = append(pauses, d) },
	}
	before := acceptErrors.Get()
	if _, err := l.Accept(); err != net.ErrClosed {
		t.Errorf("Accept ended with %v, want it to end with %v only", err, net.ErrClosed)
	}
	if want := "[5ms 10ms 20ms 40ms]"; fmt.Sprint(pauses) != want {
		t.Errorf("pauses between attempts are %v, want %s", pauses, want)
	}
	if n := acceptErrors.Get() - before; n != 4 {
		t.Errorf("%d accept errors counted, want 4", n)
	}
}

// fakeConn is a connection from 10.0.0.1 that sends some bytes and ends.
type fakeConn struct {
	net.Conn
	r io.Reader
}

func (c *fakeConn) Read(b []byte) (int, error)      { return c.r.Read(b) }
func (c *fakeConn) RemoteAddr() net.Addr            { return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 5} }
func (c *fakeConn) LocalAddr() net.Addr             { return c.RemoteAddr() }
func (c *fakeConn) SetReadDeadline(time.Time) error { return nil }
func (c *fakeConn) Close() error                    { return nil }

// oneConn is a listener with a single connection.
type oneConn struct {
	net.Listener
	c net.Conn
}

func (l *oneConn) Accept() (net.Conn, error) { return l.c, nil }

// FuzzProxyHeader: whatever a connection begins with, reading it ends, what is
// no header comes through unchanged, and a visitor who is not the peer got
// there by a header. Of a stranger every byte comes through.
func FuzzProxyHeader(f *testing.F) {
	f.Add([]byte("PROXY TCP4 1.1.1.1 2.2.2.2 7 8\r\nGET"))
	f.Add([]byte("PROXY UNKNOWN\r\n"))
	f.Add([]byte(v2(f, proxyproto.TCPv4, &net.TCPAddr{IP: net.IPv4(1, 1, 1, 1).To4()}, false) + "GET"))
	f.Add([]byte(v2(f, proxyproto.TCPv6, &net.TCPAddr{IP: net.IPv6loopback}, true)))
	f.Add([]byte("GET / HTTP/1.1\r\n"))
	peerAddr := netip.MustParseAddr("10.0.0.1")
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, trusted := range []string{"10.0.0.1", "9.9.9.9"} {
			s := settings()
			s.ProxyProtocol = ProxyOptional
			ln := withProxyProtocol(&oneConn{c: &fakeConn{r: bytes.NewReader(data)}}, s, peerIs(trusted))
			c, err := ln.Accept()
			if err != nil {
				t.Fatalf("Accept: %v", err)
			}
			rest, err := io.ReadAll(c)
			visitor := addrOf(c.RemoteAddr())
			header := bytes.HasPrefix(data, proxyproto.SIGV1) || bytes.HasPrefix(data, proxyproto.SIGV2)
			switch {
			case trusted == "9.9.9.9" || !header:
				if err != nil || !bytes.Equal(rest, data) || visitor != peerAddr {
					t.Errorf("%q, trusting %s: visitor %s, read %q, %v; want %s and all bytes", data, trusted, visitor, rest, err, peerAddr)
				}
			case err != nil && visitor != peerAddr:
				t.Errorf("%q: refused with %v, but the visitor is %s, want the peer", data, err, visitor)
			case err == nil && (!bytes.HasSuffix(data, rest) || !visitor.IsValid()):
				t.Errorf("%q: visitor %s, read %q; want an address and the end of what was sent", data, visitor, rest)
			}
		}
	})
}
