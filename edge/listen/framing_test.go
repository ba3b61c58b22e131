package listen

import (
	"fmt"
	"strings"
	"testing"
)

func TestFraming(t *testing.T) {
	const get = "GET / HTTP/1.1"
	const post = "POST / HTTP/1.1"
	const host = "Host: a"
	long := strings.Repeat("x", 17<<10)
	var many []string
	for i := range maxHeaderLines {
		many = append(many, fmt.Sprintf("X%d: y", i))
	}
	const chunks = "3\r\nabc\r\n0\r\n\r\n"

	for _, tc := range []struct {
		name   string
		raw    string
		status int
		close  bool
		body   string // part of the answer
	}{
		{"plain", lines(get, host), 200, false, `GET a / ""`},
		{"body", lines(post, host, "Content-Length: 3") + "abc", 200, false, `POST a / "abc"`},
		{"chunked", lines(post, host, "Transfer-Encoding: chunked") + chunks, 200, false, `POST a / "abc"`},
		{"chunked in capitals", lines(post, host, "transfer-encoding: CHUNKED") + chunks, 200, false, `POST a / "abc"`},
		{"chunked, no body", lines(post, host, "Transfer-Encoding: chunked") + "0\r\n\r\n", 200, false, `POST a / ""`},
		{"chunk extension", lines(post, host, "Transfer-Encoding: chunked") + "3;x=y\r\nabc\r\n0\r\n\r\n", 200, false, `"abc"`},
		{"chunked GET", lines(get, host, "Transfer-Encoding: chunked") + chunks, 200, false, `GET a / "abc"`},
		{"GET with a body", lines(get, host, "Content-Length: 3") + "abc", 200, false, `GET a / "abc"`},
		{"pipelined body is not a request", lines(post, host, "Content-Length: 36") + probe, 200, false, "POST a /"},
		{"multipart is left alone", lines(post, host, "Content-Type: multipart/form-data; boundary=x", "Content-Length: 3") + "abc", 200, false, `"abc"`},

		// RFC 9112, 6.1 and 6.3: one length, or none.
		{"length and coding", lines(post, host, "Content-Length: 3", "Transfer-Encoding: chunked") + chunks, 400, true, twoLengths.Why},
		{"coding and length", lines(post, host, "Transfer-Encoding: chunked", "Content-Length: 3") + chunks, 400, true, twoLengths.Why},
		{"coding and length, no body sent", lines(post, host, "Transfer-Encoding: chunked", "Content-Length: 3"), 400, true, twoLengths.Why},
		{"two lengths", lines(post, host, "Content-Length: 3", "Content-Length: 4") + "abcd", 400, true, ""},
		{"the same length twice", lines(post, host, "Content-Length: 3", "Content-Length: 3") + "abc", 400, true, ""},
		{"list of lengths", lines(post, host, "Content-Length: 3, 3") + "abc", 400, true, ""},
		{"signed length", lines(post, host, "Content-Length: +3") + "abc", 400, true, ""},
		{"negative length", lines(post, host, "Content-Length: -3") + "abc", 400, true, ""},
		{"hexadecimal length", lines(post, host, "Content-Length: 0x3") + "abc", 400, true, ""},
		{"empty length", lines(post, host, "Content-Length: ") + "abc", 400, true, ""},
		{"length beyond 64 bits", lines(post, host, "Content-Length: 18446744073709551619") + "abc", 400, true, ""},
		{"coding identity", lines(post, host, "Transfer-Encoding: identity"), 400, true, badCoding.Why},
		{"coding identity beside a length", lines(post, host, "Transfer-Encoding: identity", "Content-Length: 3") + "abc", 400, true, twoLengths.Why},
		{"other coding", lines(post, host, "Transfer-Encoding: gzip"), 400, true, ""},
		{"chunked last of two", lines(post, host, "Transfer-Encoding: gzip, chunked"), 400, true, ""},
		{"chunked not last", lines(post, host, "Transfer-Encoding: chunked, gzip"), 400, true, ""},
		{"chunked twice", lines(post, host, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400, true, ""},
		{"coding with a vertical tab", lines(post, host, "Transfer-Encoding: \x0bchunked"), 400, true, ""},
		{"empty coding", lines(post, host, "Transfer-Encoding: "), 400, true, ""},
		{"coding in HTTP/1.0", lines("POST / HTTP/1.0", host, "Transfer-Encoding: chunked") + chunks, 400, true, ""},
		{"chunk size with a sign", lines(post, host, "Transfer-Encoding: chunked") + "+3\r\nabc\r\n0\r\n\r\n", 400, true, ""},
		{"chunk size too long", lines(post, host, "Transfer-Encoding: chunked") + "fffffffffffffffff\r\nabc", 400, true, ""},
		{"chunk ends in LF", lines(post, host, "Transfer-Encoding: chunked") + "3\r\nabc\n0\r\n\r\n", 400, true, ""},
		{"chunk size ends in LF", lines(post, host, "Transfer-Encoding: chunked") + "3\nabc\r\n0\r\n\r\n", 400, true, ""},
		{"trailer for a header", lines(post, host, "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\nCF-Connecting-IP: 9.9.9.9\r\n\r\n",
			400, true, trailerFields.Why},
		{"trailer behind no body", lines(post, host, "Transfer-Encoding: chunked") + "0\r\nForwarded: for=9.9.9.9\r\n\r\n",
			400, true, trailerFields.Why},
		{"trailer and close", lines(post, host, "Connection: close", "Transfer-Encoding: chunked") + "0\r\nX: y\r\n\r\n",
			400, true, trailerFields.Why},
		{"chunked, cookies and close", lines(post, host, "Cookie: a=b", "X: y", "Connection: close", "Transfer-Encoding: chunked") + chunks,
			200, true, `"abc"`},

		// RFC 9112, 3.2: Host.
		{"no host", lines(get), 400, true, ""},
		{"empty host", lines(get, "Host: "), 400, true, ""},
		{"two hosts", lines(get, host, "Host: b"), 400, true, ""},
		{"no host in HTTP/1.0", lines("GET / HTTP/1.0"), 200, true, `GET  / ""`},
		{"host with port", lines(get, "Host: a.example:8080"), 200, false, "a.example:8080"},
		{"host with an empty port", lines(get, "Host: a:"), 200, false, ""},
		{"host in brackets", lines(get, "Host: [2001:db8::1]:80"), 200, false, "[2001:db8::1]:80"},
		{"host with a space", lines(get, "Host: a b"), 400, true, ""},
		{"host with a slash", lines(get, "Host: a/b"), 400, true, ""},
		{"host with a comma", lines(get, "Host: a,b"), 400, true, badHost.Why},
		{"host with user info", lines(get, "Host: x@a"), 400, true, badHost.Why},
		{"host with an escape", lines(get, "Host: %61"), 400, true, ""},
		{"host in UTF-8", lines(get, "Host: ä"), 400, true, badHost.Why},
		{"host with two ports", lines(get, "Host: a:80:80"), 400, true, ""},
		{"port that is no number", lines(get, "Host: a:http"), 400, true, ""},
		{"port too long", lines(get, "Host: a:123456"), 400, true, badHost.Why},
		{"port alone", lines(get, "Host: :80"), 400, true, badHost.Why},
		{"brackets left open", lines(get, "Host: [::1"), 400, true, ""},
		{"brackets with a zone", lines(get, "Host: [fe80::1%25eth0]"), 400, true, badHost.Why},
		{"host too long", lines(get, "Host: "+strings.Repeat("a", 262)), 400, true, badHost.Why},

		// RFC 9112, 2.2 and 5: header lines.
		{"space before the colon", lines(get, host, "X : y"), 400, true, ""},
		{"space in a name", lines(get, host, "X Y: z"), 400, true, badName.Why},
		{"space that hides a coding", lines(post, host, "Transfer-Encoding chunked: x", "Content-Length: 0"), 400, true, badName.Why},
		{"no colon", lines(get, host, "X"), 400, true, ""},
		{"empty name", lines(get, host, ": y"), 400, true, ""},
		{"name not a token", lines(get, host, "X(: y"), 400, true, ""},
		{"folded line", lines(get, host, "X: y", " z"), 400, true, foldedLine.Why},
		{"folded with a tab", lines(get, host, "X: y", "\tz"), 400, true, foldedLine.Why},
		{"folded coding", lines(post, host, "Transfer-Encoding:", " chunked") + chunks, 400, true, foldedLine.Why},
		{"first line folded", lines(get, " X: y", host), 400, true, ""},
		{"LF between lines", get + "\r\nHost: a\nX: y\r\n\r\n", 400, true, bareLF.Why},
		{"LF before the empty line", get + "\r\nHost: a\n\r\n\r\n", 400, true, bareLF.Why},
		{"LF for the empty line", get + "\r\nHost: a\r\n\nX: y\r\n\r\n", 400, true, bareLF.Why},
		{"CR in a value", lines(get, host, "X: a\rb"), 400, true, ""},
		{"CR at the end of a value", lines(get, host, "X: a\r"), 400, true, ""},
		{"NUL in a value", lines(get, host, "X: a\x00b"), 400, true, ""},
		{"control byte in a value", lines(get, host, "X: a\x01b"), 400, true, ""},
		{"DEL in a value", lines(get, host, "X: a\x7fb"), 400, true, ""},
		{"Latin-1 in a value", lines(get, host, "X: \xe4"), 200, false, ""},
		{"tab in a value", lines(get, host, "X: a\tb"), 200, false, ""},
		{"empty value", lines(get, host, "X:"), 200, false, ""},

		// RFC 9112, 3: the request line.
		{"empty lines before", "\r\n\r\n" + lines(get, host), 200, false, `GET a / ""`},
		{"LF after the request line", "GET / HTTP/1.1\n" + lines(host), 200, false, `GET a / ""`},
		{"method not a token", lines("G(T / HTTP/1.1", host), 400, true, ""},
		{"no method", lines(" / HTTP/1.1", host), 400, true, ""},
		{"two spaces", lines("GET  / HTTP/1.1", host), 400, true, ""},
		{"tab for a space", lines("GET\t/ HTTP/1.1", host), 400, true, ""},
		{"space behind the version", lines("GET / HTTP/1.1 ", host), 400, true, ""},
		{"no version", lines("GET /", host), 400, true, ""},
		{"version in lower case", lines("GET / http/1.1", host), 400, true, ""},
		{"HTTP/2.0", lines("GET / HTTP/2.0", host), 505, true, badVersion.Why},
		{"HTTP/1.2", lines("GET / HTTP/1.2", host), 505, true, badVersion.Why},
		{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, true, badVersion.Why},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, true, ""},
		{"PROXY protocol 1", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n" + lines(get, host), 400, true, ""},
		{"PROXY protocol 2", "\r\n\r\n\x00\r\nQUIT\n\x20\x00\x00\x00" + lines(get, host), 400, true, ""},
		{"control byte in the target", lines("GET /\x01 HTTP/1.1", host), 400, true, ""},
		{"UTF-8 in the target", lines("GET /?q=ä HTTP/1.1", host), 200, false, "/?q=ä"},

		// RFC 9112, 3.2: the four forms of a target.
		{"absolute form", lines("GET http://a/x HTTP/1.1", host), 200, false, "GET a http://a/x"},
		{"absolute form, case", lines("GET HTTPS://A/x HTTP/1.1", host), 200, false, "GET a HTTPS://A/x"},
		{"absolute form without host in 1.0", lines("GET http://a/x HTTP/1.0"), 200, true, "GET a http://a/x"},
		{"absolute form, other host", lines("GET http://b/x HTTP/1.1", host), 400, true, otherHost.Why},
		{"absolute form, other port", lines("GET http://a:81/x HTTP/1.1", host), 400, true, otherHost.Why},
		{"absolute form with user info", lines("GET http://x@a/ HTTP/1.1", host), 400, true, badHost.Why},
		{"absolute form without host", lines("GET http:///x HTTP/1.1", host), 400, true, badHost.Why},
		{"absolute form, other scheme", lines("GET ftp://a/x HTTP/1.1", host), 400, true, badTarget.Why},
		{"absolute form, query at once", lines("GET http://a?http://b/ HTTP/1.1", host), 200, false, "GET a "},
		{"authority form", lines("CONNECT a:443 HTTP/1.1", host), 501, true, badMethod.Why},
		{"CONNECT with a path", lines("CONNECT / HTTP/1.1", host), 501, true, badMethod.Why},
		{"authority form of GET", lines("GET a:443 HTTP/1.1", host), 400, true, ""},
		{"asterisk", lines("OPTIONS * HTTP/1.1", host), 200, false, "OPTIONS a *"},
		{"asterisk of GET", lines("GET * HTTP/1.1", host), 400, true, badTarget.Why},
		{"no slash", lines("GET x HTTP/1.1", host), 400, true, ""},
		{"two slashes", lines("GET //click?url=http://b/ HTTP/1.1", host), 200, false, "GET a /click?url=http://b/"},
		{"many slashes", lines("GET ////b/c HTTP/1.1", host), 200, false, "GET a /b/c"},
		{"only slashes", lines("GET /// HTTP/1.1", host), 200, false, `GET a / ""`},

		// Connection, RFC 9112, 9.
		{"close", lines(get, host, "Connection: close"), 200, true, ""},
		{"close in capitals", lines(get, host, "Connection: Close"), 200, true, ""},
		{"close in a list", lines(get, host, "Connection: keep-alive, close"), 200, true, ""},
		{"close, then another line", lines(get, host, "Connection: close", "Connection: keep-alive"), 200, true, ""},
		{"HTTP/1.0", lines("GET / HTTP/1.0", host), 200, true, ""},
		{"HTTP/1.0, kept alive", lines("GET / HTTP/1.0", host, "Connection: keep-alive"), 200, false, ""},

		// Sizes.
		{"request line too long", lines("GET /"+long+" HTTP/1.1", host), 431, true, "too large"},
		{"header too long", lines(get, host, "X: "+long), 431, true, "too large"},
		{"as many lines as allowed", lines(append([]string{get, host}, many[1:]...)...), 200, false, ""},
		{"one line too many", lines(append([]string{get, host}, many...)...), 431, true, tooManyLines.Why},
		{"header bomb", lines(get, host, strings.Repeat("a:\r\n", 3900)+"b:"), 431, true, tooManyLines.Why},
		{"largest body", lines(post, host, "Content-Length: 1000") + strings.Repeat("x", 1000), 200, false, ""},
		{"body too large", lines(post, host, "Content-Length: 1001") + strings.Repeat("x", 1001), 413, true, "too large"},
		{"body too large, not sent", lines(post, host, "Content-Length: 9999999999"), 413, true, "too large"},
		{"chunks too large", lines(post, host, "Transfer-Encoding: chunked") + "3e9\r\n" + strings.Repeat("x", 1001) + "\r\n0\r\n\r\n", 413, true, "too large"},

		// Expect, RFC 9110, 10.1.1.
		{"expect", lines(post, host, "Expect: 100-continue", "Content-Length: 3") + "abc", 200, false, `"abc"`},
		{"expect, body too large", lines(post, host, "Expect: 100-continue", "Content-Length: 1001"), 413, true, ""},
		{"expect, doubtful framing", lines(post, host, "Expect: 100-continue", "Content-Length: 3", "Transfer-Encoding: chunked"), 400, true, ""},
		{"expect in HTTP/1.0", lines("POST / HTTP/1.0", host, "Expect: 100-continue", "Content-Length: 3", "Connection: keep-alive") + "abc", 200, false, `"abc"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPeer(t, inMemory(t, settings())())
			p.send(tc.raw)
			status, body := p.answer()
			if status != tc.status || !strings.Contains(body, tc.body) {
				t.Errorf("%.300q is answered %d %q, want %d and %q", tc.raw, status, body, tc.status, tc.body)
			}
			if closed := p.closed(); closed != tc.close {
				t.Errorf("%.300q: connection closed %v, want %v", tc.raw, closed, tc.close)
			}
		})
	}
}
