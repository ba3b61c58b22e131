package listen

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
)

// echo tells what a request meant to the handler.
func echo(ctx *fasthttp.RequestCtx) {
	fmt.Fprintf(ctx, "%s %s %s %q", ctx.Method(), ctx.Host(), ctx.RequestURI(), ctx.PostBody())
}

// settings are small and quick, for tests.
func settings() Settings {
	s := Default()
	s.ReadTimeout = 200 * time.Millisecond
	s.MaxBodyBytes = 1000
	return s
}

// serve runs a server on ln until the test ends.
func serve(t testing.TB, ln net.Listener, s Settings) {
	t.Helper()
	server := NewServer(echo, s)
	done := make(chan error, 1)
	go func() { done <- server.Serve(ln) }()
	t.Cleanup(func() {
		if err := ln.Close(); err != nil {
			t.Errorf("close the listener: %v", err)
		}
		if err := <-done; err != nil {
			t.Errorf("Serve ended with %v, want nil", err)
		}
	})
}

// inMemory returns a dialler of a server without a network.
func inMemory(t testing.TB, s Settings) func() net.Conn {
	t.Helper()
	ln := fasthttputil.NewInmemoryListener()
	serve(t, ln, s)
	return func() net.Conn {
		c, err := ln.Dial()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

// peer is a client that speaks raw bytes.
type peer struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

func newPeer(t testing.TB, c net.Conn) *peer {
	t.Helper()
	t.Cleanup(func() { c.Close() })
	if err := c.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &peer{t, c, bufio.NewReader(c)}
}

func (p *peer) send(raw string) {
	p.t.Helper()
	if _, err := io.WriteString(p, raw); err != nil {
		p.t.Fatalf("send %.60q: %v", raw, err)
	}
}

// answer reads one response: its status and body.
func (p *peer) answer() (status int, body string) {
	p.t.Helper()
	for {
		res, err := http.ReadResponse(p.r, nil)
		if err != nil {
			p.t.Fatalf("read the answer: %v", err)
		}
		text, err := io.ReadAll(res.Body)
		if err != nil {
			p.t.Fatalf("read the body of the answer: %v", err)
		}
		if res.StatusCode != http.StatusContinue {
			return res.StatusCode, string(text)
		}
	}
}

const probe = "GET /probe HTTP/1.1\r\nHost: probe\r\n\r\n"

// closed tells whether the server ends the connection; if it goes on, it must
// understand a request that follows.
func (p *peer) closed() bool {
	p.t.Helper()
	if _, err := io.WriteString(p, probe); err != nil {
		return true
	}
	res, err := http.ReadResponse(p.r, nil)
	if err != nil {
		return true
	}
	text, err := io.ReadAll(res.Body)
	if want := `GET probe /probe ""`; err != nil || string(text) != want {
		p.t.Errorf("the connection goes on, but the next request is answered %d %q, want %q", res.StatusCode, text, want)
	}
	return false
}

// lines joins header lines the way they are sent.
func lines(s ...string) string { return strings.Join(s, "\r\n") + "\r\n\r\n" }
