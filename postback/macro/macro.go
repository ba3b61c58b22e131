// Package macro fills the templates of outgoing calls: URLs, bodies and header
// values in which names in braces stand for what an event row tells.
//
// A macro is a name in braces (see Names); {param:NAME} stands for an extra
// parameter of the request, and {raw:...} writes either of them unencoded.
// Braces that hold no name are ordinary bytes, so that JSON can be written
// down as it is; a name that is not known is a mistake, for it would lose every
// call in silence.
package macro

import (
	"errors"
	"fmt"
	"mime"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Limits of what a template and what is made of it may be long, in bytes.
const (
	MaxURL    = 4 << 10
	MaxHeader = 4 << 10
	MaxBody   = 64 << 10
	// MaxFilledURL bounds a URL whose macros are filled: servers take no more.
	MaxFilledURL = 16 << 10
	// MaxFilled bounds a filled body or header value.
	MaxFilled = 256 << 10
)

// Use says for whom a template is, and with that which macros it may have.
type Use uint8

// The uses.
const (
	// ForNetwork is a template of the network's own people.
	ForNetwork Use = iota
	// ForPublisher is one that a publisher made: what the advertiser
	// pays and who he is are none of its business.
	ForPublisher
	// ForPlatform is a report to the platform behind an integration,
	// whose key it may hold.
	ForPlatform
)

// Template is a text with macros, compiled. It is immutable and serves any
// number of goroutines.
type Template struct {
	parts  []part
	limit  int
	secret bool // a macro's value must not be shown
	status bool // a macro tells the status
}

// part is a stretch of a template: literal text, or a value where macro or
// param is set.
type part struct {
	text  string
	macro *macro
	param string // NAME of {param:NAME}
	write writer
	path  bool // the value stands in the path of a URL
}

// URL compiles the template of a URL. Scheme, host and port must be written
// out: no value can reach them. Values are percent-encoded.
func URL(raw string, use Use) (*Template, error) {
	if err := checkURL(raw); err != nil {
		return nil, err
	}
	head, _, _ := strings.Cut(raw, "#") // a fragment is never sent
	path, query, hasQuery := strings.Cut(head, "?")
	s := scanner{use: use, write: percent, raw: rawPath, path: true}
	if err := s.scan(path); err != nil {
		return nil, err
	}
	if hasQuery {
		s.write, s.raw, s.path, s.base = percent, rawQuery, false, len(path)
		if err := s.scan("?" + query); err != nil {
			return nil, err
		}
	}
	t := s.template(MaxFilledURL)
	return t, t.checkFilled()
}

// checkFilled lets the parser of requests read the URL.
func (t *Template) checkFilled() error {
	for i := range t.parts {
		t.parts[i].text = string(appendLiteral(nil, t.parts[i].text))
	}
	filled, _, err := t.Fill(&Values{})
	if err == nil {
		_, err = url.Parse(filled)
	}
	if broken, ok := errors.AsType[*url.Error](err); ok {
		err = broken.Err
	}
	return err
}

// Header compiles the template of a header's value. Control characters of
// values become spaces, so that no value ends the header.
func Header(raw string, use Use) (*Template, error) {
	if len(raw) > MaxHeader {
		return nil, fmt.Errorf("header value of %d bytes: allowed are %d", len(raw), MaxHeader)
	}
	for i := range len(raw) {
		if isControl(raw[i]) && raw[i] != '\t' {
			return nil, fmt.Errorf("byte %#02x at offset %d: a header value has no line breaks and control characters", raw[i], i)
		}
	}
	s := scanner{use: use, write: headerText, raw: headerText}
	if err := s.scan(raw); err != nil {
		return nil, err
	}
	return s.template(MaxFilled), nil
}

// Body compiles the template of a body. Values are written as its type
// demands: escaped for a JSON string or for XML, percent-encoded in a form, as
// they are in any other type. An empty type is a form.
func Body(raw, contentType string, use Use) (*Template, error) {
	if len(raw) > MaxBody {
		return nil, fmt.Errorf("body of %d bytes: allowed are %d", len(raw), MaxBody)
	}
	s := scanner{use: use, write: writerOf(contentType), raw: asIs}
	if err := s.scan(raw); err != nil {
		return nil, err
	}
	return s.template(MaxFilled), nil
}

// writerOf is how values are written into a body of a content type.
func writerOf(contentType string) writer {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = strings.ToLower(strings.TrimSpace(contentType))
	}
	switch {
	case kind == "" || kind == "application/x-www-form-urlencoded":
		return percent
	case strings.HasSuffix(kind, "/json") || strings.HasSuffix(kind, "+json"):
		return jsonText
	case strings.HasSuffix(kind, "/xml") || strings.HasSuffix(kind, "+xml"):
		return xmlText
	}
	return asIs
}

// TellsStatus tells whether what is written depends on the event's status.
func (t *Template) TellsStatus() bool { return t.status }

// errTooLong says that values made a text longer than it may be.
var errTooLong = errors.New("longer than allowed once its macros are filled")

// Fill writes the template with v's values. shown is the same text with *** in
// the place of secrets, for logs and people. An error says that it became too
// long.
func (t *Template) Fill(v *Values) (text, shown string, err error) {
	buf := t.append(nil, v, false)
	if len(buf) > t.limit {
		return "", "", fmt.Errorf("%d bytes, allowed are %d: %w", len(buf), t.limit, errTooLong)
	}
	text = string(buf)
	if !t.secret {
		return text, text, nil
	}
	return text, string(t.append(buf[:0], v, true)), nil
}

// masked stands for a secret.
const masked = "***"

func (t *Template) append(dst []byte, v *Values, mask bool) []byte {
	for i := range t.parts {
		p := &t.parts[i]
		switch {
		case p.param != "":
			dst = p.appendValue(dst, v.param(p.param))
		case p.macro == nil:
			dst = append(dst, p.text...)
		case p.macro.Secret && mask:
			dst = append(dst, masked...)
		default:
			dst = p.appendValue(dst, p.macro.value(v))
		}
	}
	return dst
}

// appendValue appends a value. In a path one that consists of dots is left
// out: no encoding keeps a server from climbing by it.
func (p *part) appendValue(dst []byte, value string) []byte {
	if p.path && (value == "." || value == "..") {
		return dst
	}
	return p.write(dst, value)
}

// checkURL checks what does not depend on macros.
func checkURL(raw string) error {
	if len(raw) > MaxURL {
		return fmt.Errorf("URL of %d bytes: allowed are %d", len(raw), MaxURL)
	}
	for i := range len(raw) {
		if isControl(raw[i]) || raw[i] == ' ' {
			return fmt.Errorf("byte %#02x at offset %d: spaces and control characters must be percent-encoded", raw[i], i)
		}
	}
	scheme, rest, found := strings.Cut(raw, "://")
	if lower := strings.ToLower(scheme); !found || lower != "http" && lower != "https" {
		return fmt.Errorf("URL %q does not begin with http:// or https://", shorten(raw))
	}
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	switch {
	case strings.ContainsAny(authority, "{}"):
		return fmt.Errorf("macro in %q: host and port must be written out", shorten(authority))
	case strings.Contains(authority, "@"):
		return errors.New("user name or password before the host: none is allowed; use a header")
	}
	return checkOrigin(scheme, authority)
}

// checkOrigin asks the parser that will read the URL.
func checkOrigin(scheme, authority string) error {
	u, err := url.Parse(scheme + "://" + authority + "/")
	if err != nil || u.Hostname() == "" {
		return fmt.Errorf("%q is no host and port", shorten(authority))
	}
	if strings.HasPrefix(authority, "[") {
		if ip, err := netip.ParseAddr(u.Hostname()); err != nil || !ip.Is6() || ip.Zone() != "" {
			return fmt.Errorf("%q is no IPv6 address", shorten(u.Hostname()))
		}
	}
	if port := u.Port(); port != "" || strings.HasSuffix(authority, ":") {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return fmt.Errorf("port %q: allowed are 1 to 65535", port)
		}
	}
	return nil
}

// shorten keeps messages short whatever they are about.
func shorten(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
