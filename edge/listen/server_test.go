package listen

import (
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
)

func TestPipelining(t *testing.T) {
	p := newPeer(t, inMemory(t, settings())())
	p.send(lines("GET /1 HTTP/1.1", "Host: a") + lines("POST /2 HTTP/1.1", "Host: a", "Content-Length: 2") + "xy" + lines("GET /3 HTTP/1.1", "Host: a"))
	for _, want := range []string{`GET a /1 ""`, `POST a /2 "xy"`, `GET a /3 ""`} {
		if status, body := p.answer(); status != 200 || body != want {
			t.Errorf("pipelined request is answered %d %q, want %q", status, body, want)
		}
	}
}

func TestNothingIsServedAfterARefusal(t *testing.T) {
	p := newPeer(t, inMemory(t, settings())())
	p.send(lines("POST /1 HTTP/1.1", "Host: a", "Content-Length: 0", "Transfer-Encoding: chunked") + lines("GET /2 HTTP/1.1", "Host: a"))
	if status, body := p.answer(); status != 400 {
		t.Errorf("the doubtful request is answered %d %q, want 400", status, body)
	}
	if rest, err := io.ReadAll(p.r); err != nil || len(rest) > 0 {
		t.Errorf("after a refusal came %q, %v; want the end of the connection", rest, err)
	}
}

// TestExpect: the first line that comes back, before any body is sent.
func TestExpect(t *testing.T) {
	for _, tc := range []struct{ name, raw, want string }{
		{"body we take", lines("POST / HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 3"), "HTTP/1.1 100 Continue\r\n"},
		{"body too large", lines("POST / HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 1001"), "HTTP/1.1 413 Request Entity Too Large\r\n"},
		{"doubtful framing", lines("POST / HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 3", "X Y: z"), "HTTP/1.1 400 Bad Request\r\n"},
		{"HTTP/1.0, body sent", lines("POST / HTTP/1.0", "Host: a", "Expect: 100-continue", "Content-Length: 3") + "abc", "HTTP/1.1 200 OK\r\n"},
	} {
		p := newPeer(t, inMemory(t, settings())())
		p.send(tc.raw)
		if line, err := p.r.ReadString('\n'); err != nil || line != tc.want {
			t.Errorf("%s: Expect is answered %q, %v; want %q", tc.name, line, err, tc.want)
		}
	}
}

// TestHandlerSeesNoMark: what tells trailers from headers is ours alone.
func TestHandlerSeesNoMark(t *testing.T) {
	seen := make(chan string, 1)
	ln := fasthttputil.NewInmemoryListener()
	server := NewServer(func(ctx *fasthttp.RequestCtx) {
		var names []string
		for name := range ctx.Request.Header.All() {
			names = append(names, string(name))
		}
		seen <- strings.Join(names, " ")
	}, settings())
	go server.Serve(ln)
	t.Cleanup(func() { ln.Close() })
	c, err := ln.Dial()
	if err != nil {
		t.Fatal(err)
	}
	newPeer(t, c).send(lines("POST / HTTP/1.1", "Host: a", "X: y", "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\n\r\n")
	if got, want := <-seen, "Host X Transfer-Encoding"; got != want {
		t.Errorf("the handler sees the headers %q, want %q", got, want)
	}
}

func TestSlowRequests(t *testing.T) {
	for _, tc := range []struct{ name, raw string }{
		{"silent", ""},
		{"half a request line", "GET /"},
		{"half a header", "GET / HTTP/1.1\r\nHost: a"},
		{"half a body", lines("POST / HTTP/1.1", "Host: a", "Content-Length: 5") + "abc"},
		{"LF only, so the head never ends", "GET / HTTP/1.1\nHost: a\n\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPeer(t, inMemory(t, settings())())
			start := time.Now()
			p.send(tc.raw)
			if status, body := p.answer(); status != 408 {
				t.Errorf("%q and then silence is answered %d %q, want 408", tc.raw, status, body)
			}
			if rest, err := io.ReadAll(p.r); err != nil || len(rest) > 0 {
				t.Errorf("after the 408 came %q, %v; want the end of the connection", rest, err)
			}
			if took := time.Since(start); took < settings().ReadTimeout {
				t.Errorf("given up after %s, want to wait for %s", took, settings().ReadTimeout)
			}
		})
	}
}

// TestDrippingHeader: bytes that trickle in do not prolong the time to read.
func TestDrippingHeader(t *testing.T) {
	s := settings()
	p := newPeer(t, inMemory(t, s)())
	p.send("GET / HTTP/1.1\r\nHost: a\r\n")
	answered := make(chan int, 1)
	go func() {
		status, _ := p.answer()
		answered <- status
	}()
	tick := time.NewTicker(s.ReadTimeout / 10)
	defer tick.Stop()
	end := time.After(10 * s.ReadTimeout)
	for {
		select {
		case status := <-answered:
			if status != 408 {
				t.Errorf("a dripping header is answered %d, want 408", status)
			}
			return
		case <-tick.C:
			io.WriteString(p, "X: y\r\n") // fails once the server has closed
		case <-end:
			t.Fatalf("a dripping header is still read after %s, want an end after %s", 10*s.ReadTimeout, s.ReadTimeout)
		}
	}
}

func TestIdleConnectionIsClosed(t *testing.T) {
	s := settings()
	s.IdleTimeout, s.ReadTimeout = 50*time.Millisecond, time.Minute
	p := newPeer(t, inMemory(t, s)())
	p.send(probe)
	if status, _ := p.answer(); status != 200 {
		t.Fatalf("the first request is answered %d, want 200", status)
	}
	if rest, err := io.ReadAll(p.r); err != nil || len(rest) > 0 {
		t.Errorf("an idle connection got %q, %v; want its quiet end", rest, err)
	}
}

func TestTooManyConnections(t *testing.T) {
	s := settings()
	s.MaxConnections = 1
	dial := inMemory(t, s)
	first := newPeer(t, dial())
	first.send(probe)
	if status, _ := first.answer(); status != 200 {
		t.Fatalf("the first connection is answered %d, want 200", status)
	}
	second := newPeer(t, dial())
	if status, _ := second.answer(); status != 503 {
		t.Errorf("one connection too many is answered %d, want 503", status)
	}
}

// TestRefusalArrives: over real TCP an answer must survive that the visitor is
// still sending when it comes.
func TestRefusalArrives(t *testing.T) {
	ln, err := Listen("127.0.0.1:0", settings(), nil)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, ln, settings())
	for _, tc := range []struct {
		name, raw string
		status    int
	}{
		{"huge header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 200<<10), 431},
		{"huge body", lines("POST / HTTP/1.1", "Host: a", "Content-Length: 200000") + strings.Repeat("x", 200_000), 413},
		{"doubtful framing", lines("POST / HTTP/1.1", "Host: a", "Content-Length: 200000", "Transfer-Encoding: chunked") + strings.Repeat("x", 200_000), 400},
	} {
		for range 20 {
			c, err := net.Dial("tcp", ln.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			p := newPeer(t, c)
			p.send(tc.raw)
			if status, body := p.answer(); status != tc.status {
				t.Fatalf("%s is answered %d %q, want %d", tc.name, status, body, tc.status)
			}
			if rest, err := io.ReadAll(p.r); err != nil || len(rest) > 0 {
				t.Fatalf("%s: after the answer came %q, %v; want an orderly end", tc.name, rest, err)
			}
			p.Close()
		}
	}
}

func TestListenNeedsSomebodyToTrust(t *testing.T) {
	s := settings()
	s.ProxyProtocol = ProxyOptional
	if ln, err := Listen("127.0.0.1:0", s, nil); err == nil {
		ln.Close()
		t.Error("Listen takes PROXY headers without knowing from whom, want an error")
	}
	if _, err := Listen("127.0.0.1:nonsense", settings(), nil); err == nil || !strings.Contains(err.Error(), "listen on 127.0.0.1:nonsense") {
		t.Errorf("a bad address is reported as %v, want its name in it", err)
	}
}

func TestDefaultIsValid(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
}

func TestValidateReportsEveryMistake(t *testing.T) {
	err := Settings{ProxyProtocol: "maybe", ReadTimeout: 2 * time.Hour, MaxBodyBytes: -1}.Validate()
	if err == nil {
		t.Fatal("settings full of mistakes are accepted")
	}
	for _, want := range []string{
		`proxy_protocol: "maybe" is not off, optional or required`,
		"proxy_header_timeout: 0s is not between 10ms and 1h",
		"read_timeout: 2h0m0s is not", "write_timeout: 0s", "idle_timeout: 0s",
		"max_header_bytes: 0 is not between 1024 and 1048576", "max_body_bytes: -1", "max_connections: 0",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the mistake %q is not reported in\n%v", want, err)
		}
	}
}

// peerIs trusts one address.
func peerIs(addr string) func(netip.Addr) bool {
	trusted := netip.MustParseAddr(addr)
	return func(a netip.Addr) bool { return a == trusted }
}
