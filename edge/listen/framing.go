package listen

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// maxHeaderLines bounds the headers of a request. A browser behind a CDN sends
// about forty.
const maxHeaderLines = 100

// Refusal is why a request is not served. Refusals are compared by identity.
type Refusal struct {
	Status int    // the HTTP status of the answer
	Why    string // its body
}

// Error implements error.
func (r *Refusal) Error() string { return r.Why }

// What fasthttp lets through and RFC 9110 and 9112 forbid, or leave to us.
var (
	badVersion    = &Refusal{fasthttp.StatusHTTPVersionNotSupported, "only HTTP/1.0 and HTTP/1.1 are spoken here"}
	badMethod     = &Refusal{fasthttp.StatusNotImplemented, "CONNECT is not served here"}
	badTarget     = &Refusal{fasthttp.StatusBadRequest, "request target is neither a path nor an http URL"}
	badHost       = &Refusal{fasthttp.StatusBadRequest, "invalid Host"}
	otherHost     = &Refusal{fasthttp.StatusBadRequest, "Host differs from the host of the request target"}
	bareLF        = &Refusal{fasthttp.StatusBadRequest, "header line does not end in CRLF"}
	foldedLine    = &Refusal{fasthttp.StatusBadRequest, "header line is folded"}
	badName       = &Refusal{fasthttp.StatusBadRequest, "header name is not a token"}
	twoLengths    = &Refusal{fasthttp.StatusBadRequest, "both Content-Length and Transfer-Encoding"}
	badLength     = &Refusal{fasthttp.StatusBadRequest, "Content-Length is not one number"}
	badCoding     = &Refusal{fasthttp.StatusBadRequest, "Transfer-Encoding is not chunked"}
	tooManyLines  = &Refusal{fasthttp.StatusRequestHeaderFieldsTooLarge, "too many header lines"}
	trailerFields = &Refusal{fasthttp.StatusBadRequest, "trailer fields are not accepted"}
)

// CheckFraming returns why the head of a request must not be served, or nil. It
// looks at the header lines as they came, because fasthttp's parser has by then
// dropped a Content-Length beside Transfer-Encoding, joined folded lines and
// accepted spaces in names. h must have been read by fasthttp, which has refused
// control bytes and the like.
//
// Two leniencies of fasthttp remain, both allowed by RFC 9112, 2.2: empty lines
// before the request line, and a bare LF at its end.
func CheckFraming(h *fasthttp.RequestHeader) *Refusal {
	_, refusal := readHead(h)
	return refusal
}

// readHead checks the head and returns what its lines say about the message.
func readHead(h *fasthttp.RequestHeader) (head, *Refusal) {
	if v := h.Protocol(); string(v) != "HTTP/1.1" && string(v) != "HTTP/1.0" {
		return head{}, badVersion
	}
	if h.IsConnect() {
		return head{}, badMethod
	}
	m, refusal := readLines(h.RawHeaders())
	if refusal == nil {
		refusal = m.check()
	}
	if refusal == nil {
		refusal = checkTarget(h)
	}
	return m, refusal
}

// checkTarget: the target is a path, "*" for OPTIONS, or an absolute http URL
// whose host is that of Host. RFC 9112, 3.2.2 would have us prefer the URL's
// host, but two hosts in a request mean that somebody before us saw the other.
func checkTarget(h *fasthttp.RequestHeader) *Refusal {
	target, host := h.RequestURI(), h.Host()
	if len(host) > 0 && !validHost(host) {
		return badHost
	}
	if target[0] == '/' {
		return nil
	}
	if len(target) == 1 && target[0] == '*' && h.IsOptions() {
		return nil
	}
	authority, ok := cutAuthority(target)
	switch {
	case !ok:
		return badTarget
	case !validHost(authority):
		return badHost
	case len(host) > 0 && !bytes.EqualFold(host, authority):
		return otherHost
	}
	return nil
}

// cutAuthority returns the host and port of an absolute http or https URL.
func cutAuthority(target []byte) (authority []byte, ok bool) {
	scheme, rest, found := bytes.Cut(target, []byte("://"))
	if !found || !bytes.EqualFold(scheme, []byte("http")) && !bytes.EqualFold(scheme, []byte("https")) {
		return nil, false
	}
	if end := bytes.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return rest, true
}

// validHost accepts names, IPv4 and bracketed IPv6 addresses with an optional
// port. Userinfo, escapes and raw UTF-8 have no place in the name of a site.
func validHost(host []byte) bool {
	name, port := host, []byte(nil)
	if i := bytes.LastIndexByte(host, ':'); i >= 0 && bytes.IndexByte(host[i:], ']') < 0 {
		name, port = host[:i], host[i+1:]
	}
	if len(port) > 5 || !all(port, isDigit) || len(name) == 0 || len(host) > 261 {
		return false
	}
	if name[0] == '[' {
		return len(name) > 3 && name[len(name)-1] == ']' && all(name[1:len(name)-1], isIPv6Byte)
	}
	return all(name, isHostByte)
}

func all(b []byte, is func(byte) bool) bool {
	for _, c := range b {
		if !is(c) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isHostByte(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '-' || c == '.' || c == '_'
}

func isIPv6Byte(c byte) bool {
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' || c == ':' || c == '.'
}
