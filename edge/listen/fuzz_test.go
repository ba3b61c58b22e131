package listen

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// FuzzFraming compares with net/http: a request that passes here and that
// net/http understands must have the same host, method and body framing there.
// Two servers that differ in these can be played off against each other.
func FuzzFraming(f *testing.F) {
	for _, s := range []string{
		lines("GET / HTTP/1.1", "Host: a"),
		lines("POST http://a/ HTTP/1.1", "Host: a", "Content-Length: 3") + "abc",
		lines("POST /a HTTP/1.1", "Host: [::1]:80", "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n",
		lines("GET //b/?u=http://c HTTP/1.0", "Connection: keep-alive, close"),
		lines("GET / HTTP/1.1", "Host: a", "X: y", " z", "Content-Length : 1"),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var h fasthttp.RequestHeader
		if h.Read(bufio.NewReaderSize(bytes.NewReader(data), 16<<10)) != nil {
			return
		}
		m, refusal := readHead(&h)
		if refusal != nil {
			return
		}
		if len(h.Host()) > 0 && !validHost(h.Host()) {
			t.Errorf("%q passes with the host %q", data, h.Host())
		}
		std, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			return
		}
		host := string(h.Host())
		if host == "" { // HTTP/1.0: the target's, if any
			host = std.Host
		}
		if !strings.EqualFold(std.Host, host) || std.Method != string(h.Method()) {
			t.Errorf("%q is %s of %q here, but %s of %q to net/http", data, h.Method(), host, std.Method, std.Host)
		}
		if chunked := len(std.TransferEncoding) > 0; chunked != m.chunked() || chunked != (h.ContentLength() == -1) {
			t.Errorf("%q: chunked is %v to readHead, length %d to fasthttp, but %v to net/http", data, m.chunked(), h.ContentLength(), std.TransferEncoding)
		}
		if !m.chunked() && max(h.ContentLength(), 0) != int(std.ContentLength) {
			t.Errorf("%q: body of %d bytes here, of %d to net/http", data, h.ContentLength(), std.ContentLength)
		}
	})
}
