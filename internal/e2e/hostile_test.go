package e2e

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestHostileInput sends what no browser sends. Each is answered and its
// connection closed, and other visitors notice nothing.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	boot, _ := writeOwnBoot(t)
	n := start(t, t.TempDir(), "--config", boot)
	head := "GET " + goodLink + "&sub_id=hostile HTTP/1.1\r\nHost: a\r\n"
	after := "GET " + goodLink + "&sub_id=smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
	tests := map[string]struct {
		raw    string
		status int
	}{
		"oversized header":                     {head + "X-Large: " + strings.Repeat("x", 100<<10) + "\r\n\r\n", 431},
		"Content-Length and Transfer-Encoding": {head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + after, 400},
		"two Content-Lengths":                  {head + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + after, 400},
		"a slow client":                        {head + "X-Sl", 408},
		"no HTTP":                              {"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { n.wantRefusal(t, tt.raw, tt.status) })
	}
	n.visit(visitor{firefox, "81.0.0.1"}, goodLink+"&sub_id=good").wantRedirect(t, landing)
	if events := n.events(); len(events) != 1 || events[0].SubID != "good" {
		t.Errorf("the log has %+v, want the good click alone", events)
	}
}

// wantRefusal checks that raw is answered with a status and nothing after it.
func (n *node) wantRefusal(t *testing.T, raw string, status int) {
	t.Helper()
	c, err := net.DialTimeout("tcp", n.edge, patient)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(soon())
	_, _ = io.WriteString(c, raw) // the server need not read all of it
	r := bufio.NewReader(c)
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("no answer, want %d: %v", status, err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != status {
		t.Errorf("answered %d (%v), want %d", resp.StatusCode, err, status)
	}
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		t.Errorf("after the refusal came %q, %v; want the end of the connection", rest, err)
	}
}
